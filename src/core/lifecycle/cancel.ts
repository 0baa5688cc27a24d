/** Cancelling a run: at once where it waits, by StopTask where it has a task, with the person's name in the reason. */

import { isTerminal } from '../model/run.ts'
import type { RunRecord } from '../model/run-record.ts'
import type { Services } from '../services.ts'
import { logRunStep } from '../telemetry/run-log.ts'
import { stopReasons } from '../text/stop-reasons.ts'
import { notify } from './notify.ts'

/** May be called twice, and too late: a run that has ended stays as it is. */
export async function cancelRun(services: Services, run: string, by: string): Promise<void> {
  const row = await services.ledger.cancel(run, by, services.now())
  if (row === undefined) return services.log.warn('a run was to be cancelled that the ledger does not know', { run })
  if (row.status === 'cancelled' && row.taskArn === undefined) return notifyCancelled(services, row)
  // Without a task yet: whoever is starting it sees the note, and stops what it has started.
  if (!isTerminal(row.status) && row.taskArn !== undefined) await stopTask(services, row, row.cancelBy ?? by)
}

/** Its event says then that the run was cancelled, and by whom. Should the call get lost, the sweep stops it again. */
export async function stopTask(services: Services, { run, plan, taskArn }: RunRecord, by: string): Promise<void> {
  if (taskArn === undefined) return
  await services.ledger.scheduleReview(run, services.now() + 60_000)
  const ecs = await services.ecs(plan.settings)
  await ecs.stop(plan.settings.cluster, taskArn, `${stopReasons.cancel} by ${by}`)
}

export async function notifyCancelled(services: Services, row: RunRecord): Promise<void> {
  const { status, reason } = row
  logRunStep(services.log, row, { status, ...(reason !== undefined && { reason }) })
  await notify(services, row)
}

/** As it may stand in a reason: one line of plain characters, since it comes from outside. */
export const plainName = (text: string): string =>
  [...text.replace(/[^\p{L}\p{N} ._@-]/gu, '').trim()].slice(0, 64).join('') || 'somebody'
