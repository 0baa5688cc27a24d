/** Hook0, with which Coinbase CDP sends: v1 signs the headers that it names, v0 only the time and the body. */
import { mac } from '../../../../support/sign.ts'
import { body, by, note, text } from '../packages.ts'
import type { Attempt, Sender, Sent } from '../recorder.ts'

/** @param require loads a package from the folder in which they are installed */
export function hook0(require: NodeJS.Require): readonly Sender[] {
  const { verifyWebhookSignature: verify } = require('hook0-client')
  const scheme = {
    header: 'x-hook0-signature',
    algorithm: 'sha256',
    encoding: 'hex',
    separator: ',',
    timestamp: { part: 't=' },
  } as const
  const sent = ({ id, seconds }: Attempt, headersOf: (content: string) => string): Sent => {
    const content = body({ type: 'onchain.activity.detected', data: { note } })
    return {
      headers: {
        'x-hook0-signature': `t=${seconds},${headersOf(content)}`,
        'x-event-id': `7b1b8a52-0c8f-4b8c-9f3d-6d5c2a1b${id}`,
        'x-event-type': 'onchain.activity.detected',
      },
      body: content,
    }
  }
  const confirm = ({ headers, body: content }: Sent) =>
    verify(headers['x-hook0-signature'], content, new Headers(headers), text, 300)
  return [
    {
      name: 'Hook0',
      event: 'onchain.activity.detected',
      by: by('hook0-client'),
      how: 'signed by its rule over the header x-event-id, confirmed by verifyWebhookSignature',
      scheme: { ...scheme, prefix: 'v1=', signed: '{timestamp}.x-event-id.{id}.{body}', id: 'x-event-id' },
      source: { event: { body: 'type' } },
      secret: text,
      send: (attempt) =>
        sent(attempt, (content) => {
          const id = `7b1b8a52-0c8f-4b8c-9f3d-6d5c2a1b${attempt.id}`
          return `h=x-event-id,v1=${mac({ key: text }, `${attempt.seconds}.x-event-id.${id}.`, content)}`
        }),
      confirm,
    },
    {
      name: 'Coinbase CDP',
      event: 'onchain.activity.detected',
      by: by('hook0-client'),
      how: 'signed by the rule of version 0 of Hook0, confirmed by verifyWebhookSignature',
      scheme: { ...scheme, prefix: 'v0=', signed: '{timestamp}.{body}', key: { header: 'x-event-id' } },
      source: { event: { body: 'type' } },
      secret: text,
      send: (attempt) => sent(attempt, (content) => `v0=${mac({ key: text }, `${attempt.seconds}.`, content)}`),
      confirm,
    },
  ]
}
