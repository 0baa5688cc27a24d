/** Conditions of the ledger's writes, as DynamoDB expressions. They use the names in code; `run-item.ts` translates them. */
import { terminalStatuses } from '../model/run.ts'
import type { Change } from './dynamodb-update.ts'
import type { Lease } from './ledger.ts'

type Condition = Pick<Change, 'when' | 'names' | 'values'>

/** No run has this id. It makes a run unique: of several equal deliveries at once, one creates the item. */
export const isNew = 'attribute_not_exists(pk)'

export const isQueued = {
  when: '#status = :queued',
  names: ['status'],
  values: { queued: 'queued' },
} as const satisfies Condition

const endedNames = terminalStatuses.map((_, at) => `:ended${at}`).join(', ')
const endedValues = Object.fromEntries(terminalStatuses.map((status, at) => [`ended${at}`, status]))

/** The run exists and has not ended. @param more what must hold as well: ` AND …` */
export const notEnded = (more = '', values: Change['values'] = {}): Condition => ({
  when: `attribute_exists(pk) AND NOT (#status IN (${endedNames}))${more}`,
  names: ['status'],
  values: { ...endedValues, ...values },
})

/** Being started under this lease: a function that is slower than its lease must not undo what came after it. */
export const holdsLease = (lease: Lease, more = ''): Condition => ({
  when: `#status = :starting AND attribute_not_exists(taskArn) AND leaseUntil = :lease${more}`,
  names: ['status'],
  values: { starting: 'starting', lease },
})

/** The function that was starting it has lost its lease. @param more about whether RunTask may have been called */
export const leaseExpired = (now: number, more: string): Condition => ({
  when: `#status = :starting AND attribute_not_exists(taskArn) AND leaseUntil < :now AND ${more}`,
  names: ['status'],
  values: { starting: 'starting', now },
})

/** The sender has not been notified of anything since then; 0: ever. To be added to another condition. */
export const notNotifiedSince = (since: number | undefined) => {
  if (since === undefined) return { when: '', values: {} }
  return since === 0
    ? { when: ' AND attribute_not_exists(notifiedAt)', values: {} }
    : { when: ' AND notifiedAt = :since', values: { since } }
}
