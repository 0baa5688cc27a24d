/** The RunTask calls of a run. Pure. */
import type { Place } from './plan.ts'
import type { RefusalClass } from './run-task-errors.ts'

export interface Attempt extends Place {
  /** Counts the client tokens; a call whose answer was lost is repeated with the same one. */
  readonly attempt: number
  /** The run's `refusals` at that time, under its stored name. Attempts with the same number tried one place each. */
  readonly round: number
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly outcome: 'started' | RefusalClass
}

/** A run that is refused for hours is refused for the same reasons, and DynamoDB bills by the size of the row. */
const mostKept = 30

/** Adds an attempt and forgets the oldest ones. */
export const withAttempt = (attempts: readonly Attempt[], next: Attempt): readonly Attempt[] =>
  [...attempts, next].slice(-mostKept)
