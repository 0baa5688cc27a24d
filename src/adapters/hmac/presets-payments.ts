/** How known senders sign: payment, shop and account services. */
import type { HmacScheme } from './hmac-scheme.ts'
import { base64, hex, standardWebhooks, timeInHeader } from './presets-shared.ts'

const polar = { ...standardWebhooks, header: 'webhook-signature', id: 'webhook-id' } as const

export const payments = {
  /** Unlike in Standard Webhooks, the key is the whole text `whsec_…`, not decoded from base64. */
  stripe: {
    ...timeInHeader,
    header: 'stripe-signature',
    key: { body: 'id' },
    event: { body: 'type' },
  },
  shopify: {
    ...base64,
    header: ['x-shopify-hmac-sha256', 'shopify-hmac-sha256'],
    key: {
      header: ['x-shopify-event-id', 'shopify-event-id', 'x-shopify-webhook-id', 'shopify-webhook-id'],
    },
    event: { header: ['x-shopify-topic', 'shopify-topic'] },
  },
  /** https://developer.paddle.com/webhooks/signature-verification */
  paddle: {
    accepted: 200,
    ...hex,
    header: 'paddle-signature',
    prefix: 'h1=',
    separator: ';',
    signed: '{timestamp}:{body}',
    timestamp: { part: 'ts=' },
    key: { body: 'event_id' },
    event: { body: 'event_type' },
  },
  /** https://workos.com/docs/events/data-syncing/webhooks */
  workos: {
    ...timeInHeader,
    header: 'workos-signature',
    timestamp: { part: 't=', unit: 'ms' },
    key: { body: 'id' },
    event: { body: 'event' },
  },
  /** https://www.mux.com/docs/core/verify-webhook-signatures */
  mux: { ...timeInHeader, header: 'mux-signature', key: { body: 'id' }, event: { body: 'type' } },
  /** https://developer.squareup.com/docs/webhooks/step3validate */
  square: {
    ...base64,
    header: 'x-square-hmacsha256-signature',
    signed: '{url}{body}',
    key: { body: 'event_id' },
    event: { body: 'type' },
  },
  /** https://razorpay.com/docs/webhooks/validate-test/ */
  razorpay: {
    ...hex,
    header: 'x-razorpay-signature',
    key: { header: 'x-razorpay-event-id' },
    event: { body: 'event' },
  },
  /** https://developer.gocardless.com/resources/testing-webhooks-cli/ */
  gocardless: {
    ...hex,
    header: 'webhook-signature',
    each: 'events',
    key: { body: 'id' },
    event: { body: 'action' },
  },
  /** https://polar.sh/docs/integrate/webhooks/delivery: with a secret of before 2026-09-08, the key is the whole text of the secret. */
  polar: { ...polar, or: { ...polar, secret: 'utf8' }, event: { body: 'type' } },
  /** https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures: of the platforms and the management API. */
  adyen: { ...base64, header: 'hmacsignature', secret: 'hex', key: 'body', event: { body: 'type' } },
} as const satisfies Record<string, HmacScheme>
