/** A person rejects a run that waits for approval. */
import { concludeAndNotify, type EndServices } from '../lifecycle/conclude.ts'
import { approvalDeadline } from '../model/approval-window.ts'
import { logRunStep } from '../telemetry/run-log.ts'
import { rejectedText } from '../text/stop-reasons.ts'

export type RejectServices = EndServices

/** @returns `busy`: a function has claimed the run to check its approval, so the rejection must be tried again */
export async function reject(
  services: RejectServices,
  { run, by }: { readonly run: string; readonly by: string },
): Promise<'done' | 'busy'> {
  const { ledger, log, now } = services
  const reason = rejectedText(by)
  const rejected = await ledger.reject({ run, by, reason, now: now() })
  if (rejected !== undefined) {
    logRunStep(log, rejected, { status: rejected.status, reason })
    await concludeAndNotify(services, rejected)
    return 'done'
  }
  const row = await ledger.read(run)
  return row?.status === 'starting' && approvalDeadline(row) !== undefined ? 'busy' : 'done'
}
