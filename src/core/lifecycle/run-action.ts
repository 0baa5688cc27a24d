/** Does what a sender asks for an existing run, as far as `receive` can: it shows the run, opens a rerun, or queues the rest for `start`. */
import type { SenderTools } from '../adapter.ts'
import { Unprocessable } from '../errors.ts'
import type { Answer } from '../model/answer.ts'
import { approvalDeadline } from '../model/approval-window.ts'
import { isTerminal } from '../model/run.ts'
import type { PublicRecord } from '../model/run-record.ts'
import type { Trace } from '../model/trace.ts'
import type { RunAction } from '../model/translation.ts'
import type { Services, Source } from '../services.ts'
import { plainName } from '../text/plain-name.ts'
import { type RerunServices, rerun } from './rerun.ts'
import { authorizeAction } from './run-action-access.ts'
import { runView } from './run-view.ts'

export type RunActionServices = RerunServices & Pick<Services, 'secrets' | 'tokenKeyReference'>

export interface ActionContext {
  /** The same delivery again starts no second rerun. */
  readonly deliveryKey: string
  readonly origin: string
  readonly trace?: Trace | undefined
  /** The answer to the requester was that the action is queued. */
  readonly promised?: boolean
}

/** @throws {TaskhookError} if the run belongs to another source, or the person may not do this, or it is not possible now */
export async function performRunAction(
  services: RunActionServices,
  source: Source,
  action: RunAction,
  context: ActionContext,
  tools: SenderTools,
): Promise<Extract<Answer, { kind: 'action' }>> {
  const row = await authorizeAction(services, source, action, tools)
  const by = plainName(action.actorName ?? action.actor)
  // Before anything is done: an answer without it would be a failure, and the sender would repeat the action.
  const tokenKey = await services.secrets.current([services.tokenKeyReference])
  const after = await perform(services, row, action, by, context)
  return { kind: 'action', verb: action.verb, by, run: runView(after, tokenKey) }
}

/** @returns the run that the answer shows: after a rerun, the new one */
async function perform(
  services: RunActionServices,
  row: PublicRecord,
  { verb, actor, facts, replyAddress }: RunAction,
  by: string,
  context: ActionContext,
): Promise<PublicRecord> {
  const { run } = row
  switch (verb) {
    case 'show':
      return row
    case 'rerun': {
      const { deliveryKey: requestKey, ...rest } = context
      const workspace = facts.workspaces?.[0]
      const answer = { kind: 'to', replyAddress } as const
      return (await rerun(services, row, { ...rest, requestKey, actor, workspace, answer })).row
    }
    case 'cancel':
      if (!isTerminal(row.status)) await services.queue.send({ kind: 'cancel', run, by })
      return row
    case 'approve':
      checkWaiting(services, row)
      await services.queue.send({ kind: 'approve', run, by, actor })
      return row
    case 'reject':
      checkWaiting(services, row)
      await services.queue.send({ kind: 'reject', run, by })
      return row
  }
}

/** @throws {Unprocessable} if the run does not wait for approval */
function checkWaiting({ now }: Pick<Services, 'now'>, row: PublicRecord): void {
  const why = whyNotWaiting(row, now())
  if (why !== undefined) throw new Unprocessable(why, [])
}

function whyNotWaiting(row: PublicRecord, now: number): string | undefined {
  if (row.approvedBy !== undefined) return `It has already been approved by ${row.approvedBy}`
  if (isTerminal(row.status)) return `It is ${row.status}`
  const until = approvalDeadline(row)
  if (until === undefined) return 'It does not wait for approval'
  return now >= until ? 'The time to approve it is over' : undefined
}
