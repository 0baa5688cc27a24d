/** A run that ECS did not start: tried again, now or later, or given up; and its sender is told which. */

import { tell } from '../lifecycle/notify.ts'
import { nextTry } from '../model/retry-policy.ts'
import type { RunRow } from '../model/run-record.ts'
import { meanings, type Refusal } from '../model/run-task-errors.ts'
import { lookAgainMs } from '../model/sweep-schedule.ts'
import type { Parts } from '../services.ts'
import { aboutRun, noteStep, type Step } from '../telemetry/run-log.ts'
import { durationText } from '../text/run-summary.ts'

/** A hiccup of seconds is nobody's news. */
const newsMs = 30_000

/** @param row as it is held, with the attempts so far */
export async function giveUpOrWait(parts: Parts, row: RunRow, attempt: number, refusal: Refusal): Promise<void> {
  const { ledger, queue, log, now } = parts
  const next = nextTry(row, refusal, now())
  if (refusal.class === 'unknown')
    log.error(`ECS refused a start in words that taskhook does not know: ${refusal.detail}`, aboutRun(row))
  if (next.kind === 'none')
    return giveUp(parts, row, { ...stepOf(attempt, refusal), status: 'failed-to-start', class: 'never' })
  const { ms, sameToken, unsure } = next
  const waiting = await ledger.postpone(row.run, row.leaseUntil, {
    ...{ reason: refusal.reason, attempts: row.attempts ?? [], unsure },
    attempt: sameToken ? attempt : attempt + 1,
    dueAt: now() + ms + lookAgainMs.queued,
    refusedAt: row.refusedAt ?? now(),
    refusals: (row.refusals ?? 0) + 1,
  })
  if (waiting === undefined) return
  const kind = refusal.kind === 'soon' ? 'soon' : 'later'
  noteStep(log, row, { ...stepOf(attempt, refusal), status: 'queued', class: kind, againMs: ms })
  // Somebody cancelled it while it was claimed: at once, since there is nothing to wait for.
  const isCancelled = waiting.cancelBy !== undefined
  await queue.send({ verb: 'start', run: row.run }, isCancelled ? 0 : ms / 1000)
  if (ms > newsMs && !isCancelled) await tell(parts, waiting)
}

/** It has waited for longer than its task allows, for whatever. */
export async function giveUpLate(parts: Parts, row: RunRow): Promise<void> {
  const last = row.attempts?.at(-1)?.outcome
  const why = last === undefined || last === 'started' ? '' : `: ${meanings[last].reason}`
  const reason = `it was not started within ${durationText(row.plan.startWithin ?? 0)}${why}`
  await giveUp(parts, row, { status: 'failed-to-start', class: 'never', reason })
}

async function giveUp(parts: Parts, row: RunRow, step: Step): Promise<void> {
  const { run, attempts } = row
  const failed = await parts.ledger.failToStart(run, row.leaseUntil, step.reason ?? '', parts.now(), attempts)
  if (failed === undefined) return
  noteStep(parts.log, row, step)
  await tell(parts, failed)
}

/** Not here; there are other places. */
export const noteRefusal = ({ log }: Parts, row: RunRow, attempt: number, refusal: Refusal): void =>
  noteStep(log, row, { ...stepOf(attempt, refusal), status: 'starting', class: 'elsewhere' })

const stepOf = (attempt: number, { class: refused, reason, detail }: Refusal) => ({ attempt, refused, reason, detail })
