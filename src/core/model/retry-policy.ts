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

export type RetryDecision =
  | { readonly kind: 'give-up' }
  /**
   * @property delayMs until the next try
   * @property sameToken the call may have succeeded, or ECS did not check its token: a new token could start a second task
   * @property unsure a task of the run may be running
   */
  | { readonly kind: 'retry'; readonly delayMs: number; readonly sameToken: boolean; readonly unsure: boolean }

/** What to do with a claimed run after a refusal. */
export function retryPolicy(row: Refused, refusal: Refusal, now: number): RetryDecision {
  const by = startDeadline({ ...row, refusedAt: row.refusedAt ?? now }) ?? now
  const late = now > by
  const final = refusal.kind === 'never' || (refusal.kind === 'elsewhere' && refusal.lasting === true)
  const answered = refusal.kind !== 'soon'
  const doubtful = refusal.unsure === true || row.unsure === true
  // After a lost call its task may be running, and an event of the task would show that.
  const over = doubtful && !answered ? now > by + doubtMs : late || (final && !doubtful)
  if (over) return { kind: 'give-up' }
  // ECS checks capacity and quotas after the token. A final refusal or an unknown message may come before that check.
  const saysNothing = !answered || final || refusal.unsure === true || refusal.class === 'unknown'
  const pace = refusal.kind === 'soon' && !late ? 'soon' : 'later'
  const delayMs = delayOf(row, pace)
  return {
    kind: 'retry',
    // The last try comes exactly at the deadline.
    delayMs: late ? delayMs : Math.max(firstDelayMs.soon, Math.min(delayMs, by - now)),
    sameToken: saysNothing && (doubtful || refusal.kind !== 'later'),
    unsure: doubtful && saysNothing,
  }
}

/** Doubled with every refusal, up to a limit; spread by a quarter, so that runs refused together do not come back together. */
function delayOf({ run, refusals = 0 }: Refused, pace: 'soon' | 'later'): number {
  const ms = Math.min(firstDelayMs[pace] * 2 ** Math.min(refusals, 20), longestDelayMs[pace])
  return Math.min(Math.round(ms * (0.75 + spread(run, refusals) / 2)), longestDelayMs.later)
}

/** From 0 to 1, and always the same for the same try. */
const spread = (run: string, tries: number): number =>
  createHash('sha256').update(`${run} ${tries}`).digest().readUInt16BE(0) / 0xffff
