/** `POST /<source>` for each source: its body, its signature and its answers. */
import { schemeOf } from '../adapters/hmac/schemes.ts'
import type { SourceConfig } from '../core/adapter.ts'
import type { Config } from '../core/model/config.ts'
import { callbacksOf, describeCallbacks } from './callbacks.ts'
import { deliveryBody } from './delivery-body.ts'
import { describeRoutes } from './describe-routes.ts'
import { errorAnswers } from './error-responses.ts'
import {
  jsonContent,
  type Operation,
  type Paths,
  type Response,
  type Responses,
  type Schema,
  type SecurityScheme,
  schemaRef,
} from './openapi-types.ts'
import { platformSenderOf } from './platform-senders.ts'
import { signedHeaders, unsignedHeaders } from './signature-headers.ts'
import { signatureName, signatureScheme } from './signature-scheme.ts'

export const deliveryPaths = (config: Config): Paths =>
  Object.fromEntries(
    Object.values(config.sources).map((source) => [`/${source.name}`, { post: deliveryOperation(config, source) }]),
  )

export const signatureSchemes = (config: Config): Readonly<Record<string, SecurityScheme>> =>
  Object.fromEntries(
    Object.values(config.sources).map((source) => [
      signatureName(source.name),
      platformSenderOf(source)?.signature ?? signatureScheme(source),
    ]),
  )

function deliveryOperation(config: Config, source: SourceConfig): Operation {
  const platform = platformSenderOf(source)
  const operationId = `deliver-${source.name}`
  const common = { tags: ['Deliveries' as const], security: [{ [signatureName(source.name)]: [] }] }
  if (platform !== undefined) {
    const responses = { ...platform.operation.responses, ...rateLimitAnswer(source) }
    return { operationId, ...platform.operation, ...common, responses }
  }
  const routes = config.routes.filter(({ on }) => on === source.name)
  const tasks = [...new Set(routes.map(({ run }) => run))]
  const events = [...new Set(routes.flatMap(({ event }) => event ?? []))]
  const parameters = [...signedHeaders(source), ...unsignedHeaders(source, events)]
  const callbacks = callbacksOf(source)
  return {
    operationId,
    summary: tasks.length === 0 ? 'No task yet' : `Run ${tasks.join(', ')}`,
    description: [describeRoutes(routes, source), describeCallbacks(source)].filter(Boolean).join('\n\n'),
    ...common,
    ...(parameters.length > 0 && { parameters }),
    requestBody: deliveryBody(config, source),
    responses: deliveryAnswers(routes.length > 1 ? 'Accepted' : 'Run', source),
    ...(callbacks !== undefined && { callbacks }),
  }
}

function deliveryAnswers(schema: 'Run' | 'Accepted', source: SourceConfig): Responses {
  const { each, accepted: ofPreset } = schemeOf(source.options)
  const { accepted = ofPreset, refusals } = source.options
  const duplicate = each === undefined ? { oneOf: [schemaRef(schema), schemaRef('Ignored')] } : batchResults
  const fresh = each === undefined ? schemaRef(schema) : batchResults
  const refusal = refusals === undefined ? '' : ' Or a refusal, as problem details.'
  const answers = {
    '200': {
      description: `A duplicate of an earlier delivery, with the run that it started; or an ignored delivery, with the reason.${refusal}`,
      content: jsonContent(duplicate),
    },
    '202': { description: 'Accepted. The run is recorded and will start.', content: jsonContent(fresh) },
  }
  const errors = errorAnswers(401, 405, 414, 431, 500, 503)
  const refused = refusals === undefined ? errorAnswers(400, 403, 404, 413, 422) : errorAnswers(404, 413)
  return { ...withStatus(answers, accepted), ...errors, ...refused, ...rateLimitAnswer(source) }
}

/** The config may set one status for every success. */
function withStatus(answers: { readonly '200': Response; readonly '202': Response }, accepted: unknown): Responses {
  if (accepted === undefined) return answers
  if (accepted === 204) return { '204': { description: 'Accepted, a duplicate, or ignored.' } }
  const schemas = [answers['202'], answers['200']].flatMap(({ content }) => content?.['application/json']?.schema ?? [])
  const description = `Accepted. ${answers['200'].description}`
  return { [String(accepted)]: { description, content: jsonContent({ anyOf: schemas }) } }
}

/** One answer for each delivery of a batch. */
const batchResults: Schema = {
  type: 'object',
  required: ['results'],
  properties: {
    results: {
      type: 'array',
      items: {
        type: 'object',
        required: ['code'],
        properties: {
          code: { type: 'integer', description: 'The HTTP status that the delivery would have got alone.' },
        },
      },
    },
  },
}

/** Slack gets a 200 even if the delivery is over a limit. */
const rateLimitAnswer = ({ adapter, limits }: SourceConfig): Responses =>
  limits === undefined || adapter === 'slack' ? {} : errorAnswers(429)
