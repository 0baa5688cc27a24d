import { isTerminal, type RunStatus } from '../model/run.ts'
import {
  type PublicRecord,
  publicAttributes,
  publicRecordFromItem,
  type RunRecord,
  recordFromItem,
} from '../model/run-record.ts'
import { storedName, toStored } from '../model/stored-names.ts'
import { ttlAttribute } from './dynamodb-table.ts'
import type { Change } from './dynamodb-update.ts'
import type { Items } from './items.ts'
import type { Lease, Ledger } from './ledger.ts'

/** Longer than GitHub can redeliver (3 days), short enough to forget. */
const keepSeconds = 30 * 24 * 3600

const keyOf = (run: string): string => `run#${run}`
const runOf = (pk: string): string => pk.replace(/^run#/, '')

export function createLedger(items: Items): Ledger {
  /** @returns the new row; undefined where the condition did not hold */
  const update = async (run: string, change: Change): Promise<RunRecord | undefined> => {
    const item = await items.update(keyOf(run), {
      ...change,
      set: toStored(change.set),
      ...(change.remove !== undefined && { remove: change.remove.map(storedName) }),
    })
    return item === undefined ? undefined : recordFromItem(item)
  }

  const read = async (run: string): Promise<RunRecord | undefined> => {
    const item = await items.get(keyOf(run))
    return item === undefined ? undefined : recordFromItem(item)
  }
  const readPublic = async (run: string): Promise<PublicRecord | undefined> => {
    const item = await items.get(keyOf(run), publicAttributes.map(storedName))
    return item === undefined ? undefined : publicRecordFromItem(item)
  }

  return {
    read,
    readPublic,

    async open(run, dueAt) {
      const { replyAddress, plan, ...rest } = run
      const item = {
        ...rest,
        plan: JSON.stringify(plan),
        replyAddress: JSON.stringify(replyAddress),
        task: plan.task,
        status: 'queued',
        attempt: 0,
        open: 'open',
        dueAt,
        [ttlAttribute]: Math.floor(run.createdAt / 1000) + keepSeconds,
      }
      if (await items.create(keyOf(run.run), toStored(item)))
        return { fresh: true, row: { ...rest, plan, status: 'queued', attempt: 0 } }
      const row = await readPublic(run.run)
      if (row === undefined) throw new Error(`run ${run.run} is in the ledger, and cannot be read`)
      return { fresh: false, row }
    },

    async claim(run, now, leaseUntil) {
      const taken = { status: 'starting', leaseUntil, dueAt: leaseUntil }
      const row =
        (await update(run, {
          set: taken,
          remove: ['reason'],
          when: '#status = :queued',
          names: ['status'],
          values: { queued: 'queued' },
        })) ??
        // Whoever had it died: before RunTask, or nobody knows whether before or after.
        (await update(run, { set: taken, ...left(now, 'attribute_not_exists(launching)') })) ??
        (await update(run, { set: { ...taken, unsure: true }, ...left(now, 'attribute_exists(launching)') }))
      if (row !== undefined) return { kind: 'claimed', row }
      const other = await read(run)
      return other?.status === 'starting' && other.taskArn === undefined
        ? { kind: 'busy' }
        : { kind: 'done', row: other }
    },

    async beginAttempt(run, lease, next) {
      const row = await update(run, { set: { ...next, launching: true }, ...held(lease) })
      return row?.leaseUntil
    },

    async recordLaunch(run, taskArn, { dueAt, deadline, launchedAt, attempts }) {
      // An event of the task may have been faster; it knows better than we do how the task is.
      return update(run, {
        set: { taskArn, dueAt, deadline, launchedAt, attempts },
        remove: ['leaseUntil'],
        when: 'attribute_exists(#open) AND (attribute_not_exists(taskArn) OR taskArn = :taskArn)',
        names: ['open'],
        values: { taskArn },
      })
    },

    postpone: (run, lease, next) =>
      update(run, { set: { status: 'queued', ...next }, remove: ['leaseUntil', 'launching'], ...held(lease) }),

    enqueue: (run, lease, reason, dueAt, unsure) =>
      update(run, {
        set: { status: 'queued', reason, dueAt, unsure },
        remove: ['leaseUntil', 'launching'],
        ...held(lease),
      }),

    async promote(run, dueAt) {
      await update(run, { set: { dueAt }, when: '#status = :queued', names: ['status'], values: { queued: 'queued' } })
    },

    async updatePlace(run, reason) {
      await update(run, { set: { reason }, when: '#status = :queued', names: ['status'], values: { queued: 'queued' } })
    },

    recordOutcome: ({ run, version, ...outcome }, dueAt) =>
      update(run, {
        set: { ...outcome, taskVersion: version, dueAt },
        remove: ['leaseUntil', ...oldNews],
        when: `${notEnded} AND (attribute_not_exists(taskVersion) OR taskVersion < :version) AND (attribute_not_exists(taskArn) OR taskArn = :taskArn)`,
        names: ['status'],
        values: { ...endedValues, version, taskArn: outcome.taskArn },
      }),

    failToStart: (run, lease, reason, now, attempts) =>
      update(run, {
        set: { status: 'failed-to-start', reason, attempts, stoppedAt: new Date(now).toISOString(), dueAt: now },
        remove: ['leaseUntil', ...oldNews],
        ...held(lease),
      }),

    async cancel(run, by, now) {
      // One whose call of RunTask got lost may have a task: it is started once more, which finds that one, and then stopped.
      const waiting = await update(run, {
        set: { ...cancelled(`cancelled by ${by}`, now), cancelBy: by },
        remove: oldNews,
        when: '#status = :queued AND (attribute_not_exists(unsure) OR unsure = :no)',
        names: ['status'],
        values: { queued: 'queued', no: false },
      })
      const noted =
        waiting ??
        (await update(run, {
          set: { cancelBy: by },
          when: `${notEnded} AND attribute_not_exists(cancelBy)`,
          names: ['status'],
          values: endedValues,
        }))
      return noted ?? read(run)
    },

    cancelClaimed: (run, lease, reason, now) =>
      update(run, { set: cancelled(reason, now), remove: ['leaseUntil', ...oldNews], ...held(lease) }),

    expire(run, lease, reason, now) {
      const { when, ...condition } = held(lease)
      return update(run, {
        set: cancelled(reason, now),
        remove: ['leaseUntil', ...oldNews],
        when: `${when} AND attribute_not_exists(approvedBy)`,
        ...condition,
      })
    },

    approve: (run, by, actor, now, dueAt) =>
      update(run, {
        // A start that gets lost is noticed then, and not when nobody could have said yes any more.
        set: { approvedBy: by, approvedAt: now, dueAt },
        // That it waits for somebody is old news, though it may still be queued when it is told next.
        remove: ['reason', 'notified'],
        when: `${notEnded} AND attribute_not_exists(approvedBy) AND attribute_not_exists(taskArn) AND actor <> :approver`,
        names: ['status'],
        values: { ...endedValues, approver: actor },
      }),

    reject: (run, by, now) =>
      update(run, {
        set: cancelled(`rejected by ${by}`, now),
        remove: oldNews,
        when: '#status = :queued AND attribute_not_exists(approvedBy)',
        names: ['status'],
        values: { queued: 'queued' },
      }),

    recordProgress: (run, progress, seen) =>
      update(run, {
        set: { progress, progressRev: seen + 1 },
        when: `${notEnded} AND (attribute_not_exists(progressRev) OR progressRev = :seen)`,
        names: ['status'],
        values: { ...endedValues, seen },
      }),

    claimNotification: (run, now, until) =>
      update(run, {
        set: { notifyingUntil: until },
        when: 'attribute_exists(pk) AND (attribute_not_exists(tellingUntil) OR tellingUntil < :now)',
        values: { now },
      }),

    async recordNotification(run, { status, rev, at, dueAt, since, memory }) {
      const kept = memory === undefined ? {} : { memory: JSON.stringify(memory) }
      const set = { notified: status, notifiedRev: rev, notifiedAt: at, ...kept }
      const end = isTerminal(status)
      const alone = end && since !== undefined ? toldLastAt(since) : { when: '', values: {} }
      const row = await update(run, {
        set,
        remove: ['notifyingUntil', 'notifyTries', ...(end ? ['open', 'dueAt'] : [])],
        when: `#status = :status AND (attribute_not_exists(progressRev) OR progressRev <= :rev)${alone.when}`,
        names: ['status'],
        values: { status, rev, ...alone.values },
      })
      // An end that somebody has overtaken is not noted.
      return row ?? update(run, { set: { ...(end ? kept : set), open: 'open', dueAt }, when: 'attribute_exists(pk)' })
    },

    async scheduleReview(run, dueAt, notifyTries) {
      // Whoever could not tell leaves it to others.
      const remove = notifyTries === undefined ? [] : ['notifyingUntil']
      const row = await update(run, {
        set: { dueAt, notifyTries },
        remove,
        when: 'attribute_exists(#open)',
        names: ['open'],
      })
      return row !== undefined
    },

    async close(run, since) {
      const { when, values } = toldLastAt(since)
      await update(run, { set: {}, remove: ['open', 'dueAt'], when: `attribute_exists(pk)${when}`, values })
    },

    async recent(task, limit) {
      const keys = await items.keys({ index: 'recent', hash: ['task', task], newestFirst: true, limit })
      const rows = await Promise.all(keys.map((pk) => readPublic(runOf(pk))))
      return rows.filter((row) => row !== undefined)
    },

    async dueForReview(now, limit) {
      const keys = await items.keys({ index: 'open', hash: ['open', 'open'], upTo: ['dueAt', now], limit })
      return keys.map(runOf)
    },
  }
}

/** How often something could not be told that has been overtaken: what comes after it has all its tries. */
const oldNews = ['notifyTries']

const cancelled = (reason: string, now: number) => ({
  status: 'cancelled',
  reason,
  stoppedAt: new Date(now).toISOString(),
  dueAt: now,
})

const ended = [
  'succeeded',
  'failed',
  'cancelled',
  'timed-out',
  'failed-to-start',
] as const satisfies readonly RunStatus[]
const notEnded = `attribute_exists(pk) AND NOT (#status IN (${ended.map((_, at) => `:ended${at}`).join(', ')}))`
const endedValues = Object.fromEntries(ended.map((status, at) => [`ended${at}`, status]))

/** Nobody has told the sender anything since then; 0: ever. */
const toldLastAt = (since: number) =>
  since === 0
    ? { when: ' AND attribute_not_exists(toldAt)', values: {} }
    : { when: ' AND toldAt = :since', values: { since } }

/** Whoever was starting it has lost its lease. */
const left = (now: number, launching: string) => ({
  when: `#status = :starting AND attribute_not_exists(taskArn) AND leaseUntil < :now AND ${launching}`,
  names: ['status'],
  values: { starting: 'starting', now },
})

/** Still being started, and by whoever holds this lease: somebody slower than its lease must not undo what came after it. */
const held = (lease: Lease) => ({
  when: '#status = :starting AND attribute_not_exists(taskArn) AND leaseUntil = :lease',
  names: ['status'],
  values: { starting: 'starting', lease: lease ?? 0 },
})
