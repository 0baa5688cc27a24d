import { httpStatusOf, TaskhookError } from '../errors.ts'
import { approve, reject } from '../launch/approval-gate.ts'
import { launch, leaseMs } from '../launch/launch.ts'
import { cancelRun } from '../lifecycle/cancel.ts'
import { releaseSlot } from '../lifecycle/concurrency-release.ts'
import { notify, senderTools } from '../lifecycle/notify.ts'
import { performRunAction } from '../lifecycle/run-action.ts'
import { mergeReport, type Report } from '../model/progress.ts'
import type { DeferredMessage, QueueMessage } from '../model/queue-messages.ts'
import { isTerminal } from '../model/run.ts'
import { isFullyNotified, type RunRecord } from '../model/run-record.ts'
import type { Services } from '../services.ts'

/** @returns false: somebody else is at it, look again later */
export async function dispatch(services: Services, command: QueueMessage): Promise<boolean> {
  switch (command.verb) {
    case 'start':
      return startRun(services, command.run)
    case 'cancel':
      await cancelRun(services, command.run, command.by)
      return true
    case 'approve':
      await approve(services, command.run, command.by, command.actor)
      return true
    case 'reject':
      return reject(services, command.run, command.by)
    case 'progress':
      await recordProgress(services, command.run, command.report, command.at)
      return true
    case 'tell':
      await notifyNewest(services, command.run)
      return true
    case 'errand':
      await runErrand(services, command)
      return true
  }
}

async function startRun(services: Services, run: string): Promise<boolean> {
  const claim = await services.ledger.claim(run, services.now(), services.now() + leaseMs)
  if (claim.kind === 'done' && claim.row !== undefined && isTerminal(claim.row.status))
    await releaseSlot(services, claim.row, { remind: false })
  if (claim.kind !== 'claimed') return claim.kind === 'done'
  await launch(services, claim.row)
  return true
}

async function notifyNewest(services: Services, run: string): Promise<void> {
  const row = await services.ledger.read(run)
  if (row !== undefined) await notifyInTime(services, row)
}

/** Milliseconds between two messages that say nothing but progress. */
const newsEvery = 5_000
const maxRounds = 5

/** Now, or put off: a status at once, and what is only progress no sooner than `newsEvery` after the news before. */
async function notifyInTime(services: Services, row: RunRecord): Promise<void> {
  const rest = (row.notifiedAt ?? 0) + newsEvery - services.now()
  if (row.notified !== row.status || isFullyNotified(row) || rest <= 0) return notify(services, row)
  await services.queue.send({ verb: 'tell', run: row.run }, rest / 1000)
}

async function recordProgress(services: Services, run: string, report: Report, at: number): Promise<void> {
  for (let round = 0; round < maxRounds; round++) {
    const row = await services.ledger.read(run)
    if (row === undefined || isTerminal(row.status)) return
    const noted = await services.ledger.recordProgress(
      run,
      mergeReport(row.progress, report, at, row.plan),
      row.progressRev ?? 0,
    )
    if (noted === undefined) continue
    if (services.sources.get(noted.source)?.adapter.editsMessages !== true) return
    return notifyInTime(services, noted)
  }
  throw new Error(`the progress of run ${run} is changed by too many at once`)
}

/** What comes of an errand is done like a button: the run's own route decides. */
async function runErrand(services: Services, { source: name, what, key, origin }: DeferredMessage): Promise<void> {
  const source = services.sources.get(name)
  const controls = (await source?.adapter.runDeferred?.(what, senderTools(services, name))) ?? []
  for (const control of controls) {
    if (source === undefined) return
    try {
      await performRunAction(services, source, control, { key, origin, promised: true }, senderTools(services, name))
    } catch (error) {
      if (!(error instanceof TaskhookError) || httpStatusOf[error.code] >= 500) throw error
      services.log.warn('an errand asked for something that may not be', { run: control.run, source: name, error })
    }
  }
}
