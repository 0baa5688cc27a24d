/** GitHub and Slack define the signature and the body of their deliveries. Users write no client for these paths. */
import type { SourceConfig } from '../core/adapter.ts'
import { errorAnswers } from './error-responses.ts'
import { jsonContent, type Operation, type Schema, type SecurityScheme } from './openapi-types.ts'

interface PlatformSender {
  readonly signature: SecurityScheme
  readonly operation: Pick<Operation, 'summary' | 'description' | 'requestBody' | 'responses'>
}

const anything: Schema = { type: 'object' }
const form = { 'application/x-www-form-urlencoded': { schema: anything } }

const github: PlatformSender = {
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Hub-Signature-256',
    description: "`sha256=` and the HMAC-SHA-256 of the body, in hex; the key is the webhook's secret.",
  },
  operation: {
    summary: 'Webhooks from GitHub',
    description:
      'GitHub sends its [webhooks](https://docs.github.com/en/webhooks/webhook-events-and-payloads) here, as JSON or as a form. Enter this address as the payload URL of a webhook. Do not call it yourself.',
    requestBody: { required: true, content: { ...jsonContent(anything), ...form } },
    responses: {
      '200': { description: 'No new run, with the reason.', content: jsonContent(anything) },
      '202': { description: 'Accepted.', content: jsonContent(anything) },
      ...errorAnswers(400, 401, 403, 413, 414, 422, 431, 500, 503),
    },
  },
}

const slack: PlatformSender = {
  signature: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Slack-Signature',
    description:
      "`v0=` and the HMAC-SHA-256 of `v0:{X-Slack-Request-Timestamp}:{body}`, in hex; the key is the app's signing secret.",
  },
  operation: {
    summary: 'Commands and buttons from Slack',
    description:
      'Slack sends [slash commands](https://docs.slack.dev/interactivity/implementing-slash-commands) and clicks on buttons here, as a form. Enter this address in the settings of the Slack app. Do not call it yourself.',
    requestBody: { required: true, content: form },
    responses: {
      '200': {
        description: 'The message that Slack shows to the person, also after an error.',
        content: jsonContent(anything),
      },
      ...errorAnswers(401, 413, 414, 431),
    },
  },
}

const platformSenders: Readonly<Record<string, PlatformSender>> = { github, slack }

/** @returns undefined if the deliveries of this source come from a client that its owner writes */
export const platformSenderOf = ({ adapter }: SourceConfig): PlatformSender | undefined =>
  Object.hasOwn(platformSenders, adapter) ? platformSenders[adapter] : undefined
