/** Requests of three events, of which the second has a value of the wrong type. */
import { mac } from '../../../support/sign.ts'
import { address, by, note, text } from './packages.ts'
import type { Sender } from './recorder.ts'

/** @param require loads a package from the folder in which they are installed */
export function batchSenders(require: NodeJS.Require): readonly Sender[] {
  const { parse } = require('gocardless-nodejs/webhooks')
  const { signatureHelper } = require('@kontent-ai/webhook-helper')
  const { Signature } = require('@hubspot/api-client')
  const hubspot = { url: address('hubspot'), clientSecret: text }
  return [
    {
      name: 'GoCardless',
      by: by('gocardless-nodejs'),
      how: 'signed by its rule, confirmed by webhooks.parse',
      scheme: 'gocardless',
      secret: text,
      send: ({ id }) => {
        const events = ['PM001', ['PM002'], 'PM003'].map((payment, at) => ({
          id: `EV${id}${at}`,
          created_at: '2026-03-01T10:00:00.000Z',
          action: 'paid_out',
          resource_type: 'payments',
          links: { payment },
          details: { description: note },
        }))
        const body = JSON.stringify({ events, meta: { webhook_id: `WB${id}` } })
        return { headers: { 'webhook-signature': mac({ key: text }, body) }, body }
      },
      confirm: (sent) => parse(sent.body, text, sent.headers['webhook-signature']).length === 3,
    },
    {
      name: 'HubSpot',
      by: by('@hubspot/api-client'),
      how: 'made by Signature.getSignature, confirmed by Signature.isValid, version 3',
      scheme: 'hubspot',
      secret: text,
      send: ({ id, number, ms }) => {
        const events = [101, 'one hundred and two', 103].map((objectId, at) => ({
          eventId: Number(id) * 10 + at,
          subscriptionId: 2_187_301,
          portalId: 44_714_413,
          occurredAt: 1_772_359_100_000,
          subscriptionType: 'contact.propertyChange',
          attemptNumber: number,
          objectId,
          propertyValue: note,
        }))
        const body = JSON.stringify(events)
        const signature = Signature.getSignature('POST', 'v3', { ...hubspot, requestBody: body, timestamp: ms })
        return { headers: { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': String(ms) }, body }
      },
      confirm: ({ headers, body: requestBody }, { ms }) =>
        Signature.isValid({
          ...hubspot,
          ...{ method: 'POST', signatureVersion: 'v3', requestBody, timestamp: ms },
          signature: headers['x-hubspot-signature-v3'],
        }),
    },
    {
      name: 'Kontent.ai',
      by: by('@kontent-ai/webhook-helper'),
      how: 'made by signatureHelper.getHashFromString, confirmed by signatureHelper.isValidSignatureFromString',
      scheme: { header: 'x-kontent-ai-signature', algorithm: 'sha256', encoding: 'base64', key: 'body' },
      source: { each: 'notifications', event: { body: 'message.action' } },
      secret: text,
      send: ({ id }) => {
        const notifications = [`item-${id}-1`, [`item-${id}-2`], `item-${id}-3`].map((item) => ({
          data: { system: { id: item, name: note, last_modified: `2026-03-01T10:00:00.${id.slice(-3)}Z` } },
          message: { object_type: 'content_item', action: 'published' },
        }))
        const body = JSON.stringify({ notifications })
        return { headers: { 'x-kontent-ai-signature': signatureHelper.getHashFromString(body, text) }, body }
      },
      confirm: ({ headers, body }) =>
        signatureHelper.isValidSignatureFromString(body, text, headers['x-kontent-ai-signature']),
    },
  ]
}
