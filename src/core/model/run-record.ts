/** A run as the ledger keeps it, and what is certain about it in some of its states. Pure. */
import type { Attempt } from './attempts.ts'
import type { Json } from './json.ts'
import type { LogConfig } from './log-config.ts'
import type { Plan } from './plan.ts'
import type { Progress } from './progress.ts'
import { type EndedBy, isTerminal, type RunStatus, type TerminalStatus } from './run.ts'
import type { StopCause } from './stop-cause.ts'
import type { Trace } from './trace.ts'
import type { Waiting } from './waiting.ts'

export interface NewRun {
  readonly run: string
  readonly source: string
  readonly event: string
  readonly deliveryId: string
  /** Who requested the run, as the sender calls them. */
  readonly actor: string
  /** Of the delivery. Only requests from the same repository can see or change the run. */
  readonly repository?: string
  /** Of the delivery. Only people in the same workspace can see or change the run. */
  readonly workspace?: string
  /** Scheme and host under which the sender reached taskhook, for links. */
  readonly origin: string
  readonly plan: Plan
  readonly replyAddress: Json
  /** Milliseconds since the epoch, like every time below that is a number. */
  readonly createdAt: number
  /** The trace of the delivery; of the first one if it was repeated. */
  readonly trace?: Trace
  /** Of the delivery, if its sender chose what identifies it (`Idempotency-Key`). */
  readonly bodyHash?: string
  /** The run that this one repeats. */
  readonly rerunOf?: string
  /** How many earlier runs in this chain of reruns Spot interrupted. */
  readonly interruptions?: number
  /** The run whose `replyAddress` this one uses: a person who requests a rerun over HTTP may not read it. */
  readonly replyAddressFrom?: string
}

export interface RunRecord extends NewRun {
  readonly status: RunStatus
  readonly attempt: number
  readonly container?: string
  readonly taskArn?: string
  readonly taskVersion?: number
  readonly exitCode?: number
  /** Why it waits, or why it ended, in words. Nothing is decided by it: `waiting`, `endedBy` and `stopCause` are the same as data. */
  readonly reason?: string
  readonly waiting?: Waiting
  readonly endedBy?: EndedBy
  readonly stopCause?: StopCause['kind']
  readonly startedAt?: string
  readonly stoppedAt?: string
  /** When its task is stopped. */
  readonly deadline?: number
  /** The status that the sender was last notified of. */
  readonly notified?: RunStatus
  /** The `progressRev` that the sender was last notified of, and when the sender was last notified of anything. */
  readonly notifiedRev?: number
  readonly notifiedAt?: number
  /** How often in a row the sender could not be notified. */
  readonly notifyTries?: number
  /** When ECS first refused it, and how often it has returned to the queue since then. */
  readonly refusedAt?: number
  readonly refusals?: number
  /** RunTask calls, oldest first. */
  readonly attempts?: readonly Attempt[]
  /** Until when the function that claimed it may start it. */
  readonly leaseUntil?: number
  readonly launchedAt?: number
  /** The answer of a RunTask call was lost: its task may be running. */
  readonly unsure?: boolean
  /** Spot took its capacity back. */
  readonly interrupted?: true
  /** Who wants it cancelled. */
  readonly cancelBy?: string
  /** Who approved it, and when. */
  readonly approvedBy?: string
  readonly approvedAt?: number
  /** Where its container logs. */
  readonly logs?: LogConfig
  /** What the container has reported, and how many reports that includes. */
  readonly progress?: Progress
  readonly progressRev?: number
  /** What the adapter keeps from one notification to the next. */
  readonly memory?: Json
}

/** Only the function that holds the lease may continue its start. */
export type ClaimedRun = RunRecord & { readonly status: 'starting'; readonly leaseUntil: number }
/** RunTask or an ECS event named its task. */
export type LaunchedRun = RunRecord & { readonly taskArn: string }
export type EndedRun = RunRecord & { readonly status: TerminalStatus }

export const isLaunched = (row: RunRecord): row is LaunchedRun => row.taskArn !== undefined
export const hasEnded = (row: RunRecord): row is EndedRun => isTerminal(row.status)

/** What `receive` may read: everything that an answer shows, and nothing about where notifications go. */
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
  'waiting',
  'endedBy',
  'stopCause',
  'startedAt',
  'stoppedAt',
  'deadline',
  'notified',
  'notifyTries',
  'cancelBy',
  'bodyHash',
  'rerunOf',
  'replyAddressFrom',
  'repository',
  'workspace',
  'approvedBy',
  'logs',
  'progress',
  'progressRev',
  'notifiedRev',
  'notifiedAt',
  'attempts',
] as const satisfies readonly (keyof RunRecord)[]

export type PublicRecord = Pick<RunRecord, (typeof publicAttributes)[number]>

/** The sender knows the newest status and the newest progress. */
export const isFullyNotified = ({
  status,
  notified,
  notifiedRev = 0,
  progressRev = 0,
}: Pick<RunRecord, 'status' | 'notified' | 'notifiedRev' | 'progressRev'>): boolean =>
  notified === status && notifiedRev >= progressRev
