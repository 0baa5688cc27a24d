/** The addresses of runs: follow, cancel, repeat, find; and what a container says about itself. */
import type { Config } from '../core/model/config.ts'
import {
  jsonContent,
  type Operation,
  type Parameter,
  type Paths,
  type SecurityScheme,
  schemaRef,
} from './openapi-types.ts'
import { refusing } from './responses.ts'
import { runId } from './schemas.ts'
import { signatureName, signedHeaders, signsTimestamp } from './signature.ts'

export const runSchemes: Readonly<Record<string, SecurityScheme>> = {
  runToken: {
    type: 'apiKey',
    in: 'query',
    name: 'token',
    description:
      'Of this one run: it stands in the `statusUrl` of the signed answer to a delivery. The links that GitHub and Slack show carry another token, which only reads.',
  },
  containerToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'Of this one run: its container finds it in `TASKHOOK_TOKEN`.',
  },
}

const run: Parameter = { name: 'run', in: 'path', required: true, description: 'The id of the run.', schema: runId }
const common = { tags: ['Runs' as const], security: [{ runToken: [] }], parameters: [run] }
const theRun = jsonContent(schemaRef('Run'))

const show: Operation = {
  operationId: 'show-run',
  summary: 'How a run stands',
  description: 'This is the `statusUrl`.',
  ...common,
  parameters: [
    run,
    {
      name: 'wait',
      in: 'query',
      description: 'Answer when the status changes, or after so many seconds. Not for a token that only reads.',
      schema: { type: 'integer', minimum: 0, maximum: 20, default: 0 },
    },
  ],
  responses: { '200': { description: 'The run.', content: theRun }, ...refusing(400, 401, 404, 405, 431, 500, 503) },
}

const byWhom = {
  content: jsonContent({
    type: 'object',
    properties: { by: { type: 'string', description: 'A name for the reason: cancelled by ann.' } },
  }),
}

const cancel: Operation = {
  operationId: 'cancel-run',
  summary: 'Cancel a run',
  ...common,
  requestBody: byWhom,
  responses: {
    '200': { description: 'It has ended already.', content: theRun },
    '202': { description: 'It will be: at once where it waits, stopped where it runs.', content: theRun },
    ...refusing(400, 401, 404, 405, 413, 414, 431, 500, 503),
  },
}

const rerun: Operation = {
  operationId: 'rerun',
  summary: 'Run it again',
  description:
    "With the same parameters and today's config, as long as the route that made the run is there and the same.",
  ...common,
  parameters: [
    run,
    {
      name: 'Idempotency-Key',
      in: 'header',
      description: 'The same wish twice, under the same key, is one run.',
      schema: { type: 'string' },
    },
  ],
  requestBody: byWhom,
  responses: {
    '200': { description: 'The same wish once more, and the run that it has.', content: theRun },
    '202': { description: 'A new run; `rerunOf` names the old one.', content: theRun },
    ...refusing(400, 401, 404, 405, 413, 414, 422, 429, 431, 500, 503),
  },
}

const reported = jsonContent({ type: 'object', properties: { run: runId }, required: ['run'] })

const report: Operation = {
  operationId: 'report-progress',
  summary: 'Say how far it is',
  description: 'For the container of the run, which finds this address in `TASKHOOK_PROGRESS_URL`.',
  ...common,
  security: [{ containerToken: [] }],
  requestBody: { required: true, content: jsonContent(schemaRef('Report')) },
  responses: {
    '202': { description: 'Taken; its sender is told soon.', content: reported },
    ...refusing(400, 401, 404, 405, 410, 413, 414, 422, 429, 431, 500, 503),
  },
}

export function runPaths(config: Config): Paths {
  // Only whoever signs an HMAC is given a token that does more than show.
  const acted = Object.values(config.sources).some(({ adapter }) => adapter === 'hmac')
  const list = listOf(config)
  return {
    ...(list !== undefined && { '/runs': { get: list } }),
    '/runs/{run}': { get: show },
    ...(acted && { '/runs/{run}/cancel': { post: cancel }, '/runs/{run}/rerun': { post: rerun } }),
    '/runs/{run}/progress': { post: report },
  }
}

/** Undefined: no source may ask for a list. */
function listOf({ sources, routes }: Config): Operation | undefined {
  const askers = Object.values(sources).filter(
    (source) => signsTimestamp(source) && routes.some(({ on }) => on === source.name),
  )
  if (askers.length === 0) return undefined
  const names = askers.map(({ name }) => name)
  const tasks = [...new Set(routes.filter(({ on }) => names.includes(on)).map((route) => route.run))]
  const headers = new Map(askers.flatMap(signedHeaders).map((header) => [header.name, header]))
  const choice = (name: string, options: string[], description: string): Parameter => {
    return { name, in: 'query', required: true, description, schema: { type: 'string', enum: options } }
  }
  return {
    operationId: 'list-runs',
    summary: 'The newest runs of a task',
    description: 'The newest 25 that this source has asked for. Signed like a delivery, with an empty body.',
    tags: ['Runs'],
    security: names.map((name) => ({ [signatureName(name)]: [] })),
    parameters: [
      choice('source', names, 'As which sender you sign.'),
      choice('task', tasks, 'The task whose runs are asked for.'),
      // Where senders differ, none of their headers is everybody's.
      ...[...headers.values()].map((header) => ({
        ...header,
        required: askers.length === 1,
        description: 'Signed, as in a delivery.',
      })),
    ],
    responses: {
      '200': { description: 'The runs.', content: jsonContent(schemaRef('RunList')) },
      ...refusing(400, 401, 404, 405, 431, 500, 503),
    },
  }
}
