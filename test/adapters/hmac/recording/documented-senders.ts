/** Senders without an npm package that signs or verifies: signed by the vendor's documentation. The secrets and the people are made up. */
import { type Mac, mac } from '../../../support/sign.ts'
import { note, text } from './packages.ts'
import type { Attempt, Sender, Sent } from './recorder.ts'

const json = (value: unknown): string => JSON.stringify(value)
const uuid = (id: string): string => `0b989ba4-242f-41e5-81e1-c7b6966d${id}`

interface Documented extends Omit<Sender, 'by' | 'how' | 'secret' | 'send'> {
  readonly url: string
  readonly secret?: string
  readonly body: (attempt: Attempt) => unknown
  /** All headers, the signature included. */
  readonly headers: (body: string, attempt: Attempt) => Readonly<Record<string, string>>
}

const documented = ({ url, secret = text, body, headers, ...sender }: Documented): Sender => ({
  ...sender,
  by: `documentation: ${url}`,
  how: 'signed by its rule with node:crypto',
  secret,
  send: (attempt): Sent => {
    const sent = json(body(attempt))
    return { headers: headers(sent, attempt), body: sent }
  },
})

/** The header has the signature of the body, and further headers follow. */
const signs =
  (
    header: string,
    { prefix = '', key = text, ...how }: Partial<Mac> & { prefix?: string } = {},
    others: (attempt: Attempt) => Readonly<Record<string, string>> = () => ({}),
  ): Documented['headers'] =>
  (body, attempt) => ({ [header]: prefix + mac({ ...how, key }, body), ...others(attempt) })

/** `t=…,v1=…`, as in Stripe's header. */
const signsTime =
  (header: string, time = 't=', signature = 'v1='): Documented['headers'] =>
  (body, { seconds }) => ({ [header]: `${time}${seconds},${signature}${mac({ key: text }, `${seconds}.`, body)}` })

const base64 = { encoding: 'base64' } as const

const codeHosts: readonly Documented[] = [
  {
    name: 'GitLab, secret token',
    event: 'push',
    url: 'https://docs.gitlab.com/user/project/integrations/webhooks/',
    scheme: 'gitlab',
    body: () => ({ object_kind: 'push', project: { name: note } }),
    headers: (_, { id }) => ({ 'x-gitlab-token': text, 'x-gitlab-event': 'Push Hook', 'idempotency-key': uuid(id) }),
  },
  {
    name: 'GitLab, signing token',
    event: 'push',
    url: 'https://docs.gitlab.com/user/project/integrations/webhooks/',
    scheme: 'gitlab',
    secret: `whsec_${Buffer.from('a key of thirty-two bytes, no more').toString('base64')}`,
    body: () => ({ object_kind: 'push', project: { name: note } }),
    headers: (body, { id, seconds }) => {
      const key = Buffer.from('a key of thirty-two bytes, no more')
      return {
        'webhook-id': uuid(id),
        'webhook-timestamp': String(seconds),
        'webhook-signature': `v1,${mac({ ...base64, key }, `${uuid(id)}.${seconds}.`, body)}`,
        'idempotency-key': uuid(id),
      }
    },
  },
  ...(['gitea', 'forgejo'] as const).map(
    (host): Documented => ({
      name: host === 'gitea' ? 'Gitea' : 'Forgejo',
      event: 'push',
      url:
        host === 'gitea' ? 'https://docs.gitea.com/usage/webhooks' : 'https://forgejo.org/docs/latest/user/webhooks/',
      scheme: 'gitea',
      body: () => ({ ref: 'refs/heads/main', after: 'f'.repeat(40), repository: { description: note } }),
      headers: signs(`x-${host}-signature`, {}, ({ id }) => ({
        [`x-${host}-delivery`]: uuid(id),
        [`x-${host}-event`]: 'push',
        'x-gitea-event': 'push',
      })),
    }),
  ),
  {
    name: 'Bitbucket',
    event: 'repo:push',
    url: 'https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/',
    scheme: 'bitbucket',
    body: () => ({ push: { changes: [{ new: { name: 'main' } }] }, repository: { name: note } }),
    headers: signs('x-hub-signature', { prefix: 'sha256=' }, ({ id, number }) => ({
      'x-request-uuid': uuid(id),
      'x-attempt-number': String(number + 1),
      'x-event-key': 'repo:push',
    })),
  },
  {
    name: 'Jira',
    event: 'jira:issue_updated',
    url: 'https://developer.atlassian.com/cloud/jira/platform/webhooks/',
    scheme: 'jira',
    body: () => ({ webhookEvent: 'jira:issue_updated', issue: { fields: { summary: note } } }),
    headers: signs('x-hub-signature', { prefix: 'sha256=' }, ({ id, number }) => ({
      'x-atlassian-webhook-identifier': uuid(id),
      ...(number > 0 && { 'x-atlassian-webhook-retry': String(number) }),
    })),
  },
  {
    name: 'Vercel',
    event: 'deployment.succeeded',
    url: 'https://vercel.com/docs/webhooks/webhooks-api',
    scheme: 'vercel',
    body: ({ id }) => ({ id: uuid(id), type: 'deployment.succeeded', payload: { name: note } }),
    headers: signs('x-vercel-signature', { algorithm: 'sha1' }),
  },
  {
    name: 'CircleCI',
    event: 'workflow-completed',
    url: 'https://circleci.com/docs/outbound-webhooks/',
    scheme: 'circleci',
    body: ({ id }) => ({ id: uuid(id), type: 'workflow-completed', project: { name: note } }),
    headers: signs('circleci-signature', { prefix: 'v1=' }),
  },
  {
    name: 'HCP Terraform',
    event: 'run:completed',
    url: 'https://developer.hashicorp.com/terraform/cloud-docs/api-docs/notification-configurations',
    scheme: 'terraform-cloud',
    body: ({ id }) => ({
      payload_version: 1,
      run_id: `run-${id}`,
      run_message: note,
      notifications: [{ trigger: 'run:completed', run_status: 'applied' }],
    }),
    headers: signs('x-tfe-notification-signature', { algorithm: 'sha512' }),
  },
  {
    name: 'Buildkite',
    event: 'build.finished',
    url: 'https://buildkite.com/docs/apis/webhooks/pipelines',
    scheme: 'buildkite',
    body: ({ id }) => ({ event: 'build.finished', build: { id: uuid(id), message: note } }),
    // Without x-buildkite-event, which is not signed: the body has the name as well.
    headers: signsTime('x-buildkite-signature', 'timestamp=', 'signature='),
  },
]

