/** A run that needs approval waits for it, up to its deadline. Who may approve: lifecycle/run-action-access.ts. The approval: commands/approve.ts. */
import { approvalDeadline } from '../model/approval-window.ts'
import type { ClaimedRun } from '../model/run-record.ts'
import type { Services } from '../services.ts'
import { type GateDecision, proceed } from './decision.ts'

export function approvalGate({ now }: Pick<Services, 'now'>, row: ClaimedRun): GateDecision {
  const until = approvalDeadline(row)
  if (until === undefined) return proceed
  if (now() >= until)
    return {
      kind: 'end',
      end: { kind: 'expired' },
      reason: 'it was not approved in time',
    }
  // RunTask is never called before the approval, so the run can be cancelled at once even if a function that held it has died.
  return { kind: 'wait', waiting: { kind: 'approval' }, dueAt: until, retry: { unsure: false } }
}
