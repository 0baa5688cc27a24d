/**
 * The fields that a log line may have: an allow-list. Operators search and alarm on their values and on the names that `log.ts` gives
 * them, so neither changes.
 */
import type { RunStatus } from '../model/run.ts'
import type { RefusalClass, RefusalKind } from '../model/run-task-errors.ts'
import type { VerdictLine } from '../model/verdict.ts'

/** One inbound request. */
export interface DeliveryEntry {
  /** Empty for a request of the run API that fails before its run is known. */
  readonly source: string
  readonly outcome:
    | 'accepted'
    | 'duplicate'
    | 'ignored'
    | 'replied'
    | 'help'
    | 'controlled'
    | 'asked'
    | 'errand'
    | 'progress'
    | 'refused'
    | 'unauthorized'
    | 'failed'
  /** Of the HTTP reply. */
  readonly status: number
  /** Of the request's body. */
  readonly bytes: number
  /** From the event to the reply, in milliseconds. */
  readonly ms: number
  readonly event?: string
  /** The sender's id of the delivery. */
  readonly delivery?: string
  readonly actor?: string
  readonly runs?: readonly string[]
  /** The sender's trace id. */
  readonly trace?: string
  /** Why it was refused, ignored or not authenticated. Never a part of the request. */
  readonly reason?: string
  /** The sender still signs with the secret before the current one. Never a secret itself. */
  readonly secret?: 'previous'
  /** The sender's secret, for the operator. Only who has the token key can open it (`taskhook doctor` does). */
  readonly sealedSecret?: string
  /** The routes that were tried, and why each matched or did not. */
  readonly routes?: readonly VerdictLine[]
}

/** One step of a run. `log.ts` writes `kind` as `class`, and `class` as `refused`. */
export interface RunEntry {
  readonly run: string
  readonly task: string
  readonly status: RunStatus
  readonly source?: string
  readonly trace?: string
  readonly taskArn?: string
  readonly attempt?: number
  /** What happens after a RunTask call: `later` is a retry from the queue, since no place had capacity; `never` ends the run. */
  readonly kind?: 'started' | RefusalKind
  /** Until the retry, in milliseconds. */
  readonly againMs?: number
  /** From the delivery to the start of the container, in milliseconds. */
  readonly toRunningMs?: number
  readonly exitCode?: number
  readonly reason?: string
  /** The class of ECS's refusal, and ECS's own text. */
  readonly class?: RefusalClass
  readonly detail?: string
}