const services: readonly Documented[] = [
  {
    name: 'Sentry',
    event: 'issue',
    url: 'https://docs.sentry.io/organization/integrations/integration-platform/webhooks/',
    scheme: 'sentry',
    body: () => ({ action: 'created', data: { issue: { title: note } } }),
    headers: signs('sentry-hook-signature', {}, ({ id, seconds }) => ({
      'request-id': uuid(id),
      'sentry-hook-resource': 'issue',
      'sentry-hook-timestamp': String(seconds),
    })),
  },
  {
    name: 'PagerDuty',
    event: 'incident.triggered',
    url: 'https://developer.pagerduty.com/docs/webhooks/webhook-signatures/',
    scheme: 'pagerduty',
    body: ({ id }) => ({ event: { id: uuid(id), event_type: 'incident.triggered', data: { title: note } } }),
    // Two secrets are valid while one replaces the other.
    headers: (body) => ({
      'x-pagerduty-signature': `v1=${mac({ key: 'an older secret' }, body)},v1=${mac({ key: text }, body)}`,
    }),
  },
  {
    name: 'Typeform',
    event: 'form_response',
    url: 'https://www.typeform.com/developers/webhooks/secure-your-webhooks/',
    scheme: 'typeform',
    body: ({ id }) => ({ event_id: uuid(id), event_type: 'form_response', form_response: { note } }),
    headers: signs('typeform-signature', { ...base64, prefix: 'sha256=' }),
  },
  {
    name: 'Intercom',
    event: 'conversation.user.created',
    url: 'https://developers.intercom.com/docs/webhooks/webhook-notifications',
    scheme: 'intercom',
    body: ({ id, number }) => ({
      type: 'notification_event',
      id: `notif_${id}`,
      topic: 'conversation.user.created',
      delivery_attempts: number + 1,
      data: { note },
    }),
    headers: signs('x-hub-signature', { algorithm: 'sha1', prefix: 'sha1=' }),
  },
  {
    name: 'Calendly',
    event: 'invitee.created',
    url: 'https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures',
    scheme: 'calendly',
    body: ({ id }) => ({
      event: 'invitee.created',
      created_at: '2026-03-01T10:00:00Z',
      payload: { uri: id, name: note },
    }),
    headers: signsTime('calendly-webhook-signature'),
  },
  {
    name: 'Tailscale',
    event: 'nodeCreated',
    url: 'https://tailscale.com/kb/1213/webhooks',
    scheme: {
      header: 'tailscale-webhook-signature',
      algorithm: 'sha256',
      encoding: 'hex',
      prefix: 'v1=',
      separator: ',',
      signed: '{timestamp}.{body}',
      timestamp: { part: 't=' },
      key: 'body',
    },
    source: { each: '.', event: { body: 'type' } },
    body: ({ id }) => [{ timestamp: '2026-03-01T10:00:00Z', type: 'nodeCreated', message: note, data: { nodeID: id } }],
    headers: signsTime('tailscale-webhook-signature'),
  },
  {
    name: 'DocuSign',
    event: 'envelope-completed',
    url: 'https://developers.docusign.com/platform/webhooks/connect/hmac/',
    scheme: 'docusign',
    body: ({ id, number }) => ({
      event: 'envelope-completed',
      apiVersion: 'v2.1',
      retryCount: number,
      generatedDateTime: '2026-03-01T10:00:00Z',
      data: { envelopeId: uuid(id), note },
    }),
    headers: (body) => ({
      'x-docusign-signature-1': mac({ ...base64, key: 'an older secret' }, body),
      'x-docusign-signature-2': mac({ ...base64, key: text }, body),
    }),
  },
  {
    name: 'Airtable',
    url: 'https://airtable.com/developers/web/api/webhooks-overview',
    scheme: 'airtable',
    secret: Buffer.from('a key of thirty-two bytes, no more').toString('base64'),
    body: ({ id }) => ({
      base: { id: 'app1' },
      webhook: { id: 'ach1' },
      timestamp: `2026-03-01T10:00:00.${id.slice(-3)}Z`,
    }),
    headers: signs('x-airtable-content-mac', {
      prefix: 'hmac-sha256=',
      key: Buffer.from('a key of thirty-two bytes, no more'),
    }),
  },
  {
    name: 'Zendesk',
    event: 'zen:event-type:ticket.created',
    url: 'https://developer.zendesk.com/documentation/webhooks/verifying/',
    scheme: 'zendesk',
    body: () => ({ type: 'zen:event-type:ticket.created', detail: { subject: note } }),
    headers: (body, { id, date }) => {
      const time = date.toISOString().replace('.000Z', 'Z')
      return {
        'x-zendesk-webhook-signature': mac({ ...base64, key: text }, time, body),
        'x-zendesk-webhook-signature-timestamp': time,
        'x-zendesk-webhook-invocation-id': uuid(id),
      }
    },
  },
  {
    name: 'Grafana',
    event: 'firing',
    url: 'https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/',
    scheme: 'grafana',
    body: ({ id }) => ({ status: 'firing', groupKey: `{}:{alertname="${id}"}`, title: note }),
    headers: signs('x-grafana-alerting-signature'),
  },
  {
    name: 'Grafana, with a timestamp header',
    event: 'firing',
    url: 'https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/',
    scheme: {
      header: 'x-grafana-alerting-signature',
      algorithm: 'sha256',
      encoding: 'hex',
      signed: '{timestamp}:{body}',
      timestamp: { header: 'x-grafana-alerting-timestamp' },
      key: 'body',
    },
    source: { event: { body: 'status' } },
    body: ({ id }) => ({ status: 'firing', groupKey: `{}:{alertname="${id}"}`, title: note }),
    headers: (body, { seconds }) => ({
      'x-grafana-alerting-timestamp': String(seconds),
      'x-grafana-alerting-signature': mac({ key: text }, `${seconds}:`, body),
    }),
  },
  {
    name: 'Datadog',
    event: 'metric_alert_monitor',
    url: 'https://docs.datadoghq.com/integrations/webhooks/',
    scheme: { header: 'x-datadog-token', algorithm: 'token', encoding: 'hex', key: { body: 'id' } },
    source: { event: { body: 'event_type' } },
    body: ({ id }) => ({ id, event_type: 'metric_alert_monitor', title: note }),
    headers: () => ({ 'x-datadog-token': text }),
  },
]

