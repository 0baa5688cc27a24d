/**
 * The sweep repairs runs that do not move: never queued, never started, ended without an event, past their timeout, not concluded, or
 * with a sender that was never notified.
 */
import type { RunRecord } from '../model/run-record.ts'
import { reviewAfterMs } from '../model/sweep-schedule.ts'
import { runContext } from '../telemetry/run-log.ts'
import { type ReviewServices, reviewRun } from './review-run.ts'

export type SweepServices = ReviewServices

const maxRuns = 100

export async function sweep(services: SweepServices): Promise<void> {
  const { ledger, log, now } = services
  const overdue = await ledger.dueForReview({ now: now(), limit: maxRuns })
  for (const run of overdue) {
    let row: RunRecord | undefined
    try {
      row = await ledger.read(run)
      if (row !== undefined) await reviewRun(services, row)
    } catch (error) {
      log.error('the sweep could not repair a run', { ...(row === undefined ? { run } : runContext(row)), error })
      // To the end of the index: a run that can never be repaired must not keep the sweep from the others.
      await ledger.scheduleReview({ run, dueAt: now() + reviewAfterMs.queued })
    }
  }
}
