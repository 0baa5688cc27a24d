/** Until when a run waits for approval. Pure. */
import { isTerminal } from './run.ts'
import type { RunRecord } from './run-record.ts'

type Approvable = Pick<RunRecord, 'plan' | 'approvedBy' | 'createdAt' | 'status' | 'taskArn'>

/** Milliseconds since the epoch; undefined: the run does not wait for approval. */
export function approvalDeadline({ plan, approvedBy, createdAt, status, taskArn }: Approvable): number | undefined {
  if (plan.approval === undefined || approvedBy !== undefined || taskArn !== undefined || isTerminal(status))
    return undefined
  return createdAt + plan.approval.expires * 1000
}
