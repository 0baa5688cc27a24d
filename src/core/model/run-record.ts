/** A run as the ledger keeps it. */

import type { Attempt } from './attempts.ts'
import type { Json } from './json.ts'
import type { LogConfig } from './log-config.ts'
import type { Plan } from './plan.ts'
import type { Progress } from './progress.ts'
import type { RunStatus } from './run.ts'
import { fromStored, storedName } from './stored-names.ts'
import type { Trace } from './trace.ts'

export interface NewRun {
  readonly run: string
  readonly source: string
  readonly event: string
  readonly deliveryId: string
  readonly actor: string
  /** Of the delivery: a run is only shown to, and stopped by, who asks in the same one. */
  readonly repository?: string
  /** Where the sender reached us, for links. */
  readonly origin: string
  readonly plan: Plan
  readonly replyAddress: Json
  /** Milliseconds since the epoch, like every time below that is a number. */
  readonly createdAt: number
  /** Of the delivery: the first one's, however often it comes again. */
  readonly trace?: Trace
  /** The run that this one repeats. */
  readonly rerunOf?: string
  /** How often Spot has taken the capacity back of runs before this one. */
  readonly interruptions?: number
  /** The run whose `replyAddress` is this one's, too: whoever asks for a repetition may not read it. */
  readonly replyAddressFrom?: string
}

export interface RunRecord extends NewRun {
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
  readonly notified?: RunStatus
  /** The progress that the sender has been told, and when it was told something last. */
  readonly notifiedRev?: number
  readonly notifiedAt?: number
  readonly notifyTries?: number
  /** When ECS refused it first, and how often it has been put off since. */
  readonly refusedAt?: number
  readonly refusals?: number
  /** What was tried, oldest first. */
  readonly attempts?: readonly Attempt[]
  /** Until when whoever claimed it may start it. */
  readonly leaseUntil?: number
  readonly launchedAt?: number
  /** A call of RunTask got lost: its task may be running. */
  readonly unsure?: boolean
  /** Spot took its capacity back. */
  readonly interrupted?: true
  /** Who wants it cancelled. */
  readonly cancelBy?: string
  /** Who has said yes, where somebody must. */
  readonly approvedBy?: string
  readonly approvedAt?: number
  /** Where the container's lines go. */
  readonly logs?: LogConfig
  /** What the container has said, and the how manieth time that was. */
  readonly progress?: Progress
  readonly progressRev?: number
  /** What the adapter keeps from one acknowledgment to the next. */
  readonly memory?: Json
}

/** What a run's status page needs: everything but where the answer goes. */
export type PublicRecord = Omit<RunRecord, 'replyAddress' | 'memory'>

/** The sender knows all that there is to know of the run. */
export const isFullyNotified = ({ status, notified, notifiedRev = 0, progressRev = 0 }: PublicRecord): boolean =>
  notified === status && notifiedRev >= progressRev

export const publicAttributes = [
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
  'notified',
  'notifyTries',
  'cancelBy',
  'rerunOf',
  'replyAddressFrom',
  'repository',
  'approvedBy',
  'logs',
  'progress',
  'progressRev',
  'notifiedRev',
  'notifiedAt',
  'attempts',
] as const satisfies readonly (keyof PublicRecord)[]

/** Attributes that the function which faces the internet may ask for: all but `replyAddress`. */
export const readableByReceive: readonly string[] = ['pk', ...publicAttributes.map(storedName)]

/** Our own writes, read back: the shape is known. */
export const publicRecordFromItem = (item: Record<string, unknown>): PublicRecord =>
  ({ ...fromStored(item), plan: JSON.parse(String(item.plan)) }) as unknown as PublicRecord

export const recordFromItem = (item: Record<string, unknown>): RunRecord => ({
  ...publicRecordFromItem(item),
  replyAddress: JSON.parse(String(item.answerTo ?? 'null')) as Json,
  ...(item.memory !== undefined && { memory: JSON.parse(String(item.memory)) as Json }),
})
