/** A claimed run → a task: place after place until one takes it. What becomes of it where none does, refused.ts says. */

import type { FoundContainer } from '../aws/ecs.ts'
import { stopTask, tellCancelled } from '../lifecycle/cancel.ts'
import { tell } from '../lifecycle/notify.ts'
import { type Attempt, nowhereText, withAttempt } from '../model/attempts.ts'
import { isLate } from '../model/retry-policy.ts'
import { clientTokenOf, progressTokenOf } from '../model/run.ts'
import type { RunRow } from '../model/run-record.ts'
import type { Refusal } from '../model/run-task-errors.ts'
import { lookAgainMs } from '../model/sweep-schedule.ts'
import { placesOf, progressEnv, requestFor } from '../routing/run-task-input.ts'
import type { Parts } from '../services.ts'
import { aboutRun, noteStep } from '../telemetry/run-log.ts'
import { isApproved } from './approval-gate.ts'
import { hasTurn } from './concurrency-gate.ts'
import { isHeld } from './pause-gate.ts'
import { giveUpLate, giveUpOrWait, noteRefusal } from './retry-or-fail.ts'

export async function launch(parts: Parts, row: RunRow): Promise<void> {
  // What may run already is found by its token, and then stopped.
  if (row.cancelBy !== undefined && row.unsure !== true) return cancelled(parts, row, row.cancelBy)
  if (!(await isApproved(parts, row))) return
  if (isLate(row, parts.now())) return giveUpLate(parts, row)
  if ((await isHeld(parts, row)) || !(await hasTurn(parts, row))) return
  const found = await containerOf(parts, row)
  if (found.kind !== 'one') return giveUpOrWait(parts, row, row.attempt, found)
  return tryPlaces(parts, row, found)
}

async function tryPlaces(parts: Parts, row: RunRow, { name: container, logs }: FoundContainer): Promise<void> {
  const { run, plan } = row
  const ecs = await parts.ecs(plan.settings)
  const reports = await reportsOf(parts, row)
  const places = placesOf(plan)
  // Only a whole round can say that no place will ever do.
  let lasting = row.attempt % places.length === 0
  let attempts = row.attempts ?? []
  let lease = row.leaseUntil
  for (let attempt = row.attempt; ; attempt++) {
    const place = places[attempt % places.length]
    if (place === undefined) throw new Error('a plan without a place')
    // Known before the task can end: settle judges this container, and a crash must come back with this attempt's token. Who dies
    // before this has called nothing.
    const leaseUntil = parts.now() + leaseMs
    lease = await parts.ledger.prepare(run, lease, { attempt, container, logs, leaseUntil, attempts })
    if (lease === undefined) return
    const result = await ecs.start(requestFor(plan, run, container, place, reports), clientTokenOf(run, attempt))
    const outcome = result.kind === 'started' ? 'started' : result.class
    attempts = withAttempt(attempts, { ...place, attempt, round: row.refusals ?? 0, at: parts.now(), outcome })
    const held = { ...row, attempts, ...leased(lease) }
    if (result.kind === 'started') return started(parts, held, result.taskArn, attempt)
    // Where a try of it may have started the task, only the same token tells: not the next place's. A place that will never do may be
    // refused before the token is looked at.
    const isOpen = result.unsure === true || (row.unsure === true && result.lasting === true)
    if (result.kind !== 'elsewhere' || isOpen) return giveUpOrWait(parts, held, attempt, result)
    lasting &&= result.lasting === true
    if ((attempt + 1) % places.length === 0)
      return giveUpOrWait(parts, held, attempt, nowhere(result, attempts.slice(-places.length), lasting))
    noteRefusal(parts, row, attempt, result)
  }
}

function nowhere(last: Refusal, round: readonly Attempt[], lasting: boolean): Refusal {
  const { lasting: _, ...refusal } = last
  return { ...refusal, reason: nowhereText(round, last), ...(lasting && { lasting }) }
}

/** RunTask takes a second; who has not said anything for this long is dead. Longer than the function may run. */
export const leaseMs = 90_000

const leased = (leaseUntil: number | undefined) => (leaseUntil === undefined ? {} : { leaseUntil })

/** The one that the config names, or the one that the task definition has. Where its lines go is nothing that a start depends on. */
async function containerOf(parts: Parts, row: RunRow): Promise<FoundContainer | Refusal> {
  const { plan } = row
  const ecs = await parts.ecs(plan.settings)
  const found = await ecs.containerOf(plan.settings.taskDefinition, plan.container)
  if (plan.container === undefined || found.kind === 'one') return found
  parts.log.warn(`the link to its log is missing: ${found.detail}`, aboutRun(row))
  return { kind: 'one', name: plan.container }
}

/** By which the container tells how far it is. */
async function reportsOf({ secrets, key }: Parts, { run, origin }: RunRow) {
  return progressEnv(origin, run, progressTokenOf(run, await secrets.current([key])))
}

async function started(parts: Parts, row: RunRow, taskArn: string, attempt: number): Promise<void> {
  const { ledger, log, now } = parts
  const { run, plan, attempts = [] } = row
  const deadline = plan.timeout === undefined ? undefined : now() + plan.timeout * 1000
  const dueAt = Math.min(deadline ?? Number.POSITIVE_INFINITY, now() + lookAgainMs.running)
  const noted = await ledger.started(run, taskArn, { dueAt, deadline, launchedAt: now(), attempts })
  noteStep(log, row, { status: 'starting', taskArn, attempt, class: 'started' })
  // Somebody cancelled it while it was being started.
  if (noted?.cancelBy !== undefined) await stopTask(parts, noted, noted.cancelBy)
  await tell(parts, { ...row, taskArn })
}

async function cancelled(parts: Parts, row: RunRow, by: string): Promise<void> {
  const ended = await parts.ledger.cancelClaimed(row.run, row.leaseUntil, `cancelled by ${by}`, parts.now())
  if (ended !== undefined) await tellCancelled(parts, ended)
}
