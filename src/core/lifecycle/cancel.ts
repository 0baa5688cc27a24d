/** Cancels a run: at once if it waits, by StopTask if it has a task, with the person's name in the reason. */
import { hasEnded, isFullyNotified, isLaunched, type LaunchedRun } from '../model/run-record.ts'
import { cancelReasonFor } from '../model/stop-cause.ts'
import type { Services } from '../services.ts'
import { logRunStep } from '../telemetry/run-log.ts'
import { cancelledText } from '../text/stop-reasons.ts'
import { concludeAndNotify, type EndServices } from './conclude.ts'

export type StopServices = Pick<Services, 'ledger' | 'ecs' | 'now'>
export type CancelServices = EndServices & StopServices

/** Repeating it does no harm, and a run that has ended stays as it is. */
export async function cancelRun(services: CancelServices, run: string, by: string): Promise<void> {
  const { ledger, log, now } = services
  const row = await ledger.cancel({ run, by, reason: cancelledText(by), now: now() })
  if (row === undefined) return log.warn('cannot cancel a run that the ledger does not know', { run })
  if (isLaunched(row)) {
    if (!hasEnded(row)) await stopTask(services, row, row.cancelBy ?? by)
    return
  }
  // A run that is being started is not cancelled yet: the function that starts it sees `cancelBy`, and stops the task.
  if (!hasEnded(row) || row.status !== 'cancelled' || isFullyNotified(row)) return
  logRunStep(log, row, { status: row.status, ...(row.reason !== undefined && { reason: row.reason }) })
  await concludeAndNotify(services, row)
}

/** The task's event then says that the run was cancelled, and by whom. If the call is lost, the sweep repeats it. */
export async function stopTask(services: StopServices, { run, plan, taskArn }: LaunchedRun, by: string): Promise<void> {
  await services.ledger.scheduleReview({ run, dueAt: services.now() + 60_000 })
  const ecs = await services.ecs(plan.settings)
  await ecs.stopTask(plan.settings.cluster, taskArn, cancelReasonFor(by))
}
