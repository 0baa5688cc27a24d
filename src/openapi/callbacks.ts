/** What a sender is posted while its run goes on. https://github.com/standard-webhooks/standard-webhooks */
import type { SourceConfig } from '../core/adapter.ts'
import { takesCallback } from './delivery-body.ts'
import { jsonContent, type Operation, type Parameter, type Paths, schemaRef } from './openapi-types.ts'

const header = (name: string, description: string, required = true): Parameter => ({
  name,
  in: 'header',
  required,
  description,
  schema: { type: 'string' },
})

const told = (source: string): Operation => ({
  operationId: `tell-${source}`,
  summary: 'A run has moved on',
  description:
    'Signed by [Standard Webhooks](https://www.standardwebhooks.com) with the secret for callbacks; check it before you believe it. An answer of 2xx is the end of it; after any other it is sent again, later.',
  tags: ['Deliveries'],
  security: [],
  parameters: [
    header('webhook-id', 'Names the message: the run and its status. Sent again, it has the same name.'),
    header('webhook-timestamp', 'When it was sent, in seconds since 1970.'),
    header('webhook-signature', '`v1,` and the HMAC-SHA-256 over `{id}.{timestamp}.{body}`, in base64.'),
    header('traceparent', 'That of the delivery, where it had one. Not signed.', false),
    header('tracestate', 'That of the delivery, where it had one. Not signed.', false),
  ],
  requestBody: { required: true, content: jsonContent(schemaRef('RunEvent')) },
  responses: { '2XX': { description: 'Taken.' } },
})

/** Who is told, in Markdown; empty: nobody. */
export function callbacksInWords({ options: { callbackUrl, callbackHosts } }: SourceConfig): string {
  const fixed = typeof callbackUrl === 'string' ? `\`${callbackUrl}\`` : undefined
  const hosts = [callbackHosts ?? []].flat().map((host) => `\`${host}\``)
  if (hosts.length === 0) return fixed === undefined ? '' : `Each change of a run's status is told to ${fixed}.`
  const otherwise = fixed === undefined ? '' : `, else to ${fixed}`
  return `Each change of a run's status is told to the \`callbackUrl\` of the body, on ${hosts.join(' or ')}${otherwise}.`
}

/** Undefined: this source is told nothing. */
export function callbacksOf(source: SourceConfig): Readonly<Record<string, Paths>> | undefined {
  const { callbackUrl } = source.options
  const addresses = [
    ...(typeof callbackUrl === 'string' ? [callbackUrl] : []),
    ...(takesCallback(source) ? ['{$request.body#/callbackUrl}'] : []),
  ]
  if (addresses.length === 0) return undefined
  return { run: Object.fromEntries(addresses.map((address, at) => [address, { post: notifiedAt(source.name, at) }])) }
}

/** Operation ids are unique, and there may be two addresses. */
const notifiedAt = (source: string, at: number): Operation => ({
  ...told(source),
  ...(at > 0 && { operationId: `tell-${source}-${at + 1}` }),
})
