/** A claimed run → a task: place after place until one takes it, and what to do where none does. */
import { isApproved } from './approval.ts'
import { stopTask, tellCancelled } from './cancel.ts'
import { lookAgainMs } from './due.ts'
import type { FoundContainer, StartFault } from './ecs.ts'
import type { Parts } from './parts.ts'
import { placesOf, progressEnv, requestFor } from './plan.ts'
import type { RunRow } from './row.ts'
import { clientTokenOf, progressTokenOf } from './run.ts'
import { tell } from './tell.ts'
import { hasTurn } from './turn.ts'

/** How long a run may wait for capacity or quota before it counts as failed, in milliseconds from its first refusal. */
const patienceMs = 3_600_000
const retryMs = { soon: 5_000, later: 60_000 } as const

export async function launch(parts: Parts, row: RunRow): Promise<void> {
  const { run, plan } = row
  // What may run already is found by its token, and then stopped.
  if (row.cancelBy !== undefined && row.unsure !== true) return cancelled(parts, row, row.cancelBy)
  if (!(await isApproved(parts, row)) || !(await hasTurn(parts, row))) return
  const ecs = await parts.ecs(plan.settings)
  const found = await containerOf(parts, row)
  if (found.kind !== 'one') return giveUpOrWait(parts, row, row.attempt, found)
  const { name: container, logs } = found
  const reports = await reportsOf(parts, row)

  const places = placesOf(plan)
  // Only a whole round can say that no place will ever do.
  let lasting = row.attempt % places.length === 0
  let lease = row.leaseUntil
  for (let attempt = row.attempt; ; attempt++) {
    const place = places[attempt % places.length]
    if (place === undefined) throw new Error('a plan without a place')
    // Known before the task can end: settle judges this container, and a crash must come back with this attempt's token.
    if (attempt !== row.attempt || row.container !== container) {
      lease = await parts.ledger.prepare(run, lease, { attempt, container, logs, leaseUntil: parts.now() + leaseMs })
      if (lease === undefined) return
    }
    const result = await ecs.start(requestFor(plan, run, container, place, reports), clientTokenOf(run, attempt))
    if (result.kind === 'started') return started(parts, row, result.taskArn, attempt)
    if (result.kind !== 'elsewhere') return giveUpOrWait(parts, { ...row, ...leased(lease) }, attempt, result)
    lasting &&= result.lasting
    if ((attempt + 1) % places.length === 0)
      return giveUpOrWait(parts, { ...row, ...leased(lease) }, attempt, { ...result, lasting })
    parts.log.run({ run, task: plan.task, status: 'starting', attempt, reason: result.reason })
  }
}

/** RunTask takes a second; who has not said anything for this long is dead. Longer than the function may run. */
export const leaseMs = 90_000

const leased = (leaseUntil: number | undefined) => (leaseUntil === undefined ? {} : { leaseUntil })

/** The one that the config names, or the one that the task definition has. Where its lines go is nothing that a start depends on. */
async function containerOf(parts: Parts, { plan }: RunRow): Promise<FoundContainer | StartFault> {
  const ecs = await parts.ecs(plan.settings)
  const found = await ecs.containerOf(plan.settings.taskDefinition, plan.container)
  if (plan.container === undefined || found.kind === 'one') return found
  parts.log.warn(`the link to its log is missing: ${found.reason}`, { run: plan.task })
  return { kind: 'one', name: plan.container }
}

/** By which the container tells how far it is. */
async function reportsOf({ secrets, key }: Parts, { run, origin }: RunRow) {
  return progressEnv(origin, run, progressTokenOf(run, await secrets.current([key])))
}

async function started(parts: Parts, row: RunRow, taskArn: string, attempt: number): Promise<void> {
  const { ledger, log, now } = parts
  const deadline = row.plan.timeout === undefined ? undefined : now() + row.plan.timeout * 1000
  const dueAt = Math.min(deadline ?? Number.POSITIVE_INFINITY, now() + lookAgainMs.running)
  const noted = await ledger.started(row.run, taskArn, { dueAt, deadline, launchedAt: now() })
  log.run({ run: row.run, task: row.plan.task, status: 'starting', taskArn, attempt })
  // Somebody cancelled it while it was being started.
  if (noted?.cancelBy !== undefined) await stopTask(parts, noted, noted.cancelBy)
  await tell(parts, { ...row, taskArn })
}

async function cancelled(parts: Parts, row: RunRow, by: string): Promise<void> {
  const ended = await parts.ledger.cancelClaimed(row.run, row.leaseUntil, `cancelled by ${by}`, parts.now())
  if (ended !== undefined) await tellCancelled(parts, ended)
}

async function giveUpOrWait(parts: Parts, row: RunRow, attempt: number, fault: StartFault): Promise<void> {
  const late = parts.now() - (row.refusedAt ?? parts.now()) > patienceMs
  // A call that may have got through is not given up: its task may be running, and an event of it tells within the hour.
  const unsure = fault.kind === 'soon' || (row.unsure === true && !late)
  const final = fault.kind === 'never' || (fault.kind === 'elsewhere' && fault.lasting)
  const hopeless = !unsure && (final || late)
  return hopeless ? giveUp(parts, row, attempt, fault.reason) : wait(parts, row, attempt, fault, late)
}

async function giveUp(
  { ledger, log, now, ...parts }: Parts,
  row: RunRow,
  attempt: number,
  reason: string,
): Promise<void> {
  const failed = await ledger.failToStart(row.run, row.leaseUntil, reason, now())
  if (failed === undefined) return
  log.run({ run: row.run, task: row.plan.task, status: 'failed-to-start', attempt, reason })
  await tell({ ledger, log, now, ...parts }, failed)
}

async function wait(parts: Parts, row: RunRow, attempt: number, fault: StartFault, late: boolean): Promise<void> {
  const { ledger, queue, log, now } = parts
  const { run, plan } = row
  const { kind, reason } = fault
  const pause = kind === 'soon' && !late ? retryMs.soon : retryMs.later
  // A call that may have got through is repeated with its token; an answer that was a no needs a new one.
  const repeat = kind === 'soon' || kind === 'never'
  const waiting = await ledger.postpone(run, row.leaseUntil, {
    reason,
    attempt: repeat ? attempt : attempt + 1,
    unsure: repeat,
    dueAt: now() + pause + lookAgainMs.queued,
    refusedAt: row.refusedAt ?? now(),
  })
  if (waiting === undefined) return
  log.run({ run, task: plan.task, status: 'queued', attempt, reason })
  await queue.send({ verb: 'start', run }, pause / 1000)
  // A hiccup of seconds is nobody's news.
  if (pause > retryMs.soon) await tell(parts, waiting)
}
