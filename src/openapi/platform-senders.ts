/** Senders that sign and word their deliveries by rules of their own; nobody writes a client for these. */
import type { SourceConfig } from '../core/adapter.ts'
import { jsonContent, type Operation, type Schema, type SecurityScheme } from './openapi-types.ts'
import { refusing } from './responses.ts'

interface Guest {
  readonly signature: SecurityScheme
  readonly words: Pick<Operation, 'summary' | 'description'>
  readonly messages: Pick<Operation, 'requestBody' | 'responses'>
}

const anything: Schema = { type: 'object' }
const form = { 'application/x-www-form-urlencoded': { schema: anything } }

const github: Guest = {
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Hub-Signature-256',
    description: "HMAC-SHA-256 over the body, in hex, behind `sha256=`; the key is the webhook's secret.",
  },
  words: {
    summary: 'For GitHub',
    description:
      'GitHub sends its [webhooks](https://docs.github.com/en/webhooks/webhook-events-and-payloads) here, as JSON or as a form. Set this address up as a webhook; it is not for calling by hand.',
  },
  messages: {
    requestBody: { required: true, content: { ...jsonContent(anything), ...form } },
    responses: {
      '200': { description: 'Nothing new runs, and why.', content: jsonContent(anything) },
      '202': { description: 'Taken.', content: jsonContent(anything) },
      ...refusing(400, 401, 403, 413, 414, 422, 431, 500, 503),
    },
  },
}

const slack: Guest = {
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Slack-Signature',
    description:
      "HMAC-SHA-256 over `v0:{X-Slack-Request-Timestamp}:{body}`, in hex, behind `v0=`; the key is the app's signing secret.",
  },
  words: {
    summary: 'For Slack',
    description:
      'Slack sends [slash commands](https://docs.slack.dev/interactivity/implementing-slash-commands) and buttons here, as a form. Set this address up in the Slack app; it is not for calling by hand.',
  },
  messages: {
    requestBody: { required: true, content: form },
    responses: {
      '200': {
        description: 'Whatever came of it: the message that the person is shown.',
        content: jsonContent(anything),
      },
      ...refusing(401, 413, 414, 431),
    },
  },
}

const guests: Readonly<Record<string, Guest>> = { github, slack }

/** Undefined: whoever sends there writes his own client. */
export const guestOf = ({ adapter }: SourceConfig): Guest | undefined =>
  Object.hasOwn(guests, adapter) ? guests[adapter] : undefined
