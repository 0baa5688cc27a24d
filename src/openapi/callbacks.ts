/** What taskhook posts to a callback URL each time a run changes its status. https://github.com/standard-webhooks/standard-webhooks */
import type { SourceConfig } from '../core/adapter.ts'
import { acceptsCallbackUrl } from './delivery-body.ts'
import { jsonContent, type Operation, type Parameter, type Paths, schemaRef } from './openapi-types.ts'

/** In Markdown; empty if the source has no callbacks. */
export function describeCallbacks({ options: { callbackUrl, callbackHosts } }: SourceConfig): string {
  const fixed = typeof callbackUrl === 'string' ? `\`${callbackUrl}\`` : undefined
  const hosts = [callbackHosts ?? []].flat().map((host) => `\`${host}\``)
  if (hosts.length === 0) return fixed === undefined ? '' : `taskhook posts each change of a run's status to ${fixed}.`
  const otherwise = fixed === undefined ? '' : `, or to ${fixed} if there is none`
  return `taskhook posts each change of a run's status to the \`callbackUrl\` in the body, on ${hosts.join(' or ')}${otherwise}.`
}

/** @returns undefined if the source has no callbacks */
export function callbacksOf(source: SourceConfig): Readonly<Record<string, Paths>> | undefined {
  const { callbackUrl } = source.options
  const urls = [
    ...(typeof callbackUrl === 'string' ? [callbackUrl] : []),
    ...(acceptsCallbackUrl(source) ? ['{$request.body#/callbackUrl}'] : []),
  ]
  if (urls.length === 0) return undefined
  return { run: Object.fromEntries(urls.map((url, at) => [url, { post: callbackOperation(source.name, at) }])) }
}

/** Operation ids must be unique, and a source may have two callback URLs. */
const callbackOperation = (source: string, at: number): Operation => ({
  operationId: at === 0 ? `tell-${source}` : `tell-${source}-${at + 1}`,
  summary: 'The status of a run has changed',
  description:
    'Signed as [Standard Webhooks](https://www.standardwebhooks.com) defines, with the secret for callbacks. Verify the signature before you use the body. Any 2xx acknowledges the callback; after any other answer taskhook retries later.',
  tags: ['Deliveries'],
  security: [],
  parameters: [
    header('webhook-id', 'The id of the message, made of the run and its status. A retry has the same id.'),
    header('webhook-timestamp', 'When the message was sent, in seconds since 1970.'),
    header('webhook-signature', '`v1,` and the HMAC-SHA-256 of `{id}.{timestamp}.{body}`, in base64.'),
    header('traceparent', 'The `traceparent` of the delivery, if it had one. Not signed.', false),
    header('tracestate', 'The `tracestate` of the delivery, if it had one. Not signed.', false),
  ],
  requestBody: { required: true, content: jsonContent(schemaRef('RunEvent')) },
  responses: { '2XX': { description: 'Acknowledged.' } },
})

const header = (name: string, description: string, required = true): Parameter => ({
  name,
  in: 'header',
  required,
  description,
  schema: { type: 'string' },
})
