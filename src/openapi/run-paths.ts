/** `/runs/{run}` and what is below it: show, cancel, rerun, and the container's progress report. list-runs.ts has `GET /runs`. */
import type { Config } from '../core/model/config.ts'
import { errorAnswers } from './error-responses.ts'
import { listRunsOperation } from './list-runs.ts'
import {
  jsonContent,
  type Operation,
  type Parameter,
  type Paths,
  type SecurityScheme,
  schemaRef,
} from './openapi-types.ts'
import { runId } from './run-schemas.ts'

export const runSecuritySchemes: Readonly<Record<string, SecurityScheme>> = {
  runToken: {
    type: 'apiKey',
    in: 'query',
    name: 'token',
    description:
      'The token of this one run, from the `statusUrl` in the answer to a signed delivery. The links that GitHub and Slack show contain another token, which can only read.',
  },
  containerToken: {
    type: 'http',
    scheme: 'bearer',
    description: 'The token of this one run, which its container has as `TASKHOOK_TOKEN`.',
  },
}

const run: Parameter = { name: 'run', in: 'path', required: true, description: 'The id of the run.', schema: runId }
const common = { tags: ['Runs' as const], security: [{ runToken: [] }], parameters: [run] }
const runContent = jsonContent(schemaRef('Run'))

const show: Operation = {
  operationId: 'show-run',
  summary: 'Get the status of a run',
  description: 'This is the `statusUrl`.',
  ...common,
  parameters: [
    run,
    {
      name: 'wait',
      in: 'query',
      description:
        'Answer when the status changes, or after this many seconds. Ignored with a token that can only read.',
      schema: { type: 'integer', minimum: 0, maximum: 20, default: 0 },
    },
  ],
  responses: {
    '200': { description: 'The run.', content: runContent },
    ...errorAnswers(400, 401, 404, 405, 431, 500, 503),
  },
}

const personBody = {
  content: jsonContent({
    type: 'object',
    properties: { by: { type: 'string', description: 'The name of a person for the reason: `cancelled by ann`.' } },
  }),
}

const cancel: Operation = {
  operationId: 'cancel-run',
  summary: 'Cancel a run',
  ...common,
  requestBody: personBody,
  responses: {
    '200': { description: 'The run has already ended.', content: runContent },
    '202': {
      description: 'The run will be cancelled: at once if it is waiting, with StopTask if it is running.',
      content: runContent,
    },
    ...errorAnswers(400, 401, 404, 405, 413, 414, 431, 500, 503),
  },
}

const rerun: Operation = {
  operationId: 'rerun',
  summary: 'Rerun a run',
  description:
    'Runs it again, with the same parameters and the current config. This works as long as the route that started the run still exists and is unchanged.',
  ...common,
  parameters: [
    run,
    {
      name: 'Idempotency-Key',
      in: 'header',
      description: 'Requests with the same key are one rerun. Without a key, every request is a new one.',
      schema: { type: 'string' },
    },
  ],
  requestBody: personBody,
  responses: {
    '200': { description: 'A repeated request, with the rerun that exists already.', content: runContent },
    '202': { description: 'The new run. `rerunOf` names the old one.', content: runContent },
    ...errorAnswers(400, 401, 404, 405, 413, 414, 422, 429, 431, 500, 503),
  },
}

const report: Operation = {
  operationId: 'report-progress',
  summary: 'Report progress',
  description: 'For the container of the run, which has this address as `TASKHOOK_PROGRESS_URL`.',
  ...common,
  security: [{ containerToken: [] }],
  requestBody: { required: true, content: jsonContent(schemaRef('Report')) },
  responses: {
    '202': {
      description: 'Accepted. taskhook notifies the sender soon.',
      content: jsonContent({ type: 'object', properties: { run: runId }, required: ['run'] }),
    },
    ...errorAnswers(400, 401, 404, 405, 410, 413, 414, 422, 429, 431, 500, 503),
  },
}

export function runPaths(config: Config): Paths {
  // Only the answers to HMAC deliveries contain a token that can cancel and rerun.
  const hasControlTokens = Object.values(config.sources).some(({ adapter }) => adapter === 'hmac')
  const list = listRunsOperation(config)
  return {
    ...(list !== undefined && { '/runs': { get: list } }),
    '/runs/{run}': { get: show },
    ...(hasControlTokens && { '/runs/{run}/cancel': { post: cancel }, '/runs/{run}/rerun': { post: rerun } }),
    '/runs/{run}/progress': { post: report },
  }
}
