/** The ledger's writes about progress, notifications and the sweep's schedule. */
import { isTerminal } from '../model/run.ts'
import type { Ledger } from './ledger.ts'
import { notEnded, notNotifiedSince } from './ledger-conditions.ts'
import type { RunItems } from './run-item.ts'

type NotifyWrites = Pick<
  Ledger,
  'recordProgress' | 'claimNotification' | 'recordNotification' | 'scheduleReview' | 'close'
>

/** Without them a run is not in the index that the sweep reads. */
const indexKeys = ['open', 'dueAt']

export const createNotifyWrites = ({ update }: RunItems): NotifyWrites => ({
  recordProgress: ({ run, progress, seen }) =>
    update(run, {
      set: { progress, progressRev: seen + 1 },
      ...notEnded(' AND (attribute_not_exists(progressRev) OR progressRev = :seen)', { seen }),
    }),

  claimNotification: ({ run, now, until }) =>
    update(run, {
      set: { notifyingUntil: until },
      when: 'attribute_exists(pk) AND (attribute_not_exists(notifyingUntil) OR notifyingUntil < :now)',
      values: { now },
    }),

  async recordNotification({ run, status, rev, at, since, dueAt, mayClose, memory }) {
    const kept = memory === undefined ? {} : { memory: JSON.stringify(memory) }
    const set = { notified: status, notifiedRev: rev, notifiedAt: at, ...kept }
    const end = isTerminal(status)
    const alone = notNotifiedSince(end ? since : undefined)
    const row = await update(run, {
      set: end && !mayClose ? { ...set, dueAt } : set,
      remove: ['notifyingUntil', 'notifyTries', ...(end && mayClose ? indexKeys : [])],
      when: `#status = :status AND (attribute_not_exists(progressRev) OR progressRev <= :rev)${alone.when}`,
      names: ['status'],
      values: { status, rev, ...alone.values },
    })
    if (row !== undefined) return row
    // The run has moved on, or another function has notified the sender. A notification of the end that was overtaken is not recorded.
    return update(run, { set: { ...(end ? kept : set), open: 'open', dueAt }, when: 'attribute_exists(pk)' })
  },

  async scheduleReview({ run, dueAt, notifyTries }) {
    // A function that failed to notify leaves it to others.
    const remove = notifyTries === undefined ? [] : ['notifyingUntil']
    const row = await update(run, {
      set: { dueAt, notifyTries },
      remove,
      when: 'attribute_exists(#open)',
      names: ['open'],
    })
    return row !== undefined
  },

  async close({ run, since }) {
    const { when, values } = notNotifiedSince(since)
    await update(run, { set: {}, remove: indexKeys, when: `attribute_exists(pk)${when}`, values })
  },
})
