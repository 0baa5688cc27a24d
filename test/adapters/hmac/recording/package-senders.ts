/** Senders whose own npm package makes the deliveries, or confirms them. The secrets and the people are made up. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { mac } from '../../../support/sign.ts'
import type { Attempt, Sender, Sent } from './recorder.ts'

/** Pinned, so that a recording can be repeated. */
export const packages = {
  svix: '2.5.0',
  '@clerk/backend': '3.25.0',
  resend: '6.38.0',
  openai: '7.55.0',
  '@anthropic-ai/sdk': '1.10.0',
  '@polar-sh/sdk': '1.0.1',
  stripe: '23.1.0',
  '@paddle/paddle-node-sdk': '3.10.0',
  '@workos-inc/node': '11.0.0',
  '@mux/mux-node': '15.3.0',
  '@elevenlabs/elevenlabs-js': '2.73.0',
  '@zoom/rivet': '0.4.0',
  '@slack/bolt': '5.1.0',
  'webflow-api': '3.3.4',
  '@hubspot/api-client': '14.0.1',
  square: '46.0.0',
  '@contentful/node-apps-toolkit': '3.16.1',
  razorpay: '2.9.8',
  '@notionhq/client': '5.26.0',
  'gocardless-nodejs': '10.1.2',
  'coinbase-commerce-node': '1.0.4',
  '@kontent-ai/webhook-helper': '3.0.3',
  pusher: '5.3.4',
  'modern-treasury': '3.3.0',
  '@linear/sdk': '98.0.0',
  '@shopify/shopify-api': '15.0.0',
  '@sanity/webhook': '4.0.4',
  'box-node-sdk': '10.12.0',
  '@adyen/api-library': '32.1.0',
  'hook0-client': '1.1.0',
  'discord-interactions': '4.4.0',
  '@octokit/webhooks-methods': '6.0.0',
} as const

const by = (name: keyof typeof packages): string => `${name}@${packages[name]}`

const text = 'a secret of the sender'
const whsecKey = Buffer.from('a key of thirty-two bytes, no more')
const whsec = `whsec_${whsecKey.toString('base64')}`
/** The address of the source `name` in the tests. */
const address = (name: string): string => `https://abc123.lambda-url.eu-west-1.on.aws/${name}`
const note = 'déjà vu'

const body = (value: unknown): string => JSON.stringify(value)
/** What most senders send: an event with an id. */
const event = ({ id }: Attempt, type: string): string => body({ id: `evt_${id}`, type, data: { note } })

/** @param require loads a package from the folder in which they are installed */
export function packageSenders(require: NodeJS.Require): readonly Sender[] {
  return [
    ...standardWebhooks(require),
    ...timestamped(require),
    ...signedBody(require),
    ...signedAddress(require),
    ...batches(require),
    ...otherTimes(require),
    discord(require),
  ]
}

