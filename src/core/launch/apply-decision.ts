/** Acts on a decision about a claimed run: ledger, log, queue, notification. */
import { type CancelServices, cancelRun } from '../lifecycle/cancel.ts'
import { concludeAndNotify } from '../lifecycle/conclude.ts'
import { notify } from '../lifecycle/notify.ts'
import type { ClaimedRun, EndedRun, RunRecord } from '../model/run-record.ts'
import type { Services } from '../services.ts'
import { logRunStep } from '../telemetry/run-log.ts'
import { waitingReason } from '../text/waiting-reasons.ts'
import type { End, GateDecision, Wait } from './decision.ts'

export type ApplyServices = CancelServices & Pick<Services, 'queue'>

/** Does nothing if the lease was lost: the function that has it now decides anew. */
export async function applyDecision(
  services: ApplyServices,
  row: ClaimedRun,
  decision: Exclude<GateDecision, { kind: 'proceed' }>,
): Promise<void> {
  switch (decision.kind) {
    case 'wait':
      return applyWait(services, row, decision)
    case 'end':
      return applyEnd(services, row, decision)
    case 'gone':
      return
  }
}

async function applyWait(services: ApplyServices, row: ClaimedRun, wait: Wait): Promise<void> {
  const { waiting, dueAt, retry, replaces = [], log } = wait
  const reason = waitingReason(waiting)
  const queued = await services.ledger.enqueue({
    run: row.run,
    lease: row.leaseUntil,
    waiting,
    reason,
    dueAt,
    ...retry,
  })
  if (queued !== undefined) {
    logRunStep(services.log, row, { ...log, status: 'queued', reason })
    await afterEnqueue(services, row, queued, wait)
  }
  for (const older of replaces) await cancelRun(services, older, 'a newer run')
}

async function afterEnqueue(
  services: ApplyServices,
  claimed: ClaimedRun,
  queued: RunRecord,
  wait: Wait,
): Promise<void> {
  const { run, cancelBy, unsure } = queued
  // The cancellation came while the run was claimed.
  if (cancelBy !== undefined && unsure !== true) return cancelRun(services, run, cancelBy)
  if (cancelBy !== undefined) return startToStop(services, claimed, wait)
  const againMs = isApproved(queued, wait) ? 0 : wait.againMs
  if (againMs !== undefined) await services.queue.send({ kind: 'start', run }, againMs / 1000)
  if (wait.quiet !== true) await notify(services, queued)
}

/** While ECS keeps refusing, the start of a cancelled run is repeated at least this often. In milliseconds. */
const cancelledAgainMs = 10_000

/**
 * A cancelled run may have a task. Its start is repeated: its token finds the task, which is then stopped. The first repetition comes at
 * once. Further ones are delayed, so that they do not add to the load of an ECS that fails. The sender hears of the end only.
 */
function startToStop(
  { queue }: ApplyServices,
  { run, cancelBy }: ClaimedRun,
  { againMs = cancelledAgainMs }: Wait,
): Promise<void> {
  const delayMs = cancelBy === undefined ? 0 : Math.min(againMs, cancelledAgainMs)
  return queue.send({ kind: 'start', run }, delayMs / 1000)
}

/** The approval came while the run was claimed, so the start that it queued found nothing to do. */
const isApproved = ({ approvedBy }: RunRecord, { waiting }: Wait): boolean =>
  waiting.kind === 'approval' && approvedBy !== undefined

async function applyEnd(services: ApplyServices, row: ClaimedRun, { end, reason, log }: End): Promise<void> {
  const ended = await endClaimed(services, row, end, reason)
  if (ended === undefined) return
  logRunStep(services.log, row, { ...log, status: ended.status, reason })
  await concludeAndNotify(services, ended)
}

function endClaimed(
  { ledger, now }: ApplyServices,
  { run, leaseUntil: lease }: ClaimedRun,
  end: End['end'],
  reason: string,
): Promise<EndedRun | undefined> {
  const ending = { run, lease, reason, now: now() }
  switch (end.kind) {
    case 'failed-to-start':
      return ledger.failToStart({ ...ending, attempts: end.attempts })
    case 'cancelled':
      return ledger.cancelClaimed({ ...ending, endedBy: end.endedBy })
    case 'expired':
      return ledger.expire(ending)
  }
}
