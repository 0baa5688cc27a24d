/** Senders that sign as Standard Webhooks. */
import { mac } from '../../../../support/sign.ts'
import { body, by, event, note, whsec, whsecKey } from '../packages.ts'
import type { Attempt, Sender, Sent } from '../recorder.ts'

/** @param require loads a package from the folder in which they are installed */
export function standardWebhooks(require: NodeJS.Require): readonly Sender[] {
  const { Webhook } = require('svix')
  const signed =
    (prefix: 'webhook' | 'svix', type: string, secret = whsec) =>
    (attempt: Attempt): Sent => {
      const sent = event(attempt, type)
      const id = `msg_${attempt.id}`
      return {
        headers: {
          [`${prefix}-id`]: id,
          [`${prefix}-timestamp`]: String(attempt.seconds),
          [`${prefix}-signature`]: new Webhook(secret).sign(id, attempt.date, sent),
        },
        body: sent,
      }
    }
  const scheme = 'standard-webhooks'
  const olderPolarSecret = 'polar_whs_ThisIsTheTextOfASecret1234567890'
  const polar = (name: string, preset: string, secret: string, key: string | Uint8Array): Sender => ({
    name,
    event: 'order.paid',
    by: by('@polar-sh/sdk'),
    how: 'signed by its rule, confirmed by webhooks.validateEvent',
    scheme: preset,
    secret,
    send: ({ id, seconds }) => {
      const sent = body({ type: 'order.paid', timestamp: '2026-03-01T10:00:00Z', data: { id: `ord_${id}`, note } })
      const signature = mac({ key, encoding: 'base64' }, `msg_${id}.${seconds}.${sent}`)
      return {
        headers: {
          'webhook-id': `msg_${id}`,
          'webhook-timestamp': String(seconds),
          'webhook-signature': `v1,${signature}`,
        },
        body: sent,
      }
    },
    confirm: (sent) => require('@polar-sh/sdk/2026-10').webhooks.validateEvent(sent.body, sent.headers, secret),
  })
  return [
    {
      name: 'Svix',
      event: 'invoice.paid',
      by: by('svix'),
      how: 'made by Webhook.sign, confirmed by Webhook.verify',
      scheme,
      secret: whsec,
      send: signed('svix', 'invoice.paid'),
      confirm: (sent) => new Webhook(whsec).verify(sent.body, sent.headers),
    },
    {
      name: 'Clerk',
      event: 'user.created',
      by: by('@clerk/backend'),
      how: 'made by Webhook.sign of svix@2.5.0, confirmed by verifyWebhook',
      scheme,
      secret: whsec,
      send: signed('svix', 'user.created'),
      confirm: ({ headers, body: sent }) =>
        require('@clerk/backend/webhooks').verifyWebhook(
          new Request('https://example.com', { method: 'POST', headers, body: sent }),
          { signingSecret: whsec },
        ),
    },
    {
      name: 'Resend',
      event: 'email.delivered',
      by: by('resend'),
      how: 'made by Webhook.sign of svix@2.5.0, confirmed by webhooks.verify',
      scheme,
      secret: whsec,
      send: signed('svix', 'email.delivered'),
      confirm: ({ headers, body: payload }) =>
        new (require('resend').Resend)('re_made_up').webhooks.verify({
          payload,
          headers: {
            id: headers['svix-id'],
            timestamp: headers['svix-timestamp'],
            signature: headers['svix-signature'],
          },
          webhookSecret: whsec,
        }),
    },
    {
      name: 'OpenAI',
      event: 'response.completed',
      by: by('openai'),
      how: 'made by Webhook.sign of svix@2.5.0, confirmed by webhooks.unwrap',
      scheme,
      secret: whsec,
      send: signed('webhook', 'response.completed'),
      confirm: (sent) =>
        new (require('openai').OpenAI)({ apiKey: 'made-up' }).webhooks.unwrap(sent.body, sent.headers, whsec),
    },
    {
      name: 'Anthropic',
      event: 'session.status_idled',
      by: by('@anthropic-ai/sdk'),
      how: 'made by Webhook.sign of svix@2.5.0, confirmed by beta.webhooks.unwrap',
      scheme,
      secret: whsec,
      send: signed('webhook', 'session.status_idled'),
      confirm: ({ headers, body: sent }) =>
        new (require('@anthropic-ai/sdk').Anthropic)({ apiKey: 'made-up' }).beta.webhooks.unwrap(sent, {
          headers,
          key: whsec,
        }),
    },
    {
      name: 'Supabase auth hook',
      event: 'send_email',
      by: by('svix'),
      how: 'made by Webhook.sign, confirmed by Webhook.verify, with the secret after "v1,"',
      scheme,
      secret: `v1,${whsec}`,
      send: signed('webhook', 'send_email'),
      confirm: (sent) => new Webhook(whsec).verify(sent.body, sent.headers),
    },
    polar('Polar', 'polar', whsec, whsecKey),
    polar('Polar, older secret', 'polar', `whsec_${'a'.repeat(43)}`, `whsec_${'a'.repeat(43)}`),
    polar('Polar, oldest secret', 'polar', olderPolarSecret, olderPolarSecret),
    polar('Polar, by the scheme standard-webhooks', scheme, whsec, whsecKey),
  ]
}