const ownSchemes: readonly Documented[] = [
  {
    name: 'Lemon Squeezy',
    event: 'order_created',
    url: 'https://docs.lemonsqueezy.com/help/webhooks/signing-requests',
    scheme: { header: 'x-signature', algorithm: 'sha256', encoding: 'hex', key: 'body' },
    source: { event: { body: 'meta.event_name' } },
    body: ({ id }) => ({ meta: { event_name: 'order_created' }, data: { id, attributes: { user_name: note } } }),
    headers: signs('x-signature', {}, () => ({ 'x-event-name': 'order_created' })),
  },
  {
    name: 'Attio',
    url: 'https://docs.attio.com/rest-api/guides/webhooks',
    scheme: { header: 'attio-signature', algorithm: 'sha256', encoding: 'hex', key: { header: 'idempotency-key' } },
    body: () => ({ webhook_id: uuid('1'), events: [{ event_type: 'note.created', note }] }),
    headers: signs('attio-signature', {}, ({ id }) => ({ 'idempotency-key': uuid(id) })),
  },
  {
    name: 'Cal.com',
    event: 'BOOKING_CREATED',
    url: 'https://cal.com/docs/developing/guides/automation/webhooks',
    scheme: { header: 'x-cal-signature-256', algorithm: 'sha256', encoding: 'hex', key: 'body' },
    source: { event: { body: 'triggerEvent' } },
    body: ({ id }) => ({
      triggerEvent: 'BOOKING_CREATED',
      createdAt: '2026-03-01T10:00:00Z',
      payload: { uid: id, title: note },
    }),
    headers: signs('x-cal-signature-256'),
  },
  {
    name: 'WooCommerce',
    event: 'order.updated',
    url: 'https://woocommerce.github.io/woocommerce-rest-api-docs/#webhooks',
    scheme: {
      header: 'x-wc-webhook-signature',
      algorithm: 'sha256',
      encoding: 'base64',
      key: { header: 'x-wc-webhook-delivery-id' },
    },
    source: { event: { header: 'x-wc-webhook-topic' } },
    body: () => ({ id: 723, status: 'processing', customer_note: note }),
    headers: signs('x-wc-webhook-signature', base64, ({ id }) => ({
      'x-wc-webhook-delivery-id': id,
      'x-wc-webhook-topic': 'order.updated',
    })),
  },
  {
    name: 'Xero',
    event: 'UPDATE',
    url: 'https://developer.xero.com/documentation/guides/webhooks/configuring-your-server',
    scheme: { header: 'x-xero-signature', algorithm: 'sha256', encoding: 'base64', key: 'body' },
    source: { each: 'events', event: { body: 'eventType' } },
    body: ({ id }) => ({
      events: [{ resourceId: uuid(id), eventDateUtc: '2026-03-01T10:00:00.000', eventType: 'UPDATE', note }],
      firstEventSequence: 1,
      lastEventSequence: 1,
      entropy: 'S0m3r4Nd0mt3xt',
    }),
    headers: signs('x-xero-signature', base64),
  },
  {
    name: 'Dropbox',
    url: 'https://www.dropbox.com/developers/reference/webhooks',
    scheme: {
      header: 'x-dropbox-signature',
      algorithm: 'sha256',
      encoding: 'hex',
      handshake: [{ echo: { query: 'challenge' } }],
    },
    anotherRunBecause: 'a ping has no id, and two pings have the same content',
    body: () => ({ list_folder: { accounts: ['dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc'] }, delta: { users: [1] } }),
    headers: signs('x-dropbox-signature'),
  },
  {
    name: 'Asana',
    event: 'changed',
    url: 'https://developers.asana.com/docs/webhooks-guide',
    scheme: {
      header: 'x-hook-signature',
      algorithm: 'sha256',
      encoding: 'hex',
      key: 'body',
      handshake: [{ echo: { header: 'x-hook-secret' }, copy: { header: 'x-hook-secret' } }],
    },
    source: { each: 'events', event: { body: 'action' } },
    body: ({ id }) => ({
      events: [{ action: 'changed', created_at: '2026-03-01T10:00:00.000Z', resource: { gid: id, name: note } }],
    }),
    headers: signs('x-hook-signature'),
  },
]

export const documentedSenders: readonly Sender[] = [...codeHosts, ...services, ...ownSchemes].map(documented)
