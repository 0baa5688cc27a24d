/** How the senders of the world sign, each as data. Held against the vendors' own packages in test/adapters/hmac/differential.test.ts. */
import type { Json } from '../../core/adapter.ts'
import type { Scheme } from '../../core/http/signature.ts'

/** Where the name of the event stands, for `event` filters. A header is not signed; prefer the body. */
export interface EventName {
  readonly header?: string
  /** A key of the JSON body, or a path with dots. */
  readonly body?: string
}

export interface HmacScheme extends Scheme {
  readonly event?: EventName
}

const hex = { algorithm: 'sha256', encoding: 'hex' } as const

export const presets = {
  /** https://github.com/standard-webhooks/standard-webhooks: also Svix, Clerk, Resend, GitLab's signing token and many more. */
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
  github: { ...hex, header: 'x-hub-signature-256', prefix: 'sha256=', event: { header: 'x-github-event' } },
  /** No signature at all: GitLab sends the secret itself. Use `standard-webhooks` where GitLab has a signing token. */
  gitlab: { header: 'x-gitlab-token', algorithm: 'token', encoding: 'hex', event: { body: 'object_kind' } },
  /** Named like GitHub's old SHA-1 header, and SHA-256 all the same. */
  bitbucket: { ...hex, header: 'x-hub-signature', prefix: 'sha256=', event: { header: 'x-event-key' } },
  gitea: { ...hex, header: ['x-gitea-signature', 'x-forgejo-signature'], event: { header: 'x-gitea-event' } },
  /** The key is the whole `whsec_…` text: unlike Standard Webhooks, it is not base64. */
  stripe: {
    ...hex,
    header: 'stripe-signature',
    prefix: 'v1=',
    separator: ',',
    signed: '{timestamp}.{body}',
    timestamp: { part: 't=' },
    event: { body: 'type' },
  },
  shopify: {
    header: 'x-shopify-hmac-sha256',
    algorithm: 'sha256',
    encoding: 'base64',
    event: { header: 'x-shopify-topic' },
  },
  linear: {
    ...hex,
    header: 'linear-signature',
    timestamp: { body: 'webhookTimestamp', unit: 'ms', tolerance: 60 },
    event: { body: 'type' },
  },
  sentry: { ...hex, header: 'sentry-hook-signature', event: { header: 'sentry-hook-resource' } },
  pagerduty: {
    ...hex,
    header: 'x-pagerduty-signature',
    prefix: 'v1=',
    separator: ',',
    event: { body: 'event.event_type' },
  },
  jira: { ...hex, header: 'x-hub-signature', prefix: 'sha256=', event: { body: 'webhookEvent' } },
} as const satisfies Record<string, HmacScheme>

export type PresetName = keyof typeof presets

/** @param options of the source, already validated: a preset's name or a scheme of one's own, and an `event` that wins over the preset's */
export function schemeOf({ scheme, event }: Readonly<Record<string, Json>>): HmacScheme {
  const base: HmacScheme =
    typeof scheme === 'string' ? presets[scheme as PresetName] : (scheme as unknown as HmacScheme)
  return event === undefined ? base : { ...base, event: event as unknown as EventName }
}
