/**
 * Runs in DynamoDB: the one memory of taskhook, and the dedupe store. Every change is a conditional write, so whoever comes twice or
 * too late changes nothing.
 *
 * The index `open` holds the runs on which somebody still has to look, by the time from which it is due: a sweep reads it. A run leaves
 * it once it has ended and its sender knows.
 */
import type { Json } from './adapter.ts'
import type { Items } from './items.ts'
import type { LogConfig } from './logs.ts'
import type { Outcome } from './outcome.ts'
import type { Plan } from './plan.ts'
import type { Progress } from './progress.ts'
import { isTerminal, type RunStatus } from './run.ts'
import { ttlAttribute } from './table.ts'
import type { Change } from './update.ts'

/** Longer than GitHub can redeliver (3 days), short enough to forget. */
const keepSeconds = 30 * 24 * 3600

export interface NewRun {
  readonly run: string
  readonly source: string
  readonly event: string
  readonly deliveryId: string
  readonly actor: string
  /** Where the sender reached us, for links. */
  readonly origin: string
  readonly plan: Plan
  readonly answerTo: Json
  /** Milliseconds since the epoch, like every time below that is a number. */
  readonly createdAt: number
  /** The run that this one repeats. */
  readonly rerunOf?: string
  /** The run whose `answerTo` is this one's, too: whoever asks for a repetition may not read it. */
  readonly answerAs?: string
}

export interface RunRow extends NewRun {
  readonly status: RunStatus
  readonly attempt: number
  readonly container?: string
  readonly taskArn?: string
  readonly taskVersion?: number
  readonly exitCode?: number
  readonly reason?: string
  readonly startedAt?: string
  readonly stoppedAt?: string
  readonly deadline?: number
  readonly told?: RunStatus
  /** The progress that the sender has been told, and when it was told something last. */
  readonly toldRev?: number
  readonly toldAt?: number
  readonly tellTries?: number
  /** When ECS refused it first. */
  readonly refusedAt?: number
  /** Until when whoever claimed it may start it. */
  readonly leaseUntil?: number
  readonly launchedAt?: number
  /** A call of RunTask got lost: its task may be running. */
  readonly unsure?: boolean
  /** Who wants it cancelled. */
  readonly cancelBy?: string
  /** Who has said yes, where somebody must. */
  readonly approvedBy?: string
  /** Where the container's lines go. */
  readonly logs?: LogConfig
  /** What the container has said, and the how manieth time that was. */
  readonly progress?: Progress
  readonly progressRev?: number
  /** What the adapter keeps from one acknowledgment to the next. */
  readonly memory?: Json
}

/** What a run's status page needs: everything but where the answer goes. */
export type PublicRow = Omit<RunRow, 'answerTo' | 'memory'>

export type Claim =
  | { readonly kind: 'claimed'; readonly row: RunRow }
  /** Somebody else is starting it right now. */
  | { readonly kind: 'busy' }
  /** Started, ended or unknown: nothing to do. */
  | { readonly kind: 'done'; readonly row: RunRow | undefined }

/** What the sender has been told. */
export interface Told {
  readonly status: RunStatus
  readonly rev: number
  readonly at: number
  /** When to look again, where the run has moved on meanwhile. */
  readonly dueAt: number
  readonly memory?: Json | undefined
}

/** The sender knows all that there is to know of the run. */
export const isTold = ({ status, told, toldRev = 0, progressRev = 0 }: PublicRow): boolean =>
  told === status && toldRev >= progressRev

export interface Postponement {
  readonly reason: string
  readonly attempt: number
  readonly dueAt: number
  readonly refusedAt: number
  readonly unsure: boolean
}

/** What a claim gave: only who holds it may go on with the start. */
export type Lease = number | undefined

