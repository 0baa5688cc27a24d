/** A run for which a second person must say yes. */

import { cancelRun, notifyCancelled } from '../lifecycle/cancel.ts'
import { notify } from '../lifecycle/notify.ts'
import { approvalDeadline } from '../model/approval-window.ts'
import type { RunRecord } from '../model/run-record.ts'
import { reviewAfterMs } from '../model/sweep-schedule.ts'
import type { Services } from '../services.ts'
import { logRunStep } from '../telemetry/run-log.ts'

const waitReason = 'waits for approval'

/** May a claimed run go on? @returns false: it has been put back to wait, or has ended */
export async function approvalGate(services: Services, row: RunRecord): Promise<boolean> {
  const until = approvalDeadline(row)
  if (until === undefined) return true
  if (services.now() >= until) {
    const ended = await services.ledger.expire(row.run, row.leaseUntil, 'nobody approved it in time', services.now())
    if (ended !== undefined) await notifyCancelled(services, ended)
    return false
  }
  // Whoever had it before, and died, has not started it either: it can be cancelled at once.
  const waiting = await services.ledger.enqueue(row.run, row.leaseUntil, waitReason, until, false)
  if (waiting === undefined) return false
  if (waiting.cancelBy !== undefined) {
    await cancelRun(services, row.run, waiting.cancelBy)
    return false
  }
  // Somebody was faster than its first message: whoever that was has called while it was claimed.
  if (waiting.approvedBy !== undefined) await services.queue.send({ verb: 'start', run: row.run })
  logRunStep(services.log, row, { status: 'queued', reason: waitReason })
  await notify(services, waiting)
  return false
}

export async function approve(services: Services, run: string, by: string, actor: string): Promise<void> {
  // It was said in time, or the door would not have taken it; however late the queue brings it.
  const now = services.now()
  const row =
    (await services.ledger.approve(run, by, actor, now, now + reviewAfterMs.queued)) ??
    (await services.ledger.read(run))
  // Once more does no harm, and the first call may have died before it called the start.
  if (row?.approvedBy === by && row.status === 'queued') await services.queue.send({ verb: 'start', run })
}

/** @returns false: it is being looked at right now, so once more later */
export async function reject(services: Services, run: string, by: string): Promise<boolean> {
  const rejected = await services.ledger.reject(run, by, services.now())
  if (rejected !== undefined) await notifyCancelled(services, rejected)
  if (rejected !== undefined) return true
  const row = await services.ledger.read(run)
  return row === undefined || row.status !== 'starting' || approvalDeadline(row) === undefined
}
