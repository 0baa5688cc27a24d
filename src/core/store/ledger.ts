/**
 * Runs, as everybody else sees them: the one memory of taskhook, and the dedupe store. Every change is conditional, so whoever comes
 * twice or too late changes nothing. How that is written, table-ledger.ts says.
 */
import type { Json } from '../adapter.ts'
import type { Attempt } from '../model/attempts.ts'
import type { LogConfig } from '../model/log-config.ts'
import type { Outcome } from '../model/outcome.ts'
import type { Progress } from '../model/progress.ts'
import type { RunStatus } from '../model/run.ts'
import type { NewRun, PublicRecord, RunRecord } from '../model/run-record.ts'

export type Claim =
  | { readonly kind: 'claimed'; readonly row: RunRecord }
  /** Somebody else is starting it right now. */
  | { readonly kind: 'busy' }
  /** Started, ended or unknown: nothing to do. */
  | { readonly kind: 'done'; readonly row: RunRecord | undefined }

/** What the sender has been told. */
export interface Notification {
  readonly status: RunStatus
  readonly rev: number
  readonly at: number
  /** When the sender had been told something last, as far as whoever tells knew; 0: never. Default: whenever. */
  readonly since?: number
  /** When to look again, where the run has moved on meanwhile. */
  readonly dueAt: number
  readonly memory?: Json | undefined
}

export interface Postponement {
  readonly reason: string
  readonly attempts: readonly Attempt[]
  /** How often it has been put off. */
  readonly refusals: number
  readonly attempt: number
  readonly dueAt: number
  /** Undefined: as it was. */
  readonly refusedAt: number | undefined
  readonly unsure: boolean
}

/** What a claim gave: only who holds it may go on with the start. */
export type Lease = number | undefined

export interface Ledger {
  /** @returns the row as it stands, and whether this call made it */
  open(run: NewRun, dueAt: number): Promise<{ readonly fresh: boolean; readonly row: PublicRecord }>
  read(run: string): Promise<RunRecord | undefined>
  /** Without `replyAddress`, which the function that faces the internet may not read. */
  readPublic(run: string): Promise<PublicRecord | undefined>
  /** Take the right to start a run until `leaseUntil`. */
  claim(run: string, now: number, leaseUntil: number): Promise<Claim>
  /** Before a start: which container is judged, and which attempt's token is used. @returns the new lease; undefined: it is not ours any more */
  beginAttempt(
    run: string,
    lease: Lease,
    next: {
      readonly attempt: number
      readonly container: string
      readonly leaseUntil: number
      readonly logs?: LogConfig | undefined
      readonly attempts?: readonly Attempt[]
    },
  ): Promise<Lease>
  recordLaunch(
    run: string,
    taskArn: string,
    next: {
      readonly dueAt: number
      readonly deadline: number | undefined
      readonly launchedAt: number
      readonly attempts: readonly Attempt[]
    },
  ): Promise<RunRecord | undefined>
  /**
   * Somebody wants it cancelled. A run that waits is cancelled with this; one whose start is under way, or whose task runs, has it noted
   * and must be stopped. @returns the row as it now stands; undefined: unknown
   */
  cancel(run: string, by: string, now: number): Promise<RunRecord | undefined>
  /** Of a claimed run that has no task. @returns the row as it now stands; undefined: it has one after all */
  cancelClaimed(run: string, lease: Lease, reason: string, now: number): Promise<RunRecord | undefined>
  /** Somebody says yes. @returns the row as it now stands; undefined: somebody has already, it was who asked for it, or it has ended */
  approve(run: string, by: string, actor: string, now: number, dueAt: number): Promise<RunRecord | undefined>
  /** Of a claimed run to which nobody has said yes. @returns the row as it now stands; undefined: somebody has after all */
  expire(run: string, lease: Lease, reason: string, now: number): Promise<RunRecord | undefined>
  /** Somebody says no. @returns the row as it now stands; undefined: it has been approved, or has ended */
  reject(run: string, by: string, now: number): Promise<RunRecord | undefined>
  /** What the container says. @param seen the `progressRev` that it goes on from @returns undefined: it has moved on, or has ended */
  recordProgress(run: string, progress: Progress, seen: number): Promise<RunRecord | undefined>
  /** Back to `queued`: another try later. @returns the row as it now stands; undefined: it has been started after all */
  postpone(run: string, lease: Lease, next: Postponement): Promise<RunRecord | undefined>
  /**
   * Back to `queued`: it waits for others.
   * @param unsure false: no task of it can be running
   * @returns the row as it now stands; undefined: it is not ours any more
   */
  enqueue(run: string, lease: Lease, reason: string, dueAt: number, unsure?: false): Promise<RunRecord | undefined>
  /** It has its turn: where it still waits, somebody should look at it at `dueAt`. */
  promote(run: string, dueAt: number): Promise<void>
  /** Its place in the line is another now. */
  updatePlace(run: string, reason: string): Promise<void>
  /** What ECS says. @returns the row as it now stands; undefined: old news, or a run that has ended */
  recordOutcome(outcome: Outcome, dueAt: number): Promise<RunRecord | undefined>
  /** @returns the row as it now stands; undefined: it has been started after all, or has ended */
  failToStart(
    run: string,
    lease: Lease,
    reason: string,
    now: number,
    attempts?: readonly Attempt[],
  ): Promise<RunRecord | undefined>
  /**
   * Take the right to tell the sender until `until`. Given back by `told`, where nothing newer is to be told.
   * @returns the row as it now stands, with its memory; undefined: somebody else is at it, and tells what is newest
   */
  claimNotification(run: string, now: number, until: number): Promise<RunRecord | undefined>
  /**
   * The sender knows of this status; an ended run is then closed, unless somebody has told something else meanwhile: nobody knows which
   * of the two came last, so the end is to be told once more. Where the run has moved on meanwhile, what the sender heard last is
   * old: the run is open again until somebody has told the newest. @returns the row as it now stands
   */
  recordNotification(run: string, what: Notification): Promise<RunRecord | undefined>
  /** Somebody should look at it again at `dueAt`. @param notifyTries how often its sender could not be told: somebody else may try now @returns false: it is closed */
  scheduleReview(run: string, dueAt: number, notifyTries?: number): Promise<boolean>
  /** Nobody has to look at it any more, unless its sender was told something after `since`. @param since as `Told` has it */
  close(run: string, since: number): Promise<void>
  /** The newest runs of a task. */
  recent(task: string, limit: number): Promise<readonly PublicRecord[]>
  /** Open runs that are due, oldest first. */
  dueForReview(now: number, limit: number): Promise<readonly string[]>
}
