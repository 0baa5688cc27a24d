/** May a claimed run start now? Where its group is full it waits, takes a place, or is refused, as its task says. */
import { cancelRun } from '../lifecycle/cancel.ts'
import { placeText, releaseSlot } from '../lifecycle/concurrency-release.ts'
import { notify } from '../lifecycle/notify.ts'
import { type Entered, type Group, insideRuns, oldestBeyond, ticketOf } from '../model/concurrency-queue.ts'
import type { GroupSlot } from '../model/plan.ts'
import { startDeadline } from '../model/retry-policy.ts'
import { isTerminal } from '../model/run.ts'
import type { RunRecord } from '../model/run-record.ts'
import type { Services } from '../services.ts'
import { logRunStep } from '../telemetry/run-log.ts'

/** Whoever leaves calls the next one. Should that call get lost, the sweep asks for it after so long, in milliseconds. */
const reviewAfterMs = 1_800_000
/** A group is one item of the table, which holds 400 kB. */
const maxQueueLength = 1000

/** @returns false: it has been put back into the line, or has ended */
export async function concurrencyGate(services: Services, row: RunRecord): Promise<boolean> {
  const { concurrency } = row.plan
  if (concurrency === undefined) return true
  const { label, limit, whenFull } = concurrency
  const { place, group } = await enter(services, row, concurrency)
  // It may have ended meanwhile, and have left before it came in just now.
  const now = await services.ledger.read(row.run)
  if (now === undefined || isTerminal(now.status)) {
    await releaseSlot(services, row, { remind: false })
    return false
  }
  if (place === 0) return true
  if (place > maxQueueLength) {
    await refuse(services, row, `${maxQueueLength} runs wait already`)
    return false
  }
  if (whenFull === 'reject') {
    await refuse(
      services,
      row,
      `${limit === 1 ? 'another run' : `${limit} other runs`}${label === '' ? '' : ` of ${label}`} must end first`,
    )
    return false
  }
  await wait(services, row, placeText(place, limit))
  // Their ends call those that are left.
  if (whenFull === 'cancel-oldest')
    for (const run of oldestBeyond(group, limit)) await cancelRun(services, run, 'a newer run')
  return false
}

/** Of those inside, so many are looked at: whoever was asked for first. One that stays for ever is among them some time. */
const mostLooked = 20

/** Its place; where that is in the line, those inside have been looked at. */
async function enter(services: Services, row: RunRecord, { name, limit }: GroupSlot): Promise<Entered> {
  // Whoever waited for a yes stands in line since then.
  const ticket = ticketOf(row.run, row.approvedAt ?? row.createdAt)
  const entered = await services.groups.enter(name, ticket, limit)
  if (entered.place === 0 || !(await releaseEnded(services, row, entered.group))) return entered
  return services.groups.enter(name, ticket, limit)
}

/**
 * A write of an invocation that has died may get through when its run has left already, and let it in again: it never leaves by
 * itself then, and all others would wait for it.
 * @returns whether there was any
 */
async function releaseEnded(services: Services, { plan }: RunRecord, group: Group): Promise<boolean> {
  const oldest = insideRuns(group).slice(0, mostLooked)
  const rows = await Promise.all(oldest.map((run) => services.ledger.read(run)))
  const ended = oldest.filter((_, at) => {
    const row = rows[at]
    return row === undefined || isTerminal(row.status)
  })
  for (const run of ended) await releaseSlot(services, { run, plan }, { remind: false })
  return ended.length > 0
}

async function wait(services: Services, row: RunRecord, reason: string): Promise<void> {
  const { ledger, log, now } = services
  const lookAt = Math.min(now() + reviewAfterMs, startDeadline(row) ?? Number.POSITIVE_INFINITY)
  const waiting = await ledger.enqueue(row.run, row.leaseUntil, reason, lookAt)
  if (waiting === undefined) return
  logRunStep(log, row, { status: 'queued', reason })
  // Somebody cancelled it while it was claimed.
  if (waiting.cancelBy !== undefined) return cancelRun(services, row.run, waiting.cancelBy)
  await notify(services, waiting)
}

async function refuse({ ledger, log, now, ...services }: Services, row: RunRecord, reason: string): Promise<void> {
  const refused = await ledger.failToStart(row.run, row.leaseUntil, reason, now())
  if (refused === undefined) return
  logRunStep(log, row, { status: 'failed-to-start', reason })
  await notify({ ledger, log, now, ...services }, refused)
}
