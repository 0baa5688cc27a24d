/** When the sweep checks a run that has a task. Pure. */
import { isTerminal } from '../model/run.ts'
import type { RunRecord } from '../model/run-record.ts'
import { reviewAfterMs } from '../model/sweep-schedule.ts'

type Timed = Pick<RunRecord, 'status' | 'deadline' | 'startedAt' | 'plan'>

/**
 * At its deadline, if that comes first. A run that has ended is checked at once: if the function dies now, the next sweep concludes it.
 * Milliseconds since the epoch.
 */
export function nextReviewAt(row: Timed, now: number): number {
  const later = now + reviewAfterMs.running
  return isTerminal(row.status) ? now : Math.min(later, deadlineOf(row) ?? later)
}

/** Recorded at the launch. If that was lost (RunTask's answer never came), it counts from when the task ran. */
export function deadlineOf({ deadline, startedAt, plan: { timeout } }: Timed): number | undefined {
  if (deadline !== undefined || timeout === undefined || startedAt === undefined) return deadline
  return Date.parse(startedAt) + timeout * 1000
}
