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
    case 'refused':
      return problemReply(answer.status, answer.title, answer.problems, answer.retryAfter)
  }
}

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
