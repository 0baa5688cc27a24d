/** A run that was not started within its task's `startWithin` is given up, whatever it waited for. */
import type { Attempt } from '../model/attempts.ts'
import { isPastStartDeadline } from '../model/retry-policy.ts'
import type { ClaimedRun } from '../model/run-record.ts'
import { meanings } from '../model/run-task-errors.ts'
import type { Services } from '../services.ts'
import { durationText } from '../text/quantities.ts'
import { type GateDecision, proceed } from './decision.ts'

export function deadlineGate({ now }: Pick<Services, 'now'>, row: ClaimedRun): GateDecision {
  if (!isPastStartDeadline(row, now())) return proceed
  const { attempts, plan } = row
  return {
    kind: 'end',
    end: { kind: 'failed-to-start', attempts },
    reason: `it was not started within ${durationText(plan.startWithin ?? 0)}${lastRefusal(attempts)}`,
    log: { kind: 'never' },
  }
}

function lastRefusal(attempts: readonly Attempt[] = []): string {
  const last = attempts.at(-1)?.outcome
  return last === undefined || last === 'started' ? '' : `: ${meanings[last].reason}`
}
