/**
 * The ledger: the record of every run, and what makes a repeated delivery the same run. Every change is conditional, so a function that
 * comes twice or too late changes nothing. `dynamodb-ledger.ts` implements it.
 */
import type { Json } from '../adapter.ts'
import type { Attempt } from '../model/attempts.ts'
import type { LogConfig } from '../model/log-config.ts'
import type { Outcome } from '../model/outcome.ts'
import type { Progress } from '../model/progress.ts'
import type { EndedBy, RunStatus } from '../model/run.ts'
import type { ClaimedRun, EndedRun, LaunchedRun, NewRun, PublicRecord, RunRecord } from '../model/run-record.ts'
import type { Waiting } from '../model/waiting.ts'

export type Claim =
  | { readonly kind: 'claimed'; readonly row: ClaimedRun }
  /** Another function is starting it. */
  | { readonly kind: 'busy' }
  /** It was started, has ended or is unknown. */
  | { readonly kind: 'done'; readonly row: RunRecord | undefined }

/** The end of a lease, which identifies it. Only the function that holds the lease may continue the start. */
export type Lease = number

/** A run, and the lease under which this function is starting it. */
interface Held {
  readonly run: string
  readonly lease: Lease
}

export interface BegunAttempt extends Held {
  readonly attempt: number
  /** The container whose exit code decides. */
  readonly container: string
  readonly logs?: LogConfig | undefined
  readonly attempts: readonly Attempt[]
  readonly leaseUntil: number
}

export interface Launch {
  readonly run: string
  readonly taskArn: string
  readonly dueAt: number
  readonly deadline: number | undefined
  readonly launchedAt: number
  readonly attempts: readonly Attempt[]
}

/** What waiting changes about the tries; undefined: it stays as it was. */
export interface RetryState {
  readonly attempt?: number | undefined
  readonly attempts?: readonly Attempt[] | undefined
  /** False: no task of the run can be running. */
  readonly unsure?: boolean | undefined
  readonly refusedAt?: number | undefined
  readonly refusals?: number | undefined
}

export interface Enqueued extends Held, RetryState {
  readonly waiting: Waiting
  /** `waiting` in words. */
  readonly reason: string
  readonly dueAt: number
}

/** A claimed run that ends without a task. */
export interface Ending extends Held {
  readonly reason: string
  readonly now: number
}

export interface RecordedOutcome {
  readonly outcome: Outcome
  /** Why it ended, in words. */
  readonly reason?: string | undefined
  readonly dueAt: number
}

/** What the sender was notified of. */
export interface Notification {
  readonly run: string
  readonly status: RunStatus
  readonly rev: number
  readonly at: number
  /** When the sender had last been notified before, as far as this function knows; 0: never. Undefined: it does not matter. */
  readonly since?: number
  /** When the sweep checks the run if it stays open. */
  readonly dueAt: number
  /** An ended run may be closed: it was concluded. */
  readonly mayClose: boolean
  readonly memory?: Json | undefined
}

export interface Ledger {
  /** @returns the run as stored, and whether this call created it */
  open(run: NewRun, dueAt: number): Promise<{ readonly fresh: boolean; readonly row: PublicRecord }>
  read(run: string): Promise<RunRecord | undefined>
  /** Only `publicAttributes`: the function that faces the internet may not read where notifications go. */
  readPublic(run: string): Promise<PublicRecord | undefined>

  /** Acquires the right to start a run until `leaseUntil`. */
  claim(claim: { readonly run: string; readonly now: number; readonly leaseUntil: Lease }): Promise<Claim>
  /** Before a RunTask call: records its client token and container. @returns the new lease; undefined: the lease was lost */
  beginAttempt(attempt: BegunAttempt): Promise<Lease | undefined>
  /** @returns undefined: the run has another task, or was closed */
  recordLaunch(launch: Launch): Promise<LaunchedRun | undefined>
  /** Back to `queued`. @returns undefined: the lease was lost */
  enqueue(enqueued: Enqueued): Promise<RunRecord | undefined>
  /** Of a run that waits and now holds a slot: the sweep checks it at `dueAt`. */
  promote(promoted: { readonly run: string; readonly dueAt: number }): Promise<void>
  /** Of a run that waits: its place in the queue has changed. */
  updatePlace(place: { readonly run: string; readonly waiting: Waiting; readonly reason: string }): Promise<void>

  /** Records the state of its task. @returns undefined: the event is old, or the run has ended */
  recordOutcome(recorded: RecordedOutcome): Promise<RunRecord | undefined>
  /** @returns undefined: the lease was lost */
  failToStart(ending: Ending & { readonly attempts?: readonly Attempt[] | undefined }): Promise<EndedRun | undefined>
  /**
   * Cancels a run that waits. If its start is under way or it has a task, this only records who wants it cancelled.
   * @returns the run after that; undefined: unknown
   */
  cancel(cancelled: {
    readonly run: string
    readonly by: string
    readonly reason: string
    readonly now: number
  }): Promise<RunRecord | undefined>
  /** @returns undefined: the lease was lost */
  cancelClaimed(ending: Ending & { readonly endedBy: EndedBy }): Promise<EndedRun | undefined>
  /** Ends a claimed run that was not approved in time. @returns undefined: it has been approved, or the lease was lost */
  expire(ending: Ending): Promise<EndedRun | undefined>
  /**
   * @property by a person's name, for people @property actor the same person as the sender calls them, who must not be the requester
   * @returns undefined: it has been approved before, has a task or has ended, or the approver is the requester
   */
  approve(approval: {
    readonly run: string
    readonly by: string
    readonly actor: string
    readonly now: number
    readonly dueAt: number
  }): Promise<RunRecord | undefined>
  /** Ends a run that waits for approval. @returns undefined: it has been approved or has ended, or is being started */
  reject(rejection: {
    readonly run: string
    readonly by: string
    readonly reason: string
    readonly now: number
  }): Promise<EndedRun | undefined>

  /** @property seen the `progressRev` on which `progress` is based @returns undefined: another report was faster, or the run has ended */
  recordProgress(report: {
    readonly run: string
    readonly progress: Progress
    readonly seen: number
  }): Promise<RunRecord | undefined>
  /**
   * Acquires the right to notify the sender until `until`; `recordNotification` gives it back.
   * @returns the newest state; undefined: another function is notifying, and will notify the sender of the newest state
   */
  claimNotification(claim: {
    readonly run: string
    readonly now: number
    readonly until: number
  }): Promise<RunRecord | undefined>
  /**
   * The sender knows this status. An ended run is then closed if it may be, unless another function has notified the sender since: the
   * order of the two is unknown, so the sender must be notified of the end again. If the run has a newer status, it stays or becomes
   * open until the sender is notified of that one.
   * @returns the newest state
   */
  recordNotification(notification: Notification): Promise<RunRecord | undefined>
  /**
   * The sweep checks an open run at `dueAt`.
   * @property notifyTries how often the sender could not be notified; gives back the right to notify
   * @returns false: it is closed
   */
  scheduleReview(review: {
    readonly run: string
    readonly dueAt: number
    readonly notifyTries?: number
  }): Promise<boolean>
  /** The sweep no longer checks the run, unless the sender was notified after `since`. @property since as in `Notification` */
  close(closed: { readonly run: string; readonly since: number }): Promise<void>

  /** The newest runs of a task. */
  recent(task: string, limit: number): Promise<readonly PublicRecord[]>
  /** Open runs that are due, the oldest first. */
  dueForReview(due: { readonly now: number; readonly limit: number }): Promise<readonly string[]>
}
