/** A run that was cancelled while it waited is not started. */
import type { ClaimedRun } from '../model/run-record.ts'
import { cancelledText } from '../text/stop-reasons.ts'
import { type GateDecision, proceed } from './decision.ts'

/** If the run may already have a task, RunTask is called again: its token finds the task, which is then stopped. */
export function cancelGate(_: unknown, { cancelBy: by, unsure }: ClaimedRun): GateDecision {
  if (by === undefined || unsure === true) return proceed
  return {
    kind: 'end',
    end: { kind: 'cancelled', endedBy: { kind: 'cancelled', by } },
    reason: cancelledText(by),
  }
}
