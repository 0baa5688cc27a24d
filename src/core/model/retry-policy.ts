/** When a run that ECS has refused is tried again, and when no more. Pure. */
import { createHash } from 'node:crypto'
import { maxDelaySeconds } from './queue-messages.ts'
import type { RunRecord } from './run-record.ts'
import type { Refusal } from './run-task-errors.ts'

/** How long ECS may refuse a run that has no `startWithin` of its own, in milliseconds from its first refusal. */
const defaultStartWithinMs = 3_600_000
/** An event of a task that nobody knows of comes within minutes; after so long more there is none. */
const doubtMs = 3_600_000
const firstMs = { soon: 5_000, later: 60_000 } as const
const longestMs = { soon: 60_000, later: maxDelaySeconds * 1000 } as const

type Waiting = Pick<RunRecord, 'run' | 'plan' | 'createdAt' | 'approvedAt' | 'refusedAt' | 'refusals' | 'unsure'>

/** Until when it must have been started: milliseconds since the epoch. Undefined: nothing says so yet. */
export function startDeadline({ plan, createdAt, approvedAt, refusedAt }: Omit<Waiting, 'run'>): number | undefined {
  if (plan.startWithin !== undefined) return (approvedAt ?? createdAt) + plan.startWithin * 1000
  return refusedAt === undefined ? undefined : refusedAt + defaultStartWithinMs
}

/** It must not be started any more. One that may be running is asked for all the same: its token finds it. */
export const isPastStartDeadline = (row: Waiting, now: number): boolean =>
  row.plan.startWithin !== undefined && row.unsure !== true && now > (startDeadline(row) ?? now)

export type RetryDecision =
  | { readonly kind: 'none' }
  /** @property ms until then @property sameToken the call may have got through, or was not looked at: a new token could start a second task */
  | { readonly kind: 'after'; readonly ms: number; readonly sameToken: boolean; readonly unsure: boolean }

/** What becomes of a claimed run after a refusal. */
export function retryPolicy(row: Waiting, refusal: Refusal, now: number): RetryDecision {
  const by = startDeadline({ ...row, refusedAt: row.refusedAt ?? now }) ?? now
  const late = now > by
  const final = refusal.kind === 'never' || (refusal.kind === 'elsewhere' && refusal.lasting === true)
  const answered = refusal.kind !== 'soon'
  const doubtful = refusal.unsure === true || row.unsure === true
  // Where a call got lost, its task may be running, and an event of it tells.
  const over = doubtful && !answered ? now > by + doubtMs : late || (final && !doubtful)
  if (over) return { kind: 'none' }
  // Capacity and quotas are looked at after the token; a no, or words that nobody knows, may come before it.
  const saysNothing = !answered || final || refusal.unsure === true || refusal.class === 'unknown'
  const pace = refusal.kind === 'soon' && !late ? 'soon' : 'later'
  const ms = pauseMs(row, pace)
  return {
    kind: 'after',
    // Not past the last moment, where one is left: that is when it is known.
    ms: late ? ms : Math.max(firstMs.soon, Math.min(ms, by - now)),
    sameToken: saysNothing && (doubtful || refusal.kind !== 'later'),
    unsure: doubtful && saysNothing,
  }
}

/** Doubled with every refusal, up to a bound; spread by a quarter, so that what was refused together does not come back together. */
function pauseMs({ run, refusals = 0 }: Waiting, pace: 'soon' | 'later'): number {
  const ms = Math.min(firstMs[pace] * 2 ** Math.min(refusals, 20), longestMs[pace])
  return Math.min(Math.round(ms * (0.75 + spread(run, refusals) / 2)), longestMs.later)
}

/** From 0 to 1, and always the same for the same try. */
const spread = (run: string, tries: number): number =>
  createHash('sha256').update(`${run} ${tries}`).digest().readUInt16BE(0) / 0xffff
