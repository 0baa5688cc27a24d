/** A run that ECS did not start: tried again, now or later, or given up; and its sender is told which. */
import { secondsText } from './describe.ts'
import { lookAgainMs } from './due.ts'
import type { RunEntry } from './log.ts'
import type { Parts } from './parts.ts'
import { nextTry } from './patience.ts'
import { meanings, type Refusal } from './refusals.ts'
import type { RunRow } from './row.ts'
import { tell } from './tell.ts'

/** A hiccup of seconds is nobody's news. */
const newsMs = 30_000

/** @param row as it is held, with the attempts so far */
export async function giveUpOrWait(parts: Parts, row: RunRow, attempt: number, refusal: Refusal): Promise<void> {
  const { ledger, queue, now } = parts
  const next = nextTry(row, refusal, now())
  logRefusal(parts, row, next.kind === 'none' ? 'failed-to-start' : 'queued', attempt, refusal)
  if (refusal.class === 'unknown')
    parts.log.error('ECS refused a start in words that taskhook does not know; tell its authors', { run: row.run })
  if (next.kind === 'none') return giveUp(parts, row, refusal.reason)
  const { ms, sameToken, unsure } = next
  const waiting = await ledger.postpone(row.run, row.leaseUntil, {
    ...{ reason: refusal.reason, attempts: row.attempts ?? [], unsure },
    attempt: sameToken ? attempt : attempt + 1,
    dueAt: now() + ms + lookAgainMs.queued,
    refusedAt: row.refusedAt ?? now(),
    refusals: (row.refusals ?? 0) + 1,
  })
  if (waiting === undefined) return
  await queue.send({ verb: 'start', run: row.run }, ms / 1000)
  if (ms > newsMs) await tell(parts, waiting)
}

/** It has waited for longer than its task allows, for whatever. */
export async function giveUpLate(parts: Parts, row: RunRow): Promise<void> {
  const last = row.attempts?.at(-1)?.outcome
  const why = last === undefined || last === 'started' ? '' : `: ${meanings[last].reason}`
  await giveUp(parts, row, `it was not started within ${secondsText(row.plan.startWithin ?? 0)}${why}`)
}

async function giveUp(parts: Parts, row: RunRow, reason: string): Promise<void> {
  const { run, plan, attempts } = row
  const failed = await parts.ledger.failToStart(run, row.leaseUntil, reason, parts.now(), attempts)
  if (failed === undefined) return
  parts.log.run({ run, task: plan.task, status: 'failed-to-start', reason })
  await tell(parts, failed)
}

export function logRefusal(
  { log }: Parts,
  { run, plan }: RunRow,
  status: RunEntry['status'],
  attempt: number,
  { class: refused, kind: retry, reason, detail }: Refusal,
): void {
  log.run({ run, task: plan.task, status, attempt, reason, refused, retry, detail })
}
