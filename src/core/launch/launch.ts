/** A claimed run → a task: place after place until one takes it. What becomes of it where none does, refused.ts says. */

import type { FoundContainer } from '../aws/ecs.ts'
import { progressTokenOf } from '../http/run-tokens.ts'
import { notifyCancelled, stopTask } from '../lifecycle/cancel.ts'
import { notify } from '../lifecycle/notify.ts'
import { type Attempt, nowhereText, withAttempt } from '../model/attempts.ts'
import { isPastStartDeadline } from '../model/retry-policy.ts'
import { clientTokenOf } from '../model/run.ts'
import type { RunRecord } from '../model/run-record.ts'
import type { Refusal } from '../model/run-task-errors.ts'
import { reviewAfterMs } from '../model/sweep-schedule.ts'
import { progressEnv } from '../routing/container-env.ts'
import { placesOf } from '../routing/places.ts'
import { requestFor } from '../routing/run-task-input.ts'
import type { Services } from '../services.ts'
import { logRunStep, runContext } from '../telemetry/run-log.ts'
import { approvalGate } from './approval-gate.ts'
import { concurrencyGate } from './concurrency-gate.ts'
import { pauseGate } from './pause-gate.ts'
import { failLate, logRefusal, retryOrFail } from './retry-or-fail.ts'

export async function launch(services: Services, row: RunRecord): Promise<void> {
  // What may run already is found by its token, and then stopped.
  if (row.cancelBy !== undefined && row.unsure !== true) return cancelled(services, row, row.cancelBy)
  if (!(await approvalGate(services, row))) return
  if (isPastStartDeadline(row, services.now())) return failLate(services, row)
  if ((await pauseGate(services, row)) || !(await concurrencyGate(services, row))) return
  const found = await containerOf(services, row)
  if (found.kind !== 'one') return retryOrFail(services, row, row.attempt, found)
  return tryPlaces(services, row, found)
}

async function tryPlaces(services: Services, row: RunRecord, { name: container, logs }: FoundContainer): Promise<void> {
  const { run, plan } = row
  const ecs = await services.ecs(plan.settings)
  const reports = await reportsOf(services, row)
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
    const leaseUntil = services.now() + leaseMs
    lease = await services.ledger.beginAttempt(run, lease, { attempt, container, logs, leaseUntil, attempts })
    if (lease === undefined) return
    const result = await ecs.start(requestFor(plan, run, container, place, reports), clientTokenOf(run, attempt))
    const outcome = result.kind === 'started' ? 'started' : result.class
    attempts = withAttempt(attempts, { ...place, attempt, round: row.refusals ?? 0, at: services.now(), outcome })
    const held = { ...row, attempts, ...leased(lease) }
    if (result.kind === 'started') return started(services, held, result.taskArn, attempt)
    // Where a try of it may have started the task, only the same token tells: not the next place's. A place that will never do may be
    // refused before the token is looked at.
    const isOpen = result.unsure === true || (row.unsure === true && result.lasting === true)
    if (result.kind !== 'elsewhere' || isOpen) return retryOrFail(services, held, attempt, result)
    lasting &&= result.lasting === true
    if ((attempt + 1) % places.length === 0)
      return retryOrFail(services, held, attempt, nowhere(result, attempts.slice(-places.length), lasting))
    logRefusal(services, row, attempt, result)
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
async function containerOf(services: Services, row: RunRecord): Promise<FoundContainer | Refusal> {
  const { plan } = row
  const ecs = await services.ecs(plan.settings)
  const found = await ecs.containerOf(plan.settings.taskDefinition, plan.container)
  if (plan.container === undefined || found.kind === 'one') return found
  services.log.warn(`the link to its log is missing: ${found.detail}`, runContext(row))
  return { kind: 'one', name: plan.container }
}

/** By which the container tells how far it is. */
async function reportsOf({ secrets, key }: Services, { run, origin }: RunRecord) {
  return progressEnv(origin, run, progressTokenOf(run, await secrets.current([key])))
}

async function started(services: Services, row: RunRecord, taskArn: string, attempt: number): Promise<void> {
  const { ledger, log, now } = services
  const { run, plan, attempts = [] } = row
  const deadline = plan.timeout === undefined ? undefined : now() + plan.timeout * 1000
  const dueAt = Math.min(deadline ?? Number.POSITIVE_INFINITY, now() + reviewAfterMs.running)
  const noted = await ledger.recordLaunch(run, taskArn, { dueAt, deadline, launchedAt: now(), attempts })
  logRunStep(log, row, { status: 'starting', taskArn, attempt, class: 'started' })
  // Somebody cancelled it while it was being started.
  if (noted?.cancelBy !== undefined) await stopTask(services, noted, noted.cancelBy)
  await notify(services, { ...row, taskArn })
}

async function cancelled(services: Services, row: RunRecord, by: string): Promise<void> {
  const ended = await services.ledger.cancelClaimed(row.run, row.leaseUntil, `cancelled by ${by}`, services.now())
  if (ended !== undefined) await notifyCancelled(services, ended)
}
