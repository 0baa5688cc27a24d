/** One command of the queue → what it asks for. */

import type { Command, ErrandCommand } from '../aws/queue.ts'
import { statusOf, TaskhookError } from '../errors.ts'
import { approve, reject } from '../launch/approval-gate.ts'
import { launch, leaseMs } from '../launch/launch.ts'
import { cancelRun } from '../lifecycle/cancel.ts'
import { release } from '../lifecycle/concurrency-release.ts'
import { tell, toolsFor } from '../lifecycle/notify.ts'
import { added, type Report } from '../model/progress.ts'
import { isTerminal } from '../model/run.ts'
import { isTold, type RunRow } from '../model/run-record.ts'
import { obeyControl } from '../receive/run-action.ts'
import type { Parts } from '../services.ts'

/** @returns false: somebody else is at it, look again later */
export async function obey(parts: Parts, command: Command): Promise<boolean> {
  switch (command.verb) {
    case 'start':
      return startRun(parts, command.run)
    case 'cancel':
      await cancelRun(parts, command.run, command.by)
      return true
    case 'approve':
      await approve(parts, command.run, command.by, command.actor)
      return true
    case 'reject':
      return reject(parts, command.run, command.by)
    case 'progress':
      await noteProgress(parts, command.run, command.report, command.at)
      return true
    case 'tell':
      await tellNewest(parts, command.run)
      return true
    case 'errand':
      await runErrand(parts, command)
      return true
  }
}

async function startRun(parts: Parts, run: string): Promise<boolean> {
  const claim = await parts.ledger.claim(run, parts.now(), parts.now() + leaseMs)
  if (claim.kind === 'done' && claim.row !== undefined && isTerminal(claim.row.status))
    await release(parts, claim.row, { remind: false })
  if (claim.kind !== 'claimed') return claim.kind === 'done'
  await launch(parts, claim.row)
  return true
}

async function tellNewest(parts: Parts, run: string): Promise<void> {
  const row = await parts.ledger.read(run)
  if (row !== undefined) await tellInTime(parts, row)
}

/** Milliseconds between two messages that say nothing but progress. */
const newsEvery = 5_000
const maxRounds = 5

/** Now, or put off: a status at once, and what is only progress no sooner than `newsEvery` after the news before. */
async function tellInTime(parts: Parts, row: RunRow): Promise<void> {
  const rest = (row.toldAt ?? 0) + newsEvery - parts.now()
  if (row.told !== row.status || isTold(row) || rest <= 0) return tell(parts, row)
  await parts.queue.send({ verb: 'tell', run: row.run }, rest / 1000)
}

async function noteProgress(parts: Parts, run: string, report: Report, at: number): Promise<void> {
  for (let round = 0; round < maxRounds; round++) {
    const row = await parts.ledger.read(run)
    if (row === undefined || isTerminal(row.status)) return
    const noted = await parts.ledger.progress(run, added(row.progress, report, at, row.plan), row.progressRev ?? 0)
    if (noted === undefined) continue
    if (parts.sources.get(noted.source)?.adapter.remembers !== true) return
    return tellInTime(parts, noted)
  }
  throw new Error(`the progress of run ${run} is changed by too many at once`)
}

/** What comes of an errand is done like a button: the run's own route decides. */
async function runErrand(parts: Parts, { source: name, what, key, origin }: ErrandCommand): Promise<void> {
  const source = parts.sources.get(name)
  const controls = (await source?.adapter.errand?.(what, toolsFor(parts, name))) ?? []
  for (const control of controls) {
    if (source === undefined) return
    try {
      await obeyControl(parts, source, control, { key, origin, promised: true }, toolsFor(parts, name))
    } catch (error) {
      if (!(error instanceof TaskhookError) || statusOf[error.code] >= 500) throw error
      parts.log.warn('an errand asked for something that may not be', { run: control.run, source: name, error })
    }
  }
}