function standardWebhooks(require: NodeJS.Require): readonly Sender[] {
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

/** Senders that sign their time and put it into the header of the signature, or beside it. */
function timestamped(require: NodeJS.Require): readonly Sender[] {
  const timed = (header: string, prefix: string, sent: string, { seconds }: Attempt): Sent => ({
    headers: { [header]: `t=${seconds},${prefix}${mac({ key: text }, `${seconds}.`, sent)}` },
    body: sent,
  })
  const stripe = new (require('stripe'))('sk_test_made_up')
  const { Paddle } = require('@paddle/paddle-node-sdk')
  const { WorkOS } = require('@workos-inc/node')
  const { Mux } = require('@mux/mux-node')
  const { ElevenLabsClient } = require('@elevenlabs/elevenlabs-js')
  const { AwsLambdaReceiver } = require('@zoom/rivet/users')
  const { verifySlackRequest } = require('@slack/bolt/dist/receivers/verify-request.js')
  const { WebflowClient } = require('webflow-api')
  const workos = new WorkOS('sk_made_up')
  return [
    {
      name: 'Stripe',
      event: 'invoice.paid',
      by: by('stripe'),
      how: 'made by webhooks.generateTestHeaderString, confirmed by webhooks.constructEvent',
      scheme: 'stripe',
      secret: 'whsec_made+up/not-base64',
      send: (attempt) => {
        const payload = body({ id: `evt_${attempt.id}`, object: 'event', type: 'invoice.paid', data: { note } })
        const how = { payload, secret: 'whsec_made+up/not-base64', timestamp: attempt.seconds }
        return { headers: { 'stripe-signature': stripe.webhooks.generateTestHeaderString(how) }, body: payload }
      },
      confirm: (sent) =>
        stripe.webhooks.constructEvent(sent.body, sent.headers['stripe-signature'], 'whsec_made+up/not-base64'),
    },
    {
      name: 'Paddle',
      event: 'transaction.paid',
      by: by('@paddle/paddle-node-sdk'),
      how: 'signed by its rule, confirmed by webhooks.isSignatureValid',
      scheme: 'paddle',
      secret: text,
      send: ({ id, seconds }) => {
        const sent = body({ event_id: `evt_${id}`, event_type: 'transaction.paid', data: { note } })
        return {
          headers: { 'paddle-signature': `ts=${seconds};h1=${mac({ key: text }, `${seconds}:`, sent)}` },
          body: sent,
        }
      },
      confirm: (sent) =>
        new Paddle('made-up').webhooks.isSignatureValid(sent.body, text, sent.headers['paddle-signature']),
    },
    {
      name: 'WorkOS',
      event: 'user.created',
      by: by('@workos-inc/node'),
      how: 'made by webhooks.computeSignature, confirmed by webhooks.verifyHeader',
      scheme: 'workos',
      secret: text,
      send: async ({ id, ms }) => {
        const sent = body({ id: `event_${id}`, event: 'user.created', data: { note } })
        const signature = await workos.webhooks.computeSignature(ms, sent, text)
        return { headers: { 'workos-signature': `t=${ms}, v1=${signature}` }, body: sent }
      },
      confirm: (sent) =>
        workos.webhooks.verifyHeader({ payload: sent.body, sigHeader: sent.headers['workos-signature'], secret: text }),
    },
    {
      name: 'Mux',
      event: 'video.asset.ready',
      by: by('@mux/mux-node'),
      how: 'signed by its rule, confirmed by webhooks.verifySignature',
      scheme: 'mux',
      secret: text,
      send: (attempt) => timed('mux-signature', 'v1=', event(attempt, 'video.asset.ready'), attempt),
      confirm: (sent) =>
        new Mux({ tokenId: 'made-up', tokenSecret: 'made-up' }).webhooks.verifySignature(sent.body, sent.headers, text),
    },
    {
      name: 'ElevenLabs',
      event: 'post_call_transcription',
      by: by('@elevenlabs/elevenlabs-js'),
      how: 'signed by its rule, confirmed by webhooks.constructEvent',
      scheme: 'elevenlabs',
      secret: text,
      send: (attempt) => {
        const sent = body({ type: 'post_call_transcription', data: { conversation_id: `conv_${attempt.id}`, note } })
        return timed('elevenlabs-signature', 'v0=', sent, attempt)
      },
      confirm: (sent) =>
        new ElevenLabsClient({ apiKey: 'made-up' }).webhooks.constructEvent(
          sent.body,
          sent.headers['elevenlabs-signature'],
          text,
        ),
    },
    {
      name: 'Zoom',
      event: 'recording.completed',
      by: by('@zoom/rivet'),
      how: 'signed by its rule, confirmed by AwsLambdaReceiver',
      scheme: 'zoom',
      secret: text,
      send: ({ id, seconds }) => {
        const sent = body({ event: 'recording.completed', payload: { object: { uuid: id, topic: note } }, event_ts: 1 })
        return {
          headers: {
            'x-zm-request-timestamp': String(seconds),
            'x-zm-signature': `v0=${mac({ key: text }, `v0:${seconds}:`, sent)}`,
          },
          body: sent,
        }
      },
      confirm: async ({ headers, body: sent }) => {
        const receiver = new AwsLambdaReceiver({ webhooksSecretToken: text })
        receiver.init({ eventEmitter: { emit: async () => {} } })
        const { statusCode } = await receiver.start()({ headers, body: sent, isBase64Encoded: false }, {})
        return statusCode === 200
      },
    },
    {
      name: 'Slack Events API',
      event: 'app_mention',
      by: by('@slack/bolt'),
      how: 'signed by its rule, confirmed by verifySlackRequest',
      scheme: 'slack-events',
      secret: text,
      send: ({ id, number, seconds }) => {
        const sent = body({ type: 'event_callback', event_id: `Ev${id}`, event: { type: 'app_mention', text: note } })
        return {
          headers: {
            'x-slack-request-timestamp': String(seconds),
            'x-slack-signature': `v0=${mac({ key: text }, `v0:${seconds}:`, sent)}`,
            ...(number > 0 && { 'x-slack-retry-num': String(number), 'x-slack-retry-reason': 'http_timeout' }),
          },
          body: sent,
        }
      },
      confirm: ({ headers, body: sent }) => verifySlackRequest({ signingSecret: text, body: sent, headers }),
    },
    {
      name: 'Webflow',
      event: 'form_submission',
      by: by('webflow-api'),
      how: 'signed by its rule, confirmed by webhooks.verifySignature',
      scheme: {
        header: 'x-webflow-signature',
        algorithm: 'sha256',
        encoding: 'hex',
        signed: '{timestamp}:{body}',
        timestamp: { header: 'x-webflow-timestamp', unit: 'ms' },
        key: 'body',
      },
      source: { event: { body: 'triggerType' } },
      secret: text,
      send: ({ id, ms }) => {
        const sent = body({ triggerType: 'form_submission', payload: { id: `form_${id}`, note } })
        return {
          headers: { 'x-webflow-timestamp': String(ms), 'x-webflow-signature': mac({ key: text }, `${ms}:`, sent) },
          body: sent,
        }
      },
      confirm: ({ headers, body: sent }) =>
        new WebflowClient({ accessToken: 'made-up' }).webhooks.verifySignature({ headers, body: sent, secret: text }),
    },
  ]
}

/** Senders that sign nothing but the body. */
function signedBody(require: NodeJS.Require): readonly Sender[] {
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
    ...shopify(require),
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

function shopify(require: NodeJS.Require): readonly Sender[] {
  require('@shopify/shopify-api/adapters/node')
  const { shopifyApi, ApiVersion } = require('@shopify/shopify-api')
  const api = shopifyApi({
    apiKey: 'made-up',
    apiSecretKey: text,
    apiVersion: Object.values(ApiVersion)[0],
    hostName: 'example.com',
    isEmbeddedApp: false,
    logger: { log: () => {} },
  })
  const family = (name: string, prefix: string, ids: (id: string) => Readonly<Record<string, string>>): Sender => ({
    name,
    event: 'orders/paid',
    by: by('@shopify/shopify-api'),
    how: 'signed by its rule, confirmed by webhooks.validate',
    scheme: 'shopify',
    secret: text,
    send: ({ id }) => {
      const sent = body({ id: 820_982_911, note })
      return {
        headers: {
          [`${prefix}hmac-sha256`]: mac({ key: text, encoding: 'base64' }, sent),
          [`${prefix}topic`]: 'orders/paid',
          [`${prefix}shop-domain`]: 'made-up.myshopify.com',
          [`${prefix}api-version`]: '2026-01',
          ...ids(id),
        },
        body: sent,
      }
    },
    confirm: async ({ headers, body: rawBody }) => {
      const rawRequest = { method: 'POST', url: '/', headers }
      return (await api.webhooks.validate({ rawBody, rawRequest })).valid
    },
  })
  return [
    family('Shopify', 'x-shopify-', (id) => ({
      'x-shopify-webhook-id': `b54557e4-bdd9-4b37-8a5f-bf7d70bc${id}`,
      'x-shopify-event-id': `98880550-7158-44d4-b7cd-2c97c8a0${id}`,
    })),
    family('Shopify, Events', 'shopify-', (id) => ({ 'shopify-webhook-id': `b54557e4-bdd9-4b37-8a5f-bf7d70bc${id}` })),
  ]
}

/** Senders that sign the address as well. */
function signedAddress(require: NodeJS.Require): readonly Sender[] {
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

/** Senders that put several events into one request. */
function batches(require: NodeJS.Require): readonly Sender[] {
  const { parse } = require('gocardless-nodejs/webhooks')
  const { signatureHelper } = require('@kontent-ai/webhook-helper')
  const Pusher = require('pusher')
  const { Signature } = require('@hubspot/api-client')
  const pusher = new Pusher({ appId: '1', key: 'made-up', secret: text, cluster: 'eu' })
  return [
    {
      name: 'GoCardless',
      event: 'paid_out',
      by: by('gocardless-nodejs'),
      how: 'signed by its rule, confirmed by webhooks.parse',
      scheme: 'gocardless',
      secret: text,
      send: ({ id }) => {
        const one = { id: `EV${id}`, action: 'paid_out', resource_type: 'payments', details: { description: note } }
        const sent = body({ events: [one], meta: { webhook_id: `WB${id}` } })
        return { headers: { 'webhook-signature': mac({ key: text }, sent) }, body: sent }
      },
      confirm: (sent) => parse(sent.body, text, sent.headers['webhook-signature']),
    },
    {
      name: 'HubSpot',
      event: 'contact.propertyChange',
      by: by('@hubspot/api-client'),
      how: 'made by Signature.getSignature, confirmed by Signature.isValid, version 3',
      scheme: 'hubspot',
      secret: text,
      send: ({ id, number, ms }) => {
        const one = {
          eventId: Number(id),
          subscriptionId: 2_187_301,
          portalId: 44_714_413,
          occurredAt: 1_772_359_100_000,
          subscriptionType: 'contact.propertyChange',
          attemptNumber: number,
          objectId: 123,
          propertyValue: note,
        }
        const sent = body([one])
        const options = { url: address('hubspot'), requestBody: sent, timestamp: ms, clientSecret: text }
        return {
          headers: {
            'x-hubspot-signature-v3': Signature.getSignature('POST', 'v3', options),
            'x-hubspot-request-timestamp': String(ms),
          },
          body: sent,
        }
      },
      confirm: (sent, { ms }) =>
        Signature.isValid({
          method: 'POST',
          signatureVersion: 'v3',
          url: address('hubspot'),
          requestBody: sent.body,
          timestamp: ms,
          clientSecret: text,
          signature: sent.headers['x-hubspot-signature-v3'],
        }),
    },
    {
      name: 'Kontent.ai',
      event: 'published',
      by: by('@kontent-ai/webhook-helper'),
      how: 'made by signatureHelper.getHashFromString, confirmed by signatureHelper.isValidSignatureFromString',
      scheme: { header: 'x-kontent-ai-signature', algorithm: 'sha256', encoding: 'base64', key: 'body' },
      source: { each: 'notifications', event: { body: 'message.action' } },
      secret: text,
      send: ({ id }) => {
        const system = {
          id: `d4dc5f3a-6b7f-4f3b-9a5b-2b8d2c1f${id}`,
          name: note,
          last_modified: '2026-03-01T10:00:00Z',
        }
        const one = { data: { system }, message: { object_type: 'content_item', action: 'published' } }
        const sent = body({ notifications: [one] })
        return { headers: { 'x-kontent-ai-signature': signatureHelper.getHashFromString(sent, text) }, body: sent }
      },
      confirm: (sent) =>
        signatureHelper.isValidSignatureFromString(sent.body, text, sent.headers['x-kontent-ai-signature']),
    },
    {
      name: 'Pusher',
      event: 'channel_occupied',
      by: by('pusher'),
      how: 'signed by its rule, confirmed by webhook().isValid',
      // One run for a whole request: its events have neither an id nor a time, so two of them may be equal.
      scheme: { header: 'x-pusher-signature', algorithm: 'sha256', encoding: 'hex', key: 'body' },
      source: { event: { body: 'events.0.name' } },
      secret: text,
      send: ({ id }) => {
        const sent = body({
          time_ms: 1_772_359_000_000 + Number(id),
          events: [{ name: 'channel_occupied', channel: note }],
        })
        return {
          headers: {
            'x-pusher-key': 'made-up',
            'x-pusher-signature': mac({ key: text }, sent),
            'content-type': 'application/json',
          },
          body: sent,
        }
      },
      confirm: ({ headers, body: rawBody }) => pusher.webhook({ headers, rawBody }).isValid(),
    },
  ]
}

/** Senders that write the time or the signature in another way. */
function otherTimes(require: NodeJS.Require): readonly Sender[] {
  const sanity = require('@sanity/webhook')
  const { WebhooksManager } = require('box-node-sdk/managers/webhooks')
  const { verifyWebhookSignature } = require('hook0-client')
  return [
    {
      name: 'Sanity',
      event: 'update',
      by: by('@sanity/webhook'),
      how: 'made by encodeSignatureHeader, confirmed by isValidSignature',
      scheme: 'sanity',
      secret: text,
      send: async ({ id, ms }) => {
        const sent = body({ _id: 'post-1', title: note })
        return {
          headers: {
            'sanity-webhook-signature': await sanity.encodeSignatureHeader(sent, ms, text),
            'sanity-operation': 'update',
            'idempotency-key': `key-${id}`,
          },
          body: sent,
        }
      },
      confirm: (sent) => sanity.isValidSignature(sent.body, sent.headers['sanity-webhook-signature'], text),
    },
    {
      name: 'Box',
      event: 'FILE.UPLOADED',
      by: by('box-node-sdk'),
      how: 'signed by its rule, confirmed by WebhooksManager.validateMessage',
      scheme: 'box',
      secret: text,
      send: ({ id, number, ms }) => {
        const time = new Date(ms - 8 * 3_600_000).toISOString().replace('.000Z', '-08:00')
        const sent = body({
          type: 'webhook_event',
          id: `eb0c4e06-751f-442c-86f8-fd5bb404${id}`,
          trigger: 'FILE.UPLOADED',
          source: { name: note },
        })
        const signature = (key: string) => mac({ key, encoding: 'base64' }, sent, time)
        return {
          headers: {
            'box-delivery-id': `f96bb54b-ee16-4fc5-aa65-8c2d9e5b${id}-${number}`,
            'box-delivery-timestamp': time,
            'box-signature-primary': signature(text),
            'box-signature-secondary': signature('another secret'),
            'box-signature-version': '1',
            'box-signature-algorithm': 'HmacSHA256',
          },
          body: sent,
        }
      },
      confirm: ({ headers, body: sent }) => WebhooksManager.validateMessage(sent, headers, text),
    },
    ...hook0(verifyWebhookSignature),
  ]
}

/** Hook0, with which Coinbase CDP sends: v1 signs the headers that it names, v0 only the time and the body. */
function hook0(verify: (...options: unknown[]) => unknown): readonly Sender[] {
  const scheme = {
    header: 'x-hook0-signature',
    algorithm: 'sha256',
    encoding: 'hex',
    separator: ',',
    timestamp: { part: 't=' },
  } as const
  const sent = ({ id, seconds }: Attempt, headersOf: (content: string) => string): Sent => {
    const content = body({ type: 'onchain.activity.detected', data: { note } })
    return {
      headers: {
        'x-hook0-signature': `t=${seconds},${headersOf(content)}`,
        'x-event-id': `7b1b8a52-0c8f-4b8c-9f3d-6d5c2a1b${id}`,
        'x-event-type': 'onchain.activity.detected',
      },
      body: content,
    }
  }
  const confirm = ({ headers, body: content }: Sent) =>
    verify(headers['x-hook0-signature'], content, new Headers(headers), text, 300)
  return [
    {
      name: 'Hook0',
      event: 'onchain.activity.detected',
      by: by('hook0-client'),
      how: 'signed by its rule over the header x-event-id, confirmed by verifyWebhookSignature',
      scheme: { ...scheme, prefix: 'v1=', signed: '{timestamp}.x-event-id.{id}.{body}', id: 'x-event-id' },
      source: { event: { body: 'type' } },
      secret: text,
      send: (attempt) =>
        sent(attempt, (content) => {
          const id = `7b1b8a52-0c8f-4b8c-9f3d-6d5c2a1b${attempt.id}`
          return `h=x-event-id,v1=${mac({ key: text }, `${attempt.seconds}.x-event-id.${id}.`, content)}`
        }),
      confirm,
    },
    {
      name: 'Coinbase CDP',
      event: 'onchain.activity.detected',
      by: by('hook0-client'),
      how: 'signed by the rule of version 0 of Hook0, confirmed by verifyWebhookSignature',
      scheme: { ...scheme, prefix: 'v0=', signed: '{timestamp}.{body}', key: { header: 'x-event-id' } },
      source: { event: { body: 'type' } },
      secret: text,
      send: (attempt) => sent(attempt, (content) => `v0=${mac({ key: text }, `${attempt.seconds}.`, content)}`),
      confirm,
    },
  ]
}

/** An Ed25519 key in PKCS #8 is this, followed by 32 bytes. */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')
export const discordKey = createPrivateKey({
  key: Buffer.concat([pkcs8, Buffer.from('a seed of thirty-two bytes, yes!')]),
  format: 'der',
  type: 'pkcs8',
})
/** What Discord shows as the public key of an application. */
export const discordPublicKey = Buffer.from(
  String(createPublicKey(discordKey).export({ format: 'jwk' }).x),
  'base64url',
).toString('hex')

function discord(require: NodeJS.Require): Sender {
  const { verifyKey } = require('discord-interactions')
  return {
    name: 'Discord',
    event: 'ENTITLEMENT_CREATE',
    by: by('discord-interactions'),
    how: 'signed with a key that was made for this, confirmed by verifyKey',
    scheme: 'discord',
    secret: discordPublicKey,
    send: ({ id, seconds }) => {
      const event = { type: 'ENTITLEMENT_CREATE', timestamp: '2026-03-01T10:00:00Z', data: { id, note } }
      const sent = body({ version: 1, application_id: '1234560123453231555', type: 1, event })
      return {
        headers: {
          'x-signature-timestamp': String(seconds),
          'x-signature-ed25519': sign(null, Buffer.from(`${seconds}${sent}`), discordKey).toString('hex'),
        },
        body: sent,
      }
    },
    confirm: ({ headers, body: sent }) =>
      verifyKey(sent, headers['x-signature-ed25519'], headers['x-signature-timestamp'], discordPublicKey),
  }
}
