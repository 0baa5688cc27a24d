/** Senders that sign the address as well. */
import { mac } from '../../../../support/sign.ts'
import { address, body, by, note, text } from '../packages.ts'
import type { Sender, Sent } from '../recorder.ts'

/** @param require loads a package from the folder in which they are installed */
export function signedAddress(require: NodeJS.Require): readonly Sender[] {
  const { WebhooksHelper } = require('square')
  const { signRequest, verifyRequest } = require('@contentful/node-apps-toolkit')
  const contentfulSecret = 'a'.repeat(60).concat('b+/1')
  const path = '/contentful'
  const headers = (sent: Sent) => ({ ...sent.headers })
  return [
    {
      name: 'Square',
      event: 'payment.updated',
      by: by('square'),
      how: 'signed by its rule, confirmed by WebhooksHelper.verifySignature',
      scheme: 'square',
      secret: text,
      send: ({ id, number }) => {
        const sent = body({
          merchant_id: 'ML1',
          type: 'payment.updated',
          event_id: `6a8f5f28-54a1-4eb0-a98a-3111513f${id}`,
          data: { note },
        })
        return {
          headers: {
            'x-square-hmacsha256-signature': mac({ key: text, encoding: 'base64' }, address('square'), sent),
            ...(number > 0 && { 'square-retry-number': String(number) }),
          },
          body: sent,
        }
      },
      confirm: (sent) =>
        WebhooksHelper.verifySignature({
          requestBody: sent.body,
          signatureHeader: sent.headers['x-square-hmacsha256-signature'],
          signatureKey: text,
          notificationUrl: address('square'),
        }),
    },
    {
      name: 'Contentful',
      event: 'ContentManagement.Entry.publish',
      by: by('@contentful/node-apps-toolkit'),
      how: 'made by signRequest, confirmed by verifyRequest',
      scheme: 'contentful',
      secret: contentfulSecret,
      send: ({ id, ms }) => {
        const sent = body({ sys: { type: 'Entry', id: 'entry-1' }, fields: { title: { fr: note } } })
        return {
          headers: {
            ...signRequest(contentfulSecret, { method: 'POST', path, body: sent }, ms),
            'x-contentful-topic': 'ContentManagement.Entry.publish',
            'x-contentful-idempotency-key': `5c4aff1d45b2b9a1a6b4b1d6${id}`,
            'content-type': 'application/vnd.contentful.management.v1+json',
          },
          body: sent,
        }
      },
      confirm: (sent) =>
        verifyRequest(contentfulSecret, { method: 'POST', path, headers: headers(sent), body: sent.body }, 30),
    },
  ]
}
