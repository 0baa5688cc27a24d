/** What a log line may say: an allow-list. */
import type { RunStatus } from '../model/run.ts'
import type { VerdictLine } from '../model/verdict.ts'

/** What became of one inbound request. */
export interface DeliveryEntry {
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
  readonly status: number
  readonly bytes: number
  readonly ms: number
  readonly event?: string
  readonly delivery?: string
  readonly actor?: string
  readonly runs?: readonly string[]
  /** The sender's trace id. */
  readonly trace?: string
  /** Why it was refused or ignored, or why the signature did not hold: our words only. */
  readonly reason?: string
  /** Its sender still signs with the secret before the current one; never a secret itself. */
  readonly secret?: 'previous'
  /** Which routes were tried, and why each did or did not match. */
  readonly routes?: readonly VerdictLine[]
}

/** A step in the life of a run. */
export interface RunEntry {
  readonly run: string
  readonly task: string
  readonly status: RunStatus
  readonly source?: string
  readonly trace?: string
  readonly taskArn?: string
  readonly attempt?: number
  /** What RunTask's answer means: `later`: back to the queue, since no place took it; `never`: given up. */
  readonly class?: 'started' | 'soon' | 'elsewhere' | 'later' | 'never'
  /** Until it is tried again, in milliseconds. */
  readonly againMs?: number
  /** From the delivery's arrival until ECS says that it ran, in milliseconds. */
  readonly toRunningMs?: number
  readonly exitCode?: number
  readonly reason?: string
  /** What a refusal was, and how AWS says it. */
  readonly refused?: string
  readonly detail?: string
}
