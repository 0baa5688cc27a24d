/** What the gates and the retry policy decide about a claimed run. `apply-decision.ts` is the one place that acts on it. */
import type { Attempt } from '../model/attempts.ts'
import type { EndedBy } from '../model/run.ts'
import type { ClaimedRun } from '../model/run-record.ts'
import type { Waiting } from '../model/waiting.ts'
import type { RetryState } from '../store/ledger.ts'
import type { RunStep } from '../telemetry/run-log.ts'

/** Back to the queue. */
export interface Wait {
  readonly kind: 'wait'
  readonly waiting: Waiting
  /** When the sweep checks the run, in milliseconds since the epoch. */
  readonly dueAt: number
  /** Until `start` tries it again, in milliseconds. Undefined: what it waits for queues it. */
  readonly againMs?: number
  readonly retry?: RetryState
  /** The wait is too short for a notification. */
  readonly quiet?: true
  /** Older runs that this one replaces. */
  readonly replaces?: readonly string[]
  readonly log?: Partial<RunStep>
}

/** The run ends without a task. */
export interface End {
  readonly kind: 'end'
  readonly end:
    | { readonly kind: 'cancelled'; readonly endedBy: EndedBy }
    /** Not approved in time; an approval that comes first wins. */
    | { readonly kind: 'expired' }
    | { readonly kind: 'failed-to-start'; readonly attempts?: readonly Attempt[] | undefined }
  readonly reason: string
  readonly log?: Partial<RunStep>
}

export type GateDecision =
  | { readonly kind: 'proceed' }
  | Wait
  | End
  /** It has ended while it was claimed: there is nothing to do. */
  | { readonly kind: 'gone' }

export const proceed = { kind: 'proceed' } as const satisfies GateDecision

export type Gate<Needs> = (services: Needs, row: ClaimedRun) => GateDecision | Promise<GateDecision>
