/** Senders that sign nothing but the body. */
import { mac } from '../../../../support/sign.ts'
import { body, by, note, text } from '../packages.ts'
import type { Sender } from '../recorder.ts'

/** @param require loads a package from the folder in which they are installed */
export function signedBody(require: NodeJS.Require): readonly Sender[] {
  // Its exports are for `import` only, so it is required by its path.
  const { verify, sign: signGitHub } = require('./node_modules/@octokit/webhooks-methods/dist-node/index.js')
  const razorpay = require('razorpay')
  const notion = require('@notionhq/client')
  const { Webhook: commerce } = require('coinbase-commerce-node')
  const ModernTreasury = require('modern-treasury')
  const treasury = new ModernTreasury({ apiKey: 'made-up', organizationID: 'made-up', webhookKey: text })
  const { LinearWebhookClient } = require('@linear/sdk/webhooks')
  const { hmacValidator: AdyenValidator } = require('@adyen/api-library')
  const hexSecret = Buffer.from('a key of thirty-two bytes, no more').toString('hex')
  return [
    {
      name: 'GitHub',
      event: 'issues',
      by: by('@octokit/webhooks-methods'),
      how: 'made by sign, confirmed by verify',
      scheme: 'github',
      secret: text,
      send: async ({ id }) => {
        const sent = body({ action: 'opened', issue: { title: note } })
        return {
          headers: {
            'x-hub-signature-256': await signGitHub(text, sent),
            'x-github-event': 'issues',
            'x-github-delivery': `0b989ba4-242f-11e5-81e1-c7b6966d${id}`,
          },
          body: sent,
        }
      },
      confirm: (sent) => verify(text, sent.body, sent.headers['x-hub-signature-256']),
    },
    {
      name: 'Razorpay',
      event: 'payment.captured',
      by: by('razorpay'),
      how: 'signed by its rule, confirmed by validateWebhookSignature',
      scheme: 'razorpay',
      secret: text,
      send: ({ id }) => {
        const sent = body({ entity: 'event', event: 'payment.captured', payload: { note } })
        return {
          headers: { 'x-razorpay-signature': mac({ key: text }, sent), 'x-razorpay-event-id': `evt_${id}` },
          body: sent,
        }
      },
      confirm: (sent) => razorpay.validateWebhookSignature(sent.body, sent.headers['x-razorpay-signature'], text),
    },
    {
      name: 'Notion',
      event: 'page.created',
      by: by('@notionhq/client'),
      how: 'made by signWebhookPayload, confirmed by verifyWebhookSignature',
      scheme: 'notion',
      secret: 'secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl',
      send: async ({ id, number }) => {
        const verificationToken = 'secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl'
        const sent = body({
          id: `367cba44-b6f3-4c92-81e7-6a2e9659${id}`,
          type: 'page.created',
          attempt_number: number + 1,
          data: { note },
        })
        return {
          headers: { 'x-notion-signature': await notion.signWebhookPayload({ body: sent, verificationToken }) },
          body: sent,
        }
      },
      confirm: (sent) =>
        notion.verifyWebhookSignature({
          body: sent.body,
          signature: sent.headers['x-notion-signature'],
          verificationToken: 'secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl',
        }),
    },
    {
      name: 'Coinbase Commerce',
      event: 'charge:confirmed',
      by: by('coinbase-commerce-node'),
      how: 'made by Webhook.computeSignature, confirmed by Webhook.verifyEventBody',
      scheme: {
        header: 'x-cc-webhook-signature',
        algorithm: 'sha256',
        encoding: 'hex',
        key: { body: 'event.id' },
      },
      source: { event: { body: 'event.type' } },
      secret: text,
      send: ({ id, number }) => {
        const sent = body({
          attempt_number: number + 1,
          event: { id: `ev-${id}`, type: 'charge:confirmed', data: { note } },
        })
        return { headers: { 'x-cc-webhook-signature': commerce.computeSignature(sent, text) }, body: sent }
      },
      confirm: (sent) => commerce.verifyEventBody(sent.body, sent.headers['x-cc-webhook-signature'], text),
    },
    {
      name: 'Modern Treasury',
      event: 'completed',
      by: by('modern-treasury'),
      how: 'made by webhooks.getSignature, confirmed by webhooks.validateSignature',
      scheme: { header: 'x-signature', algorithm: 'sha256', encoding: 'hex', key: 'body' },
      source: { event: { body: 'event' } },
      secret: text,
      send: ({ id }) => {
        const sent = body({ event: 'completed', data: { id: `po_${id}`, note } })
        return {
          headers: { 'x-signature': treasury.webhooks.getSignature(sent), 'x-topic': 'payment_order' },
          body: sent,
        }
      },
      confirm: ({ headers, body: sent }) => treasury.webhooks.validateSignature(sent, headers),
    },
    {
      name: 'Linear',
      event: 'Issue',
      by: by('@linear/sdk'),
      how: 'signed by its rule, confirmed by LinearWebhookClient.verify',
      scheme: 'linear',
      secret: text,
      send: ({ id, ms }) => {
        const sent = body({ action: 'create', type: 'Issue', data: { title: note }, webhookTimestamp: ms })
        return {
          headers: {
            'linear-signature': mac({ key: text }, sent),
            'linear-delivery': `234d1a4e-b617-4388-90fe-adc3633d${id}`,
            'linear-event': 'Issue',
            'linear-timestamp': String(ms),
          },
          body: sent,
        }
      },
      confirm: ({ headers, body: sent }) =>
        new LinearWebhookClient(text).verify(Buffer.from(sent), headers['linear-signature']),
    },
    {
      name: 'Adyen for platforms',
      event: 'balancePlatform.transfer.created',
      by: by('@adyen/api-library'),
      how: 'made by hmacValidator.calculateHmac, confirmed by hmacValidator.validateHMACSignature',
      scheme: 'adyen',
      secret: hexSecret,
      send: ({ id }) => {
        const sent = body({ type: 'balancePlatform.transfer.created', data: { id: `TR${id}`, description: note } })
        return {
          headers: { hmacsignature: new AdyenValidator().calculateHmac(sent, hexSecret), protocol: 'HmacSHA256' },
          body: sent,
        }
      },
      confirm: (sent) => new AdyenValidator().validateHMACSignature(hexSecret, sent.headers.hmacsignature, sent.body),
    },
  ]
}
