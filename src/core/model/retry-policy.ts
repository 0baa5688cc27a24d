/** When a run that ECS refused is tried again, and when it is given up. Pure. */
import { createHash } from 'node:crypto'
import type { Plan } from './plan.ts'
import { maxDelaySeconds } from './queue-messages.ts'
import type { RunRecord } from './run-record.ts'
import type { Refusal } from './run-task-errors.ts'

/** How long ECS may refuse a run that has no `startWithin`, in milliseconds from its first refusal. */
const defaultStartWithinMs = 3_600_000
/** If a lost RunTask call started a task, an ECS event shows it within minutes. After this long, in milliseconds, there is none. */
const doubtMs = 3_600_000
const firstDelayMs = { soon: 5_000, later: 60_000 } as const
const longestDelayMs = { soon: 60_000, later: maxDelaySeconds * 1000 } as const

type Deadlines = Pick<RunRecord, 'createdAt' | 'approvedAt' | 'refusedAt'> & {
  readonly plan: Pick<Plan, 'startWithin'>
}
export type Refused = Deadlines & Pick<RunRecord, 'run' | 'refusals' | 'unsure'>

/** Until when it must have been started: milliseconds since the epoch. Undefined: there is no limit yet. */
export function startDeadline({ plan, createdAt, approvedAt, refusedAt }: Deadlines): number | undefined {
  if (plan.startWithin !== undefined) return (approvedAt ?? createdAt) + plan.startWithin * 1000
  return refusedAt === undefined ? undefined : refusedAt + defaultStartWithinMs
}

/** Too late for a first RunTask call. One that may already have a task is tried again all the same: its token finds the task. */
export const isPastStartDeadline = (row: Deadlines & Pick<RunRecord, 'unsure'>, now: number): boolean =>
  row.plan.startWithin !== undefined && row.unsure !== true && now > (startDeadline(row) ?? now)

export type RetryDecision = { readonly kind: 'give-up' } | Retry

export interface Retry {
  readonly kind: 'retry'
  /** Until the next try. */
  readonly delayMs: number
  /** The call may have succeeded, or ECS did not check its token: a new token could start a second task. */
  readonly sameToken: boolean
  /** A task of the run may be running. */
  readonly unsure: boolean
}

/** What to do with a claimed run after a refusal. */
export function retryPolicy(row: Refused, refusal: Refusal, now: number): RetryDecision {
  const deadline = startDeadline({ ...row, refusedAt: row.refusedAt ?? now }) ?? now
  const doubtful = mayHaveTask(row, refusal)
  if (isOver(refusal, doubtful, deadline, now)) return { kind: 'give-up' }
  const unchecked = mayPrecedeTokenCheck(refusal)
  return {
    kind: 'retry',
    delayMs: delayBefore(row, refusal, deadline, now),
    sameToken: unchecked && (doubtful || refusal.kind !== 'later'),
    unsure: doubtful && unchecked,
  }
}

/** This call or one before it may have started a task. */
const mayHaveTask = (row: Refused, refusal: Refusal): boolean => refusal.unsure === true || row.unsure === true

/** ECS decided about the run. Otherwise it throttled or lost the call, or failed, which says nothing about the run. */
const isDecision = (refusal: Refusal): boolean => refusal.kind !== 'soon'

/** Waiting does not help. */
const isFinal = (refusal: Refusal): boolean =>
  refusal.kind === 'never' || (refusal.kind === 'elsewhere' && refusal.lasting === true)

/** While a task may be running and ECS decides nothing, the run gets more time: an event of the task would show it. */
function isOver(refusal: Refusal, doubtful: boolean, deadline: number, now: number): boolean {
  if (doubtful && !isDecision(refusal)) return now > deadline + doubtMs
  return now > deadline || (isFinal(refusal) && !doubtful)
}

/** ECS checks capacity and quotas after the token. A final refusal or an unknown message may come before that check. */
const mayPrecedeTokenCheck = (refusal: Refusal): boolean =>
  !isDecision(refusal) || isFinal(refusal) || refusal.unsure === true || refusal.class === 'unknown'

/** Until the next try, in milliseconds. The last try comes exactly at the deadline. */
function delayBefore(row: Refused, refusal: Refusal, deadline: number, now: number): number {
  const late = now > deadline
  const delayMs = delayOf(row, refusal.kind === 'soon' && !late ? 'soon' : 'later')
  return late ? delayMs : Math.max(firstDelayMs.soon, Math.min(delayMs, deadline - now))
}

/** Doubled with every refusal, up to a limit; spread by a quarter, so that runs refused together do not come back together. */
function delayOf({ run, refusals = 0 }: Refused, pace: 'soon' | 'later'): number {
  const ms = Math.min(firstDelayMs[pace] * 2 ** Math.min(refusals, 20), longestDelayMs[pace])
  return Math.min(Math.round(ms * (0.75 + spread(run, refusals) / 2)), longestDelayMs.later)
}

/** From 0 to 1, and always the same for the same try. */
const spread = (run: string, tries: number): number =>
  createHash('sha256').update(`${run} ${tries}`).digest().readUInt16BE(0) / 0xffff
