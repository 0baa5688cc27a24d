/** How known senders sign, as data. test/adapters/hmac compares them with the vendors' documentation and packages. */
import type { Json } from '../../core/adapter.ts'
import type { SignatureScheme } from '../../core/http/signature-scheme.ts'
import type { EventNameLocation } from './event-name.ts'

/** Where a sender puts what stays the same in every retry. */
export type DeliveryKey =
  /** The whole body. */
  | 'body'
  /** A key of the signed JSON body, or a path with dots. */
  | { readonly body: string }
  /** A header. It is not signed, so it counts only together with the body. If a list, the first that is present. */
  | { readonly header: string | readonly string[] }

export interface HmacScheme extends SignatureScheme {
  readonly event?: EventNameLocation
  /** What stays the same in every retry. Without it, and without a signed id, a retry may start a second run. */
  readonly key?: DeliveryKey
}

const hex = { algorithm: 'sha256', encoding: 'hex' } as const

export const presets = {
  /** https://github.com/standard-webhooks/standard-webhooks: also used by Svix, Clerk, Resend, GitLab's signing token and others. */
  'standard-webhooks': {
    header: ['webhook-signature', 'svix-signature'],
    algorithm: 'sha256',
    encoding: 'base64',
    prefix: 'v1,',
    separator: ' ',
    signed: '{id}.{timestamp}.{body}',
    id: ['webhook-id', 'svix-id'],
    timestamp: { header: ['webhook-timestamp', 'svix-timestamp'] },
    secret: 'whsec',
    event: { body: 'type' },
  },
  github: {
    ...hex,
    header: 'x-hub-signature-256',
    prefix: 'sha256=',
    key: { header: 'x-github-delivery' },
    event: { header: 'x-github-event' },
  },
  /** GitLab sends the secret itself and no signature. If GitLab has a signing token, use `standard-webhooks`. */
  gitlab: {
    header: 'x-gitlab-token',
    algorithm: 'token',
    encoding: 'hex',
    key: { header: 'idempotency-key' },
    event: { body: 'object_kind' },
  },
  /** The header has the name of GitHub's old SHA-1 header, but its value is SHA-256. */
  bitbucket: {
    ...hex,
    header: 'x-hub-signature',
    prefix: 'sha256=',
    key: { header: 'x-request-uuid' },
    event: { header: 'x-event-key' },
  },
  gitea: {
    ...hex,
    header: ['x-gitea-signature', 'x-forgejo-signature'],
    key: { header: ['x-gitea-delivery', 'x-forgejo-delivery'] },
    event: { header: 'x-gitea-event' },
  },
  /** Unlike in Standard Webhooks, the key is the whole text `whsec_…`, not decoded from base64. */
  stripe: {
    ...hex,
    header: 'stripe-signature',
    prefix: 'v1=',
    separator: ',',
    signed: '{timestamp}.{body}',
    timestamp: { part: 't=' },
    key: { body: 'id' },
    event: { body: 'type' },
  },
  shopify: {
    header: 'x-shopify-hmac-sha256',
    algorithm: 'sha256',
    encoding: 'base64',
    key: { header: ['x-shopify-event-id', 'x-shopify-webhook-id'] },
    event: { header: 'x-shopify-topic' },
  },
  linear: {
    ...hex,
    header: 'linear-signature',
    timestamp: { body: 'webhookTimestamp', unit: 'ms', tolerance: 60 },
    key: { header: 'linear-delivery' },
    event: { body: 'type' },
  },
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
  jira: {
    ...hex,
    header: 'x-hub-signature',
    prefix: 'sha256=',
    key: { header: 'x-atlassian-webhook-identifier' },
    event: { body: 'webhookEvent' },
  },
} as const satisfies Record<string, HmacScheme>

export type PresetName = keyof typeof presets

/**
 * @param options of the source, which spec.ts has checked: the name of a preset or a custom scheme, and an `event` that wins over the
 *   preset's
 */
export function schemeOf({ scheme, event }: Readonly<Record<string, Json>>): HmacScheme {
  const base = isPresetName(scheme) ? presets[scheme] : (scheme as unknown as HmacScheme)
  return event === undefined ? base : { ...base, event: event as EventNameLocation }
}

const isPresetName = (scheme: Json | undefined): scheme is PresetName =>
  typeof scheme === 'string' && Object.hasOwn(presets, scheme)
