/** Cancelling a run: at once where it waits, by StopTask where it has a task, with the person's name in the reason. */

import { isTerminal } from '../model/run.ts'
import type { RunRow } from '../model/run-record.ts'
import type { Parts } from '../services.ts'
import { noteStep } from '../telemetry/run-log.ts'
import { stopReasons } from '../text/stop-reasons.ts'
import { tell } from './notify.ts'

/** May be called twice, and too late: a run that has ended stays as it is. */
export async function cancelRun(parts: Parts, run: string, by: string): Promise<void> {
  const row = await parts.ledger.cancel(run, by, parts.now())
  if (row === undefined) return parts.log.warn('a run was to be cancelled that the ledger does not know', { run })
  if (row.status === 'cancelled' && row.taskArn === undefined) return tellCancelled(parts, row)
  // Without a task yet: whoever is starting it sees the note, and stops what it has started.
  if (!isTerminal(row.status) && row.taskArn !== undefined) await stopTask(parts, row, row.cancelBy ?? by)
}

/** Its event says then that the run was cancelled, and by whom. Should the call get lost, the sweep stops it again. */
export async function stopTask(parts: Parts, { run, plan, taskArn }: RunRow, by: string): Promise<void> {
  if (taskArn === undefined) return
  await parts.ledger.due(run, parts.now() + 60_000)
  const ecs = await parts.ecs(plan.settings)
  await ecs.stop(plan.settings.cluster, taskArn, `${stopReasons.cancel} by ${by}`)
}

export async function tellCancelled(parts: Parts, row: RunRow): Promise<void> {
  const { status, reason } = row
  noteStep(parts.log, row, { status, ...(reason !== undefined && { reason }) })
  await tell(parts, row)
}

/** As it may stand in a reason: one line of plain characters, since it comes from outside. */
export const nameOf = (text: string): string =>
  [...text.replace(/[^\p{L}\p{N} ._@-]/gu, '').trim()].slice(0, 64).join('') || 'somebody'
