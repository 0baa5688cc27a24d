/** Until when a run waits for somebody's yes. Pure. */

import { isTerminal } from './run.ts'
import type { PublicRecord } from './run-record.ts'

/** Milliseconds since the epoch; undefined: it waits for nobody. */
export function approvalDeadline({ plan, approvedBy, createdAt, status, taskArn }: PublicRecord): number | undefined {
  if (plan.approval === undefined || approvedBy !== undefined || taskArn !== undefined || isTerminal(status))
    return undefined
  return createdAt + plan.approval.expires * 1000
}