export interface Ledger {
  /** @returns the row as it stands, and whether this call made it */
  open(run: NewRun, dueAt: number): Promise<{ readonly fresh: boolean; readonly row: PublicRow }>
  read(run: string): Promise<RunRow | undefined>
  /** Without `answerTo`, which the function that faces the internet may not read. */
  readPublic(run: string): Promise<PublicRow | undefined>
  /** Take the right to start a run until `leaseUntil`. */
  claim(run: string, now: number, leaseUntil: number): Promise<Claim>
  /** Before a start: which container is judged, and which attempt's token is used. @returns the new lease; undefined: it is not ours any more */
  prepare(
    run: string,
    lease: Lease,
    next: {
      readonly attempt: number
      readonly container: string
      readonly leaseUntil: number
      readonly logs?: LogConfig | undefined
    },
  ): Promise<Lease>
  started(
    run: string,
    taskArn: string,
    next: { readonly dueAt: number; readonly deadline: number | undefined; readonly launchedAt: number },
  ): Promise<RunRow | undefined>
  /**
   * Somebody wants it cancelled. A run that waits is cancelled with this; one whose start is under way, or whose task runs, has it noted
   * and must be stopped. @returns the row as it now stands; undefined: unknown
   */
  cancel(run: string, by: string, now: number): Promise<RunRow | undefined>
  /** Of a claimed run that has no task. @returns the row as it now stands; undefined: it has one after all */
  cancelClaimed(run: string, lease: Lease, reason: string, now: number): Promise<RunRow | undefined>
  /** Somebody says yes. @returns the row as it now stands; undefined: somebody has already, it was who asked for it, or it has ended */
  approve(run: string, by: string, actor: string): Promise<RunRow | undefined>
  /** Somebody says no. @returns the row as it now stands; undefined: it has been approved, or has ended */
  reject(run: string, by: string, now: number): Promise<RunRow | undefined>
  /** What the container says. @param seen the `progressRev` that it goes on from @returns undefined: it has moved on, or has ended */
  progress(run: string, progress: Progress, seen: number): Promise<RunRow | undefined>
  /** Back to `queued`: another try later. @returns the row as it now stands; undefined: it has been started after all */
  postpone(run: string, lease: Lease, next: Postponement): Promise<RunRow | undefined>
  /** Back to `queued`: it waits for others. @returns the row as it now stands; undefined: it is not ours any more */
  line(run: string, lease: Lease, reason: string, dueAt: number): Promise<RunRow | undefined>
  /** Its place in the line is another now. */
  moveUp(run: string, reason: string): Promise<void>
  /** What ECS says. @returns the row as it now stands; undefined: old news, or a run that has ended */
  settle(outcome: Outcome, dueAt: number): Promise<RunRow | undefined>
  /** @returns the row as it now stands; undefined: it has been started after all, or has ended */
  failToStart(run: string, lease: Lease, reason: string, now: number): Promise<RunRow | undefined>
  /**
   * Take the right to tell the sender until `until`. Given back by `told`, where nothing newer is to be told.
   * @returns the row as it now stands, with its memory; undefined: somebody else is at it, and tells what is newest
   */
  tell(run: string, now: number, until: number): Promise<RunRow | undefined>
  /**
   * The sender knows of this status; an ended run is then closed. Where the run has moved on meanwhile, what the sender heard last is
   * old: the run is open again until somebody has told the newest. @returns the row as it now stands
   */
  told(run: string, what: Told): Promise<RunRow | undefined>
  /** Somebody should look at it again at `dueAt`. @param tellTries how often its sender could not be told: somebody else may try now */
  due(run: string, dueAt: number, tellTries?: number): Promise<void>
  /** Nobody has to look at it any more. */
  close(run: string): Promise<void>
  /** The newest runs of a task. */
  recent(task: string, limit: number): Promise<readonly PublicRow[]>
  /** Open runs that are due, oldest first. */
  overdue(now: number, limit: number): Promise<readonly string[]>
}

const publicAttributes = [
  'run',
  'source',
  'event',
  'deliveryId',
  'actor',
  'origin',
  'plan',
  'createdAt',
  'status',
  'attempt',
  'container',
  'taskArn',
  'taskVersion',
  'exitCode',
  'reason',
  'startedAt',
  'stoppedAt',
  'deadline',
  'told',
  'tellTries',
  'cancelBy',
  'rerunOf',
  'answerAs',
  'approvedBy',
  'logs',
  'progress',
  'progressRev',
  'toldRev',
  'toldAt',
] as const satisfies readonly (keyof PublicRow)[]

