/** What to do with a run that ECS did not start: try again later, or give up. */
import { retryPolicy } from '../model/retry-policy.ts'
import type { ClaimedRun } from '../model/run-record.ts'
import type { Refusal } from '../model/run-task-errors.ts'
import { reviewAfterMs } from '../model/sweep-schedule.ts'
import type { RunStep } from '../telemetry/run-log.ts'
import type { End, Wait } from './decision.ts'

/** Failures that last only seconds are not reported. In milliseconds. */
const notifyAfterMs = 30_000

/** @param row with its attempts so far @param attempt the one that was refused */
export function retryOrFail(row: ClaimedRun, attempt: number, refusal: Refusal, now: number): Wait | End {
  const { reason } = refusal
  const next = retryPolicy(row, refusal, now)
  if (next.kind === 'give-up')
    return {
      kind: 'end',
      end: { kind: 'failed-to-start', attempts: row.attempts },
      reason,
      log: { ...refusalStep(attempt, refusal), kind: 'never' },
    }
  const { delayMs, sameToken, unsure } = next
  return {
    kind: 'wait',
    waiting: { kind: 'retry', class: refusal.class, cause: reason },
    dueAt: now + delayMs + reviewAfterMs.queued,
    againMs: delayMs,
    retry: {
      attempt: sameToken ? attempt : attempt + 1,
      attempts: row.attempts ?? [],
      unsure,
      refusedAt: row.refusedAt ?? now,
      refusals: (row.refusals ?? 0) + 1,
    },
    ...(delayMs <= notifyAfterMs && { quiet: true }),
    log: { ...refusalStep(attempt, refusal), kind: refusal.kind === 'soon' ? 'soon' : 'later', againMs: delayMs },
  }
}

/** A refusal in a line of the log. */
export const refusalStep = (
  attempt: number,
  refusal: Refusal,
): Pick<RunStep, 'attempt' | 'class' | 'reason' | 'detail'> => ({
  attempt,
  class: refusal.class,
  reason: refusal.reason,
  detail: refusal.detail,
})
