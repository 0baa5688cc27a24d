/** Core's JSON for an answer. An adapter may have a format of its own (`httpReply`). */
import { httpStatusOf } from '../errors.ts'
import type { Answer } from '../model/answer.ts'
import type { HttpReply } from '../model/http-request.ts'
import type { RunView } from '../model/run-view.ts'
import { json, problemReply } from './json-reply.ts'

export function answerReply(answer: Answer): HttpReply {
  switch (answer.kind) {
    case 'accepted': {
      const [first, ...rest] = answer.runs.map(runJson)
      return json(answer.fresh ? 202 : 200, rest.length > 0 ? { ...first, runs: [first, ...rest] } : first)
    }
    case 'ignored':
      return json(200, { status: 'ignored', reason: answer.reason })
    case 'help':
      return json(200, { status: 'help', tasks: answer.tasks })
    case 'params-requested':
      return problemReply(httpStatusOf.unprocessable, 'parameters are missing', answer.problems)
    case 'deferred':
      return json(202, { status: 'accepted' })
    case 'recent':
      return json(200, { runs: answer.runs.map(runJson) })
    case 'action':
      return json(200, runJson(answer.run))
    case 'batch':
      return batchReply(answer.answers.map(answerReply))
    case 'refused':
      return problemReply(answer.status, answer.title, answer.problems, answer.retryAfter)
  }
}

/**
 * The sender repeats the whole batch after an answer that asks for it, which starts nothing twice. A refused element is not worth
 * repeating, so it does not change the status unless all are refused.
 */
function batchReply(replies: readonly HttpReply[]): HttpReply {
  const results = replies.map(({ status, body }) => ({
    code: status,
    ...(JSON.parse(body) as Record<string, unknown>),
  }))
  const later = replies.find(({ status }) => status >= 500 || status === 429)
  const isRefused = replies.length > 0 && replies.every(({ status }) => status >= 400)
  const status = later?.status ?? (isRefused ? 422 : replies.some((each) => each.status === 202) ? 202 : 200)
  const whole = json(status, { results })
  // Lambda answers 502 for more than 6 MB, although the runs are stored.
  const reply = whole.body.length < maxBatchCharacters ? whole : json(status, { results: results.map(shortResult) })
  const { 'retry-after': retryAfter } = later?.headers ?? {}
  return retryAfter === undefined ? reply : { ...reply, headers: { ...reply.headers, 'retry-after': retryAfter } }
}

const maxBatchCharacters = 4_000_000

const shortResult = ({ code, run, status, detail }: Readonly<Record<string, unknown>>) => ({
  code,
  run,
  status,
  detail,
})

/** A run in replies and callbacks. Scripts depend on these keys. */
export const runJson = (run: RunView): Record<string, unknown> => ({
  run: run.run,
  task: run.task,
  status: run.status,
  statusUrl: run.statusUrl,
  params: run.params,
  createdAt: run.createdAt,
  exitCode: run.exitCode,
  reason: run.reason,
  startedAt: run.startedAt,
  stoppedAt: run.stoppedAt,
  taskArn: run.taskArn,
  rerunOf: run.rerunOf,
  placed: run.placed,
  logUrl: run.logUrl,
  approval: run.approval,
  approvedBy: run.approvedBy,
  progress: run.progress,
  outputs: run.outputs,
  links: run.links,
})
