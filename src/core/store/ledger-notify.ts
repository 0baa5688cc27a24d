/** The ledger's writes about progress, notifications and the sweep's schedule. */
import type { Json } from '../adapter.ts'
import { isTerminal } from '../model/run.ts'
import type { Change } from './dynamodb-update.ts'
import type { Ledger, Notification } from './ledger.ts'
import { notEnded, notNotifiedSince } from './ledger-conditions.ts'
import type { RunItems } from './run-item.ts'

type NotifyWrites = Pick<
  Ledger,
  'recordProgress' | 'claimNotification' | 'recordNotification' | 'scheduleReview' | 'close'
>

/** Without them a run is not in the index that the sweep reads. */
const indexKeys = ['open', 'dueAt']

/** The run has not moved on: it is as the sender knows it, and an ended run is closed if it may be. */
function asNotified({ status, rev, at, since, dueAt, mayClose, memory }: Notification): Change {
  const end = isTerminal(status)
  const alone = notNotifiedSince(end ? since : undefined)
  return {
    set: {
      notified: status,
      notifiedRev: rev,
      notifiedAt: at,
      ...kept(memory),
      ...(end && !mayClose && { dueAt }),
    },
    remove: ['notifyingUntil', 'notifyTries', ...(end && mayClose ? indexKeys : [])],
    when: `#status = :status AND (attribute_not_exists(progressRev) OR progressRev <= :rev)${alone.when}`,
    names: ['status'],
    values: { status, rev, ...alone.values },
  }
}

/**
 * The run has moved on, or another function has notified the sender: it stays or becomes open until the sender knows the newest state. A
 * notification of the end that was overtaken is not recorded.
 */
function asOvertaken({ status, rev, at, dueAt, memory }: Notification): Change {
  const known = isTerminal(status) ? {} : { notified: status, notifiedRev: rev, notifiedAt: at }
  return { set: { ...known, ...kept(memory), open: 'open', dueAt }, when: 'attribute_exists(pk)' }
}

const kept = (memory: Json | undefined) => (memory === undefined ? {} : { memory: JSON.stringify(memory) })

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

  recordNotification: async (notification) =>
    (await update(notification.run, asNotified(notification))) ?? update(notification.run, asOvertaken(notification)),

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
