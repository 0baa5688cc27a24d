/** Senders that put several events into one request: here one each. */
import { mac } from '../../../../support/sign.ts'
import { address, body, by, note, text } from '../packages.ts'
import type { Sender } from '../recorder.ts'

/** @param require loads a package from the folder in which they are installed */
export function batches(require: NodeJS.Require): readonly Sender[] {
  const { parse } = require('gocardless-nodejs/webhooks')
  const { signatureHelper } = require('@kontent-ai/webhook-helper')
  const Pusher = require('pusher')
  const { Signature } = require('@hubspot/api-client')
  const pusher = new Pusher({ appId: '1', key: 'made-up', secret: text, cluster: 'eu' })
  return [
    {
      name: 'GoCardless',
      event: 'paid_out',
      by: by('gocardless-nodejs'),
      how: 'signed by its rule, confirmed by webhooks.parse',
      scheme: 'gocardless',
      secret: text,
      send: ({ id }) => {
        const one = { id: `EV${id}`, action: 'paid_out', resource_type: 'payments', details: { description: note } }
        const sent = body({ events: [one], meta: { webhook_id: `WB${id}` } })
        return { headers: { 'webhook-signature': mac({ key: text }, sent) }, body: sent }
      },
      confirm: (sent) => parse(sent.body, text, sent.headers['webhook-signature']),
    },
    {
      name: 'HubSpot',
      event: 'contact.propertyChange',
      by: by('@hubspot/api-client'),
      how: 'made by Signature.getSignature, confirmed by Signature.isValid, version 3',
      scheme: 'hubspot',
      secret: text,
      send: ({ id, number, ms }) => {
        const one = {
          eventId: Number(id),
          subscriptionId: 2_187_301,
          portalId: 44_714_413,
          occurredAt: 1_772_359_100_000,
          subscriptionType: 'contact.propertyChange',
          attemptNumber: number,
          objectId: 123,
          propertyValue: note,
        }
        const sent = body([one])
        const options = { url: address('hubspot'), requestBody: sent, timestamp: ms, clientSecret: text }
        return {
          headers: {
            'x-hubspot-signature-v3': Signature.getSignature('POST', 'v3', options),
            'x-hubspot-request-timestamp': String(ms),
          },
          body: sent,
        }
      },
      confirm: (sent, { ms }) =>
        Signature.isValid({
          method: 'POST',
          signatureVersion: 'v3',
          url: address('hubspot'),
          requestBody: sent.body,
          timestamp: ms,
          clientSecret: text,
          signature: sent.headers['x-hubspot-signature-v3'],
        }),
    },
    {
      name: 'Kontent.ai',
      event: 'published',
      by: by('@kontent-ai/webhook-helper'),
      how: 'made by signatureHelper.getHashFromString, confirmed by signatureHelper.isValidSignatureFromString',
      scheme: { header: 'x-kontent-ai-signature', algorithm: 'sha256', encoding: 'base64', key: 'body' },
      source: { each: 'notifications', event: { body: 'message.action' } },
      secret: text,
      send: ({ id }) => {
        const system = {
          id: `d4dc5f3a-6b7f-4f3b-9a5b-2b8d2c1f${id}`,
          name: note,
          last_modified: '2026-03-01T10:00:00Z',
        }
        const one = { data: { system }, message: { object_type: 'content_item', action: 'published' } }
        const sent = body({ notifications: [one] })
        return { headers: { 'x-kontent-ai-signature': signatureHelper.getHashFromString(sent, text) }, body: sent }
      },
      confirm: (sent) =>
        signatureHelper.isValidSignatureFromString(sent.body, text, sent.headers['x-kontent-ai-signature']),
    },
    {
      name: 'Pusher',
      event: 'channel_occupied',
      by: by('pusher'),
      how: 'signed by its rule, confirmed by webhook().isValid',
      // One run for a whole request: its events have neither an id nor a time, so two of them may be equal.
      scheme: { header: 'x-pusher-signature', algorithm: 'sha256', encoding: 'hex', key: 'body' },
      source: { event: { body: 'events.0.name' } },
      secret: text,
      send: ({ id }) => {
        const sent = body({
          time_ms: 1_772_359_000_000 + Number(id),
          events: [{ name: 'channel_occupied', channel: note }],
        })
        return {
          headers: {
            'x-pusher-key': 'made-up',
            'x-pusher-signature': mac({ key: text }, sent),
            'content-type': 'application/json',
          },
          body: sent,
        }
      },
      confirm: ({ headers, body: rawBody }) => pusher.webhook({ headers, rawBody }).isValid(),
    },
  ]
}
