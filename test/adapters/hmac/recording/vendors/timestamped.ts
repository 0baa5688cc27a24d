/** Senders that sign their time and put it into the header of the signature, or beside it. */
import { mac } from '../../../../support/sign.ts'
import { body, by, event, note, text } from '../packages.ts'
import type { Attempt, Sender, Sent } from '../recorder.ts'

/** @param require loads a package from the folder in which they are installed */
export function timestamped(require: NodeJS.Require): readonly Sender[] {
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
