/** Senders that write the time or the signature in another way. */
import { mac } from '../../../../support/sign.ts'
import { body, by, note, text } from '../packages.ts'
import type { Sender } from '../recorder.ts'

/** @param require loads a package from the folder in which they are installed */
export function otherTimes(require: NodeJS.Require): readonly Sender[] {
  const sanity = require('@sanity/webhook')
  const { WebhooksManager } = require('box-node-sdk/managers/webhooks')
  return [
    {
      name: 'Sanity',
      event: 'update',
      by: by('@sanity/webhook'),
      how: 'made by encodeSignatureHeader, confirmed by isValidSignature',
      scheme: 'sanity',
      secret: text,
      send: async ({ id, ms }) => {
        const sent = body({ _id: 'post-1', title: note })
        return {
          headers: {
            'sanity-webhook-signature': await sanity.encodeSignatureHeader(sent, ms, text),
            'sanity-operation': 'update',
            'idempotency-key': `key-${id}`,
          },
          body: sent,
        }
      },
      confirm: (sent) => sanity.isValidSignature(sent.body, sent.headers['sanity-webhook-signature'], text),
    },
    {
      name: 'Box',
      event: 'FILE.UPLOADED',
      by: by('box-node-sdk'),
      how: 'signed by its rule, confirmed by WebhooksManager.validateMessage',
      scheme: 'box',
      secret: text,
      send: ({ id, number, ms }) => {
        const time = new Date(ms - 8 * 3_600_000).toISOString().replace('.000Z', '-08:00')
        const sent = body({
          type: 'webhook_event',
          id: `eb0c4e06-751f-442c-86f8-fd5bb404${id}`,
          trigger: 'FILE.UPLOADED',
          source: { name: note },
        })
        const signature = (key: string) => mac({ key, encoding: 'base64' }, sent, time)
        return {
          headers: {
            'box-delivery-id': `f96bb54b-ee16-4fc5-aa65-8c2d9e5b${id}-${number}`,
            'box-delivery-timestamp': time,
            'box-signature-primary': signature(text),
            'box-signature-secondary': signature('another secret'),
            'box-signature-version': '1',
            'box-signature-algorithm': 'HmacSHA256',
          },
          body: sent,
        }
      },
      confirm: ({ headers, body: sent }) => WebhooksManager.validateMessage(sent, headers, text),
    },
  ]
}
