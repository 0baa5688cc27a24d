/** `GET /runs`: the runs of a task that a source requested. */
import type { SourceConfig } from '../core/adapter.ts'
import type { Config } from '../core/model/config.ts'
import { errorAnswers } from './error-responses.ts'
import { jsonContent, type Operation, type Parameter, schemaRef } from './openapi-types.ts'
import { signedHeaders } from './signature-headers.ts'
import { signatureName, signsTimestamp } from './signature-scheme.ts'

/** @returns undefined if no source may list runs */
export function listRunsOperation({ sources, routes }: Config): Operation | undefined {
  // Only sources that sign a timestamp may list runs. Otherwise a recorded request would work for ever.
  const allowed = Object.values(sources).filter(
    (source) => signsTimestamp(source) && routes.some(({ on }) => on === source.name),
  )
  if (allowed.length === 0) return undefined
  const names = allowed.map(({ name }) => name)
  const tasks = [...new Set(routes.filter(({ on }) => names.includes(on)).map((route) => route.run))]
  return {
    operationId: 'list-runs',
    summary: 'List recent runs of a task',
    description:
      'Of the newest 25 runs of the task, those that this source requested, so there may be fewer than 25. Signed like a delivery, with an empty body.',
    tags: ['Runs'],
    security: names.map((name) => ({ [signatureName(name)]: [] })),
    parameters: [
      choice('source', names, 'The source whose secret signs the request.'),
      choice('task', tasks, 'The task whose runs to list.'),
      ...signedHeadersOf(allowed),
    ],
    responses: {
      '200': { description: 'The runs, newest first.', content: jsonContent(schemaRef('RunList')) },
      ...errorAnswers(400, 401, 404, 405, 431, 500, 503),
    },
  }
}

const choice = (name: string, options: string[], description: string): Parameter => ({
  name,
  in: 'query',
  required: true,
  description,
  schema: { type: 'string', enum: options },
})

/** If several sources may list runs, no header is required by all of them. */
function signedHeadersOf(sources: readonly SourceConfig[]): Parameter[] {
  const headers = new Map(sources.flatMap(signedHeaders).map((header) => [header.name, header]))
  return [...headers.values()].map((header) => ({
    ...header,
    required: sources.length === 1,
    description: 'Signed, as in a delivery.',
  }))
}
