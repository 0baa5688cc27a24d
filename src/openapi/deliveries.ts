/** `POST /<source>`: who sends there, what, and how it is proven. */
import type { SourceConfig } from '../core/adapter.ts'
import type { Config } from '../core/model/config.ts'
import { callbacksInWords, callbacksOf } from './callbacks.ts'
import { bodyOf, routesInWords } from './delivery-body.ts'
import {
  jsonContent,
  type Operation,
  type Paths,
  type Responses,
  type SecurityScheme,
  schemaRef,
} from './openapi-types.ts'
import { guestOf } from './platform-senders.ts'
import { refusing } from './responses.ts'
import { openHeaders, signatureName, signatureScheme, signedHeaders } from './signature.ts'

export const deliveryPaths = (config: Config): Paths =>
  Object.fromEntries(
    Object.values(config.sources).map((source) => [`/${source.name}`, { post: deliveryOf(config, source) }]),
  )

export const signatureSchemes = (config: Config): Readonly<Record<string, SecurityScheme>> =>
  Object.fromEntries(
    Object.values(config.sources).map((source) => [
      signatureName(source.name),
      guestOf(source)?.signature ?? signatureScheme(source),
    ]),
  )

function deliveryOf(config: Config, source: SourceConfig): Operation {
  const guest = guestOf(source)
  const operationId = `deliver-${source.name}`
  const common = { tags: ['Deliveries' as const], security: [{ [signatureName(source.name)]: [] }] }
  if (guest !== undefined) {
    const responses = { ...guest.messages.responses, ...limitedOf(source) }
    return { operationId, ...guest.words, ...common, ...guest.messages, responses }
  }
  const routes = config.routes.filter(({ on }) => on === source.name)
  const tasks = [...new Set(routes.map(({ run }) => run))]
  const events = [...new Set(routes.flatMap(({ event }) => event ?? []))]
  const parameters = [...signedHeaders(source), ...openHeaders(source, events)]
  const callbacks = callbacksOf(source)
  return {
    operationId,
    summary: tasks.length === 0 ? 'Nothing yet' : `Run ${tasks.join(', ')}`,
    description: [routesInWords(routes, source), callbacksInWords(source)].filter(Boolean).join('\n\n'),
    ...common,
    ...(parameters.length > 0 && { parameters }),
    requestBody: bodyOf(config, source),
    responses: responsesOf(routes.length > 1 ? 'Accepted' : 'Run', source),
    ...(callbacks !== undefined && { callbacks }),
  }
}

/** Slack is answered 200, whatever comes of it. */
const limitedOf = ({ adapter, limits }: SourceConfig): Responses =>
  limits === undefined || adapter === 'slack' ? {} : refusing(429)

const responsesOf = (run: 'Run' | 'Accepted', source: SourceConfig): Responses => ({
  '200': {
    description: 'The same delivery once more, and the run that it has; or nothing runs, and why.',
    content: jsonContent({ oneOf: [schemaRef(run), schemaRef('Ignored')] }),
  },
  '202': { description: 'Taken: written down, and about to start.', content: jsonContent(schemaRef(run)) },
  ...refusing(400, 401, 403, 404, 405, 413, 414, 422, 431, 500, 503),
  ...limitedOf(source),
})
