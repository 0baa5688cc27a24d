/** May a claimed run start now? Where its group is full it waits, takes a place, or is refused, as its task says. */
import { cancelRun } from '../lifecycle/cancel.ts'
import { placeText, release } from '../lifecycle/concurrency-release.ts'
import { tell } from '../lifecycle/notify.ts'
import { type Entered, type Group, insideRuns, oldestBeyond, ticketOf } from '../model/concurrency-queue.ts'
import { startBy } from '../model/retry-policy.ts'
import { isTerminal } from '../model/run.ts'
import type { RunRow } from '../model/run-record.ts'
import type { GroupSlot } from '../routing/run-task-input.ts'
import type { Parts } from '../services.ts'
import { noteStep } from '../telemetry/run-log.ts'

/** Whoever leaves calls the next one. Should that call get lost, the sweep asks for it after so long, in milliseconds. */
const askAgainMs = 1_800_000
/** A group is one item of the table, which holds 400 kB. */
const longestLine = 1000

/** @returns false: it has been put back into the line, or has ended */
export async function hasTurn(parts: Parts, row: RunRow): Promise<boolean> {
  const { concurrency } = row.plan
  if (concurrency === undefined) return true
  const { label, limit, whenFull } = concurrency
  const { place, group } = await enter(parts, row, concurrency)
  // It may have ended meanwhile, and have left before it came in just now.
  const now = await parts.ledger.read(row.run)
  if (now === undefined || isTerminal(now.status)) {
    await release(parts, row, { remind: false })
    return false
  }
  if (place === 0) return true
  if (place > longestLine) {
    await refuse(parts, row, `${longestLine} runs wait already`)
    return false
  }
  if (whenFull === 'reject') {
    await refuse(
      parts,
      row,
      `${limit === 1 ? 'another run' : `${limit} other runs`}${label === '' ? '' : ` of ${label}`} must end first`,
    )
    return false
  }
  await wait(parts, row, placeText(place, limit))
  // Their ends call those that are left.
  if (whenFull === 'cancel-oldest')
    for (const run of oldestBeyond(group, limit)) await cancelRun(parts, run, 'a newer run')
  return false
}

/** Of those inside, so many are looked at: whoever was asked for first. One that stays for ever is among them some time. */
const mostLooked = 20

/** Its place; where that is in the line, those inside have been looked at. */
async function enter(parts: Parts, row: RunRow, { name, limit }: GroupSlot): Promise<Entered> {
  // Whoever waited for a yes stands in line since then.
  const ticket = ticketOf(row.run, row.approvedAt ?? row.createdAt)
  const entered = await parts.groups.enter(name, ticket, limit)
  if (entered.place === 0 || !(await showEndedOut(parts, row, entered.group))) return entered
  return parts.groups.enter(name, ticket, limit)
}

/**
 * A write of an invocation that has died may get through when its run has left already, and let it in again: it never leaves by
 * itself then, and all others would wait for it.
 * @returns whether there was any
 */
async function showEndedOut(parts: Parts, { plan }: RunRow, group: Group): Promise<boolean> {
  const oldest = insideRuns(group).slice(0, mostLooked)
  const rows = await Promise.all(oldest.map((run) => parts.ledger.read(run)))
  const ended = oldest.filter((_, at) => {
    const row = rows[at]
    return row === undefined || isTerminal(row.status)
  })
  for (const run of ended) await release(parts, { run, plan }, { remind: false })
  return ended.length > 0
}

async function wait(parts: Parts, row: RunRow, reason: string): Promise<void> {
  const { ledger, log, now } = parts
  const lookAt = Math.min(now() + askAgainMs, startBy(row) ?? Number.POSITIVE_INFINITY)
  const waiting = await ledger.line(row.run, row.leaseUntil, reason, lookAt)
  if (waiting === undefined) return
  noteStep(log, row, { status: 'queued', reason })
  // Somebody cancelled it while it was claimed.
  if (waiting.cancelBy !== undefined) return cancelRun(parts, row.run, waiting.cancelBy)
  await tell(parts, waiting)
}

async function refuse({ ledger, log, now, ...parts }: Parts, row: RunRow, reason: string): Promise<void> {
  const refused = await ledger.failToStart(row.run, row.leaseUntil, reason, now())
  if (refused === undefined) return
  noteStep(log, row, { status: 'failed-to-start', reason })
  await tell({ ledger, log, now, ...parts }, refused)
}
