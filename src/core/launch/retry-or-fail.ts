/** A run that ECS did not start: tried again, now or later, or given up; and its sender is told which. */

import { notify } from '../lifecycle/notify.ts'
import { retryPolicy } from '../model/retry-policy.ts'
import type { RunRecord } from '../model/run-record.ts'
import { meanings, type Refusal } from '../model/run-task-errors.ts'
import { reviewAfterMs } from '../model/sweep-schedule.ts'
import type { Services } from '../services.ts'
import { logRunStep, type RunStep, runContext } from '../telemetry/run-log.ts'
import { durationText } from '../text/run-summary.ts'

/** A hiccup of seconds is nobody's news. */
const notifyAfterMs = 30_000

/** @param row as it is held, with the attempts so far */
export async function retryOrFail(
  services: Services,
  row: RunRecord,
  attempt: number,
  refusal: Refusal,
): Promise<void> {
  const { ledger, queue, log, now } = services
  const next = retryPolicy(row, refusal, now())
  if (refusal.class === 'unknown')
    log.error(`ECS refused a start in words that taskhook does not know: ${refusal.detail}`, runContext(row))
  if (next.kind === 'none')
    return fail(services, row, { ...stepOf(attempt, refusal), status: 'failed-to-start', class: 'never' })
  const { ms, sameToken, unsure } = next
  const waiting = await ledger.postpone(row.run, row.leaseUntil, {
    ...{ reason: refusal.reason, attempts: row.attempts ?? [], unsure },
    attempt: sameToken ? attempt : attempt + 1,
    dueAt: now() + ms + reviewAfterMs.queued,
    refusedAt: row.refusedAt ?? now(),
    refusals: (row.refusals ?? 0) + 1,
  })
  if (waiting === undefined) return
  const kind = refusal.kind === 'soon' ? 'soon' : 'later'
  logRunStep(log, row, { ...stepOf(attempt, refusal), status: 'queued', class: kind, againMs: ms })
  // Somebody cancelled it while it was claimed: at once, since there is nothing to wait for.
  const isCancelled = waiting.cancelBy !== undefined
  await queue.send({ verb: 'start', run: row.run }, isCancelled ? 0 : ms / 1000)
  if (ms > notifyAfterMs && !isCancelled) await notify(services, waiting)
}

/** It has waited for longer than its task allows, for whatever. */
export async function failLate(services: Services, row: RunRecord): Promise<void> {
  const last = row.attempts?.at(-1)?.outcome
  const why = last === undefined || last === 'started' ? '' : `: ${meanings[last].reason}`
  const reason = `it was not started within ${durationText(row.plan.startWithin ?? 0)}${why}`
  await fail(services, row, { status: 'failed-to-start', class: 'never', reason })
}

async function fail(services: Services, row: RunRecord, step: RunStep): Promise<void> {
  const { run, attempts } = row
  const failed = await services.ledger.failToStart(run, row.leaseUntil, step.reason ?? '', services.now(), attempts)
  if (failed === undefined) return
  logRunStep(services.log, row, step)
  await notify(services, failed)
}

/** Not here; there are other places. */
export const logRefusal = ({ log }: Services, row: RunRecord, attempt: number, refusal: Refusal): void =>
  logRunStep(log, row, { ...stepOf(attempt, refusal), status: 'starting', class: 'elsewhere' })

const stepOf = (attempt: number, { class: refused, reason, detail }: Refusal) => ({ attempt, refused, reason, detail })
