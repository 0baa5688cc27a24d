/** How known senders sign: other services. */
import type { HmacScheme } from './hmac-scheme.ts'
import { base64, hex, timeInHeader } from './presets-shared.ts'

export const services = {
  sentry: {
    ...hex,
    header: 'sentry-hook-signature',
    key: { header: 'request-id' },
    event: { header: 'sentry-hook-resource' },
  },
  pagerduty: {
    ...hex,
    header: 'x-pagerduty-signature',
    prefix: 'v1=',
    separator: ',',
    key: { body: 'event.id' },
    event: { body: 'event.event_type' },
  },
  /** https://www.typeform.com/developers/webhooks/secure-your-webhooks/ */
  typeform: {
    ...base64,
    header: 'typeform-signature',
    prefix: 'sha256=',
    key: { body: 'event_id' },
    event: { body: 'event_type' },
  },
  /** https://developers.intercom.com/docs/webhooks/webhook-notifications: SHA-1 is all that Intercom offers. */
  intercom: {
    header: 'x-hub-signature',
    algorithm: 'sha1',
    encoding: 'hex',
    prefix: 'sha1=',
    key: { body: 'id' },
    event: { body: 'topic' },
    ignore: [{ event: 'ping', because: 'a test of the connection' }],
  },
  /** https://developers.notion.com/reference/webhooks */
  notion: {
    ...hex,
    header: 'x-notion-signature',
    prefix: 'sha256=',
    key: { body: 'id' },
    event: { body: 'type' },
    handshake: [{ copy: { body: 'verification_token' } }],
  },
  /** https://developer.calendly.com/api-docs/4c305798a61d3-webhook-signatures */
  calendly: { ...timeInHeader, header: 'calendly-webhook-signature', key: 'body', event: { body: 'event' } },
  /** https://developers.docusign.com/platform/webhooks/connect/hmac/: one header for each of up to 100 keys. */
  docusign: {
    ...base64,
    header: Array.from({ length: 100 }, (_, at) => `x-docusign-signature-${at + 1}`),
    // `retryCount` in the body differs from attempt to attempt.
    key: { body: ['event', 'data.envelopeId', 'generatedDateTime'] },
    event: { body: 'event' },
  },
  /** https://elevenlabs.io/docs/product-guides/administration/webhooks */
  elevenlabs: {
    ...timeInHeader,
    header: 'elevenlabs-signature',
    prefix: 'v0=',
    timestamp: { part: 't=', tolerance: 1800 },
    key: 'body',
    event: { body: 'type' },
  },
  /** https://airtable.com/developers/web/api/webhooks-overview: a ping without content. Its time in the body tells two pings apart. */
  airtable: {
    accepted: 200,
    ...hex,
    header: 'x-airtable-content-mac',
    prefix: 'hmac-sha256=',
    secret: 'base64',
    key: 'body',
  },
  /** https://developers.zoom.us/docs/api/webhooks/ */
  zoom: {
    accepted: 200,
    ...hex,
    header: 'x-zm-signature',
    prefix: 'v0=',
    signed: 'v0:{timestamp}:{body}',
    timestamp: { header: 'x-zm-request-timestamp' },
    key: 'body',
    event: { body: 'event' },
    handshake: [
      { if: { event: 'endpoint.url_validation' }, sign: { body: 'payload.plainToken', as: 'encryptedToken' } },
    ],
  },
  /** https://docs.slack.dev/apis/events-api/ */
  'slack-events': {
    ...hex,
    header: 'x-slack-signature',
    prefix: 'v0=',
    signed: 'v0:{timestamp}:{body}',
    timestamp: { header: 'x-slack-request-timestamp' },
    key: { body: 'event_id' },
    event: { body: 'event.type' },
    handshake: [{ if: { type: 'url_verification' }, echo: { body: 'challenge' }, signed: true }],
  },
  /** https://developer.zendesk.com/documentation/webhooks/verifying/ */
  zendesk: {
    ...base64,
    header: 'x-zendesk-webhook-signature',
    signed: '{timestamp}{body}',
    timestamp: { header: 'x-zendesk-webhook-signature-timestamp', unit: 'date' },
    key: { header: 'x-zendesk-webhook-invocation-id' },
    event: { body: 'type' },
  },
  /** https://developer.box.com/guides/webhooks/v2/signatures-v2/ */
  box: {
    ...base64,
    header: ['box-signature-primary', 'box-signature-secondary'],
    signed: '{body}{timestamp}',
    timestamp: { header: 'box-delivery-timestamp', unit: 'date', tolerance: 600 },
    key: { body: 'id' },
    event: { body: 'trigger' },
  },
  /** https://www.sanity.io/docs/compute-and-ai/webhooks */
  sanity: {
    header: 'sanity-webhook-signature',
    algorithm: 'sha256',
    encoding: 'base64url',
    prefix: 'v1=',
    separator: ',',
    signed: '{timestamp}.{body}',
    timestamp: { part: 't=', unit: 'ms' },
    key: { header: 'idempotency-key' },
    event: { header: 'sanity-operation' },
  },
  /** https://discord.com/developers/docs/events/webhook-events and /interactions/overview: a public key. */
  discord: {
    header: 'x-signature-ed25519',
    algorithm: 'ed25519',
    encoding: 'hex',
    signed: '{timestamp}{body}',
    timestamp: { header: 'x-signature-timestamp' },
    secret: 'hex',
    key: 'body',
    event: { body: 'event.type' },
    handshake: [
      { if: { type: 0 }, reply: null },
      { if: { type: 1, event: null }, reply: { type: 1 } },
    ],
  },
  /** https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/ */
  grafana: { ...hex, header: 'x-grafana-alerting-signature', key: 'body', event: { body: 'status' } },
  /** https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation: v3. */
  hubspot: {
    ...base64,
    header: 'x-hubspot-signature-v3',
    signed: '{method}{url}{body}{timestamp}',
    timestamp: { header: 'x-hubspot-request-timestamp', unit: 'ms' },
    each: '.',
    // The id alone is not unique: https://developers.hubspot.com/docs/api-reference/legacy/webhooks/guide
    key: { body: ['eventId', 'subscriptionId', 'occurredAt', 'objectId'] },
    event: { body: 'subscriptionType' },
  },
  /** https://www.contentful.com/developers/docs/webhooks/request-verification/: with the two headers that Contentful always signs. */
  contentful: {
    ...hex,
    header: 'x-contentful-signature',
    signed:
      '{method}\n{path}\nx-contentful-signed-headers:{header:x-contentful-signed-headers};x-contentful-timestamp:{timestamp}\n{body}',
    timestamp: { header: 'x-contentful-timestamp', unit: 'ms' },
    key: { header: 'x-contentful-idempotency-key' },
    event: { header: 'x-contentful-topic' },
  },
} as const satisfies Record<string, HmacScheme>
