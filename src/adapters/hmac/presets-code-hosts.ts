/** How known senders sign: code hosts, trackers and CI. */
import type { HmacScheme } from './hmac-scheme.ts'
import { hex, noCommit, standardWebhooks } from './presets-shared.ts'

export const codeHosts = {
  github: {
    ...hex,
    header: 'x-hub-signature-256',
    prefix: 'sha256=',
    key: { header: 'x-github-delivery' },
    event: { header: 'x-github-event' },
    ignore: [
      { event: 'ping', because: 'a ping' },
      { if: { deleted: true }, because: 'a push that deletes a ref' },
    ],
  },
  /** GitLab sends the secret itself or, with a signing token, signs as Standard Webhooks: https://docs.gitlab.com/user/project/integrations/webhooks/ */
  gitlab: {
    header: 'x-gitlab-token',
    algorithm: 'token',
    encoding: 'hex',
    or: standardWebhooks,
    key: { header: 'idempotency-key' },
    event: { body: 'object_kind' },
    ignore: [{ if: { after: noCommit }, because: 'a push that deletes a ref' }],
  },
  /** The header has the name of GitHub's old SHA-1 header, but its value is SHA-256. */
  bitbucket: {
    ...hex,
    header: 'x-hub-signature',
    prefix: 'sha256=',
    key: { header: 'x-request-uuid' },
    event: { header: 'x-event-key' },
    ignore: [
      { event: 'diagnostics:ping', because: 'a test of the connection' },
      { event: 'repo:push', if: { 'push.changes.*.new': null }, because: 'a push that deletes refs' },
    ],
  },
  gitea: {
    ...hex,
    header: ['x-gitea-signature', 'x-forgejo-signature'],
    key: { header: ['x-gitea-delivery', 'x-forgejo-delivery'] },
    event: { header: 'x-gitea-event' },
    // Set to form content, Gitea signs the JSON and sends it in this field.
    formField: 'payload',
    ignore: [{ if: { after: noCommit }, because: 'a push that deletes a ref' }],
  },
  linear: {
    ...hex,
    header: 'linear-signature',
    timestamp: { body: 'webhookTimestamp', unit: 'ms', tolerance: 60 },
    key: { header: 'linear-delivery' },
    event: { body: 'type' },
  },
  jira: {
    ...hex,
    header: 'x-hub-signature',
    prefix: 'sha256=',
    key: { header: 'x-atlassian-webhook-identifier' },
    event: { body: 'webhookEvent' },
  },
  /** https://vercel.com/docs/webhooks/webhooks-api: SHA-1 is all that Vercel offers. */
  vercel: {
    header: 'x-vercel-signature',
    algorithm: 'sha1',
    encoding: 'hex',
    key: { body: 'id' },
    event: { body: 'type' },
  },
  /** https://circleci.com/docs/outbound-webhooks/ */
  circleci: {
    ...hex,
    header: 'circleci-signature',
    prefix: 'v1=',
    separator: ',',
    key: { body: 'id' },
    event: { body: 'type' },
    ignore: [{ event: 'ping', because: 'a test of the connection' }],
  },
  /** https://developer.hashicorp.com/terraform/cloud-docs/api-docs/notification-configurations */
  'terraform-cloud': {
    header: 'x-tfe-notification-signature',
    algorithm: 'sha512',
    encoding: 'hex',
    key: 'body',
    event: { body: 'notifications.0.trigger' },
    ignore: [{ event: 'verification', because: 'a test of the connection' }],
  },
  /** https://buildkite.com/docs/apis/webhooks/pipelines */
  buildkite: {
    ...hex,
    header: 'x-buildkite-signature',
    prefix: 'signature=',
    separator: ',',
    signed: '{timestamp}.{body}',
    timestamp: { part: 'timestamp=' },
    key: 'body',
    event: { body: 'event' },
    ignore: [{ event: 'ping', because: 'a test of the connection' }],
  },
} as const satisfies Record<string, HmacScheme>
