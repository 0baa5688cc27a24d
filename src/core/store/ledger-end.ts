/** The ledger's writes that end a run, or decide whether it may start. */
import { type EndedRun, hasEnded, type RunRecord } from '../model/run-record.ts'
import type { Ledger } from './ledger.ts'
import { holdsLease, isQueued, notEnded } from './ledger-conditions.ts'
import type { RunItems } from './run-item.ts'

type EndWrites = Pick<
  Ledger,
  'recordOutcome' | 'failToStart' | 'cancel' | 'cancelClaimed' | 'expire' | 'approve' | 'reject'
>

/** Failed notifications of earlier states do not count: those of the end get all their tries. */
const obsolete = ['waiting', 'notifyTries']

const stoppedAt = (now: number) => ({ stoppedAt: new Date(now).toISOString(), dueAt: now })

const ended = (row: RunRecord | undefined): EndedRun | undefined =>
  row !== undefined && hasEnded(row) ? row : undefined

export const createEndWrites = ({ read, update }: RunItems): EndWrites => ({
  recordOutcome({ outcome: { run, version, stopCause, ...outcome }, reason, dueAt }) {
    const endedBy =
      outcome.status === 'cancelled' && stopCause?.kind === 'cancelled'
        ? { kind: 'cancelled', by: stopCause.by }
        : undefined
    return update(run, {
      set: { ...outcome, reason, stopCause: stopCause?.kind, endedBy, taskVersion: version, dueAt },
      // What it waited for is no reason of the outcome.
      remove: ['leaseUntil', ...obsolete, ...(reason === undefined ? ['reason'] : [])],
      ...notEnded(
        ' AND (attribute_not_exists(taskVersion) OR taskVersion < :version) AND (attribute_not_exists(taskArn) OR taskArn = :taskArn)',
        { version, taskArn: outcome.taskArn },
      ),
    })
  },

  failToStart: async ({ run, lease, reason, now, attempts }) =>
    ended(
      await update(run, {
        set: { status: 'failed-to-start', reason, attempts, ...stoppedAt(now) },
        remove: ['leaseUntil', ...obsolete],
        ...holdsLease(lease),
      }),
    ),

  async cancel({ run, by, reason, now }) {
    // A run whose RunTask call was lost may have a task. Its start is repeated, which finds the task, and then the task is stopped.
    const sure = ' AND (attribute_not_exists(unsure) OR unsure = :no)'
    const waiting = await update(run, {
      set: { status: 'cancelled', reason, endedBy: { kind: 'cancelled', by }, cancelBy: by, ...stoppedAt(now) },
      remove: obsolete,
      ...isQueued,
      when: `${isQueued.when}${sure}`,
      values: { ...isQueued.values, no: false },
    })
    const noted =
      waiting ?? (await update(run, { set: { cancelBy: by }, ...notEnded(' AND attribute_not_exists(cancelBy)') }))
    return noted ?? read(run)
  },

  cancelClaimed: async ({ run, lease, reason, endedBy, now }) =>
    ended(
      await update(run, {
        set: { status: 'cancelled', reason, endedBy, ...stoppedAt(now) },
        remove: ['leaseUntil', ...obsolete],
        ...holdsLease(lease),
      }),
    ),

  expire: async ({ run, lease, reason, now }) =>
    ended(
      await update(run, {
        set: { status: 'cancelled', reason, ...stoppedAt(now) },
        remove: ['leaseUntil', ...obsolete],
        ...holdsLease(lease, ' AND attribute_not_exists(approvedBy)'),
      }),
    ),

  approve: ({ run, by, actor, now, dueAt }) =>
    update(run, {
      // The sweep must notice a lost start soon, and not only when the time for the approval is over.
      set: { approvedBy: by, approvedAt: now, dueAt },
      // The sender was notified that the run waits for approval. It must be notified again even if the run is still queued then.
      remove: ['reason', 'waiting', 'notified'],
      ...notEnded(' AND attribute_not_exists(approvedBy) AND attribute_not_exists(taskArn) AND actor <> :approver', {
        approver: actor,
      }),
    }),

  reject: async ({ run, by, reason, now }) =>
    ended(
      await update(run, {
        set: { status: 'cancelled', reason, endedBy: { kind: 'rejected', by }, ...stoppedAt(now) },
        remove: obsolete,
        ...isQueued,
        when: `${isQueued.when} AND attribute_not_exists(approvedBy)`,
      }),
    ),
})
