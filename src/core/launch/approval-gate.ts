/** A run for which a second person must say yes. */

import { cancelRun, tellCancelled } from '../lifecycle/cancel.ts'
import { tell } from '../lifecycle/notify.ts'
import { waitsUntil } from '../model/approval-window.ts'
import type { RunRow } from '../model/run-record.ts'
import { lookAgainMs } from '../model/sweep-schedule.ts'
import type { Parts } from '../services.ts'
import { noteStep } from '../telemetry/run-log.ts'

const waitReason = 'waits for approval'

/** May a claimed run go on? @returns false: it has been put back to wait, or has ended */
export async function isApproved(parts: Parts, row: RunRow): Promise<boolean> {
  const until = waitsUntil(row)
  if (until === undefined) return true
  if (parts.now() >= until) {
    const ended = await parts.ledger.expire(row.run, row.leaseUntil, 'nobody approved it in time', parts.now())
    if (ended !== undefined) await tellCancelled(parts, ended)
    return false
  }
  // Whoever had it before, and died, has not started it either: it can be cancelled at once.
  const waiting = await parts.ledger.line(row.run, row.leaseUntil, waitReason, until, false)
  if (waiting === undefined) return false
  if (waiting.cancelBy !== undefined) {
    await cancelRun(parts, row.run, waiting.cancelBy)
    return false
  }
  // Somebody was faster than its first message: whoever that was has called while it was claimed.
  if (waiting.approvedBy !== undefined) await parts.queue.send({ verb: 'start', run: row.run })
  noteStep(parts.log, row, { status: 'queued', reason: waitReason })
  await tell(parts, waiting)
  return false
}

export async function approve(parts: Parts, run: string, by: string, actor: string): Promise<void> {
  // It was said in time, or the door would not have taken it; however late the queue brings it.
  const now = parts.now()
  const row =
    (await parts.ledger.approve(run, by, actor, now, now + lookAgainMs.queued)) ?? (await parts.ledger.read(run))
  // Once more does no harm, and the first call may have died before it called the start.
  if (row?.approvedBy === by && row.status === 'queued') await parts.queue.send({ verb: 'start', run })
}

/** @returns false: it is being looked at right now, so once more later */
export async function reject(parts: Parts, run: string, by: string): Promise<boolean> {
  const rejected = await parts.ledger.reject(run, by, parts.now())
  if (rejected !== undefined) await tellCancelled(parts, rejected)
  if (rejected !== undefined) return true
  const row = await parts.ledger.read(run)
  return row === undefined || row.status !== 'starting' || waitsUntil(row) === undefined
}