/** Attributes that the function which faces the internet may ask for: all but `answerTo`. */
export const readableByReceive: readonly string[] = ['pk', ...publicAttributes]

const keyOf = (run: string): string => `run#${run}`
const runOf = (pk: string): string => pk.replace(/^run#/, '')

export function createLedger(items: Items): Ledger {
  /** @returns the new row; undefined where the condition did not hold */
  const update = async (run: string, change: Change): Promise<RunRow | undefined> => {
    const item = await items.update(keyOf(run), change)
    return item === undefined ? undefined : rowOf(item)
  }

  const read = async (run: string): Promise<RunRow | undefined> => {
    const item = await items.get(keyOf(run))
    return item === undefined ? undefined : rowOf(item)
  }
  const readPublic = async (run: string): Promise<PublicRow | undefined> => {
    const item = await items.get(keyOf(run), publicAttributes)
    return item === undefined ? undefined : publicRowOf(item)
  }

  return {
    read,
    readPublic,

    async open(run, dueAt) {
      const { answerTo, plan, ...rest } = run
      const item = {
        ...rest,
        plan: JSON.stringify(plan),
        answerTo: JSON.stringify(answerTo),
        task: plan.task,
        status: 'queued',
        attempt: 0,
        open: 'open',
        dueAt,
        [ttlAttribute]: Math.floor(run.createdAt / 1000) + keepSeconds,
      }
      if (await items.create(keyOf(run.run), item))
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
        // Whoever had it died, and nobody knows whether before RunTask or after.
        (await update(run, {
          set: { ...taken, unsure: true },
          when: '#status = :starting AND attribute_not_exists(taskArn) AND leaseUntil < :now',
          names: ['status'],
          values: { starting: 'starting', now },
        }))
      if (row !== undefined) return { kind: 'claimed', row }
      const other = await read(run)
      return other?.status === 'starting' && other.taskArn === undefined
        ? { kind: 'busy' }
        : { kind: 'done', row: other }
    },

    async prepare(run, lease, next) {
      const row = await update(run, { set: next, ...held(lease) })
      return row?.leaseUntil
    },

    async started(run, taskArn, { dueAt, deadline, launchedAt }) {
      // An event of the task may have been faster; it knows better than we do how the task is.
      return update(run, {
        set: { taskArn, dueAt, deadline, launchedAt },
        remove: ['leaseUntil'],
        when: 'attribute_exists(#open) AND (attribute_not_exists(taskArn) OR taskArn = :taskArn)',
        names: ['open'],
        values: { taskArn },
      })
    },

    postpone: (run, lease, next) =>
      update(run, { set: { status: 'queued', ...next }, remove: ['leaseUntil'], ...held(lease) }),

    line: (run, lease, reason, dueAt) =>
      update(run, { set: { status: 'queued', reason, dueAt }, remove: ['leaseUntil'], ...held(lease) }),

    async moveUp(run, reason) {
      await update(run, { set: { reason }, when: '#status = :queued', names: ['status'], values: { queued: 'queued' } })
    },

    settle: ({ run, version, status, exitCode, reason, startedAt, stoppedAt, taskArn }, dueAt) =>
      update(run, {
        set: { status, taskVersion: version, taskArn, exitCode, reason, startedAt, stoppedAt, dueAt },
        // What could not be told before is old news.
        remove: ['leaseUntil', 'tellTries'],
        when: `${notEnded} AND (attribute_not_exists(taskVersion) OR taskVersion < :version) AND (attribute_not_exists(taskArn) OR taskArn = :taskArn)`,
        names: ['status'],
        values: { ...endedValues, version, taskArn },
      }),

    failToStart: (run, lease, reason, now) =>
      update(run, {
        set: { status: 'failed-to-start', reason, stoppedAt: new Date(now).toISOString(), dueAt: now },
        remove: ['leaseUntil'],
        ...held(lease),
      }),

    async cancel(run, by, now) {
      // One whose call of RunTask got lost may have a task: it is started once more, which finds that one, and then stopped.
      const waiting = await update(run, {
        set: { ...cancelled(`cancelled by ${by}`, now), cancelBy: by },
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
      update(run, { set: cancelled(reason, now), remove: ['leaseUntil'], ...held(lease) }),

    approve: (run, by, actor) =>
      update(run, {
        set: { approvedBy: by },
        remove: ['reason'],
        when: `${notEnded} AND attribute_not_exists(approvedBy) AND attribute_not_exists(taskArn) AND actor <> :approver`,
        names: ['status'],
        values: { ...endedValues, approver: actor },
      }),

    reject: (run, by, now) =>
      update(run, {
        set: cancelled(`rejected by ${by}`, now),
        when: '#status = :queued AND attribute_not_exists(approvedBy)',
        names: ['status'],
        values: { queued: 'queued' },
      }),

    progress: (run, progress, seen) =>
      update(run, {
        set: { progress, progressRev: seen + 1 },
        when: `${notEnded} AND (attribute_not_exists(progressRev) OR progressRev = :seen)`,
        names: ['status'],
        values: { ...endedValues, seen },
      }),

    tell: (run, now, until) =>
      update(run, {
        set: { tellingUntil: until },
        when: 'attribute_exists(pk) AND (attribute_not_exists(tellingUntil) OR tellingUntil < :now)',
        values: { now },
      }),

    async told(run, { status, rev, at, dueAt, memory }) {
      const kept = memory === undefined ? {} : { memory: JSON.stringify(memory) }
      const set = { told: status, toldRev: rev, toldAt: at, ...kept }
      const row = await update(run, {
        set,
        remove: ['tellingUntil', 'tellTries', ...(isTerminal(status) ? ['open', 'dueAt'] : [])],
        when: '#status = :status AND (attribute_not_exists(progressRev) OR progressRev <= :rev)',
        names: ['status'],
        values: { status, rev },
      })
      return row ?? update(run, { set: { ...set, open: 'open', dueAt }, when: 'attribute_exists(pk)' })
    },

    async due(run, dueAt, tellTries) {
      // Whoever could not tell leaves it to others.
      const remove = tellTries === undefined ? [] : ['tellingUntil']
      await update(run, { set: { dueAt, tellTries }, remove, when: 'attribute_exists(#open)', names: ['open'] })
    },

    async close(run) {
      await update(run, { set: {}, remove: ['open', 'dueAt'], when: 'attribute_exists(pk)' })
    },

    async recent(task, limit) {
      const keys = await items.keys({ index: 'recent', hash: ['task', task], newestFirst: true, limit })
      const rows = await Promise.all(keys.map((pk) => readPublic(runOf(pk))))
      return rows.filter((row) => row !== undefined)
    },

    async overdue(now, limit) {
      const keys = await items.keys({ index: 'open', hash: ['open', 'open'], upTo: ['dueAt', now], limit })
      return keys.map(runOf)
    },
  }
}

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

/** Still being started, and by whoever holds this lease: somebody slower than its lease must not undo what came after it. */
const held = (lease: Lease) => ({
  when: '#status = :starting AND attribute_not_exists(taskArn) AND leaseUntil = :lease',
  names: ['status'],
  values: { starting: 'starting', lease: lease ?? 0 },
})

/** Our own writes, read back: the shape is known. */
const publicRowOf = (item: Record<string, unknown>): PublicRow =>
  ({ ...item, plan: JSON.parse(String(item.plan)) }) as unknown as PublicRow

const rowOf = (item: Record<string, unknown>): RunRow => ({
  ...publicRowOf(item),
  answerTo: JSON.parse(String(item.answerTo ?? 'null')) as Json,
  ...(item.memory !== undefined && { memory: JSON.parse(String(item.memory)) as Json }),
})
