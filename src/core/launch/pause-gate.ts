/** A run whose task is paused waits: it was accepted, so it starts once the pause has ended. */
import { cancelRun } from '../lifecycle/cancel.ts'
import { notify } from '../lifecycle/notify.ts'
import { pausedText, pauseSeconds } from '../model/pause.ts'
import type { RunRecord } from '../model/run-record.ts'
import { reviewAfterMs } from '../model/sweep-schedule.ts'
import type { Services } from '../services.ts'
import { logRunStep } from '../telemetry/run-log.ts'

/** A pause can be ended at any time, so there is a look once a minute. */
const lookMs = 60_000

/**
 * Is a claimed run to wait? One that is to be cancelled goes on, since that starts nothing new.
 * @returns true: it has been put back
 */
export async function pauseGate(services: Services, row: RunRecord): Promise<boolean> {
  if (row.cancelBy !== undefined) return false
  const { ledger, queue, log, now } = services
  const pause = await services.pauses.of(row.plan.task)
  if (pause === undefined) return false
  const { run, attempt, unsure = false, attempts = [], refusals = 0 } = row
  const reason = pausedText(pause)
  const delay = Math.min(lookMs, pauseSeconds(pause, now()) * 1000)
  const waiting = await ledger.postpone(run, row.leaseUntil, {
    reason,
    attempt,
    unsure,
    attempts,
    refusals,
    dueAt: now() + delay + reviewAfterMs.queued,
    // Where ECS has refused it before, its patience begins anew when the pause ends.
    refusedAt: row.refusedAt === undefined ? undefined : now(),
  })
  if (waiting === undefined) return true
  logRunStep(log, row, { status: 'queued', reason })
  // Somebody cancelled it while it was claimed.
  if (waiting.cancelBy !== undefined) await cancelRun(services, run, waiting.cancelBy)
  else {
    await queue.send({ verb: 'start', run }, delay / 1000)
    await notify(services, waiting)
  }
  return true
}
