/** Opens a new run: ledger, then queue. Only then may there be an answer. */
import { Unprocessable } from '../errors.ts'
import type { NewRun, PublicRecord } from '../model/run-record.ts'
import { reviewAfterMs } from '../model/sweep-schedule.ts'
import type { Services } from '../services.ts'

export type OpenServices = Pick<Services, 'ledger' | 'queue' | 'now'>

export interface OpenedRun {
  /** False: the run existed. */
  readonly fresh: boolean
  readonly row: PublicRecord
}

/** @throws {Unprocessable} if the run exists for another delivery that its sender gave the same key */
export async function openRun({ ledger, queue, now }: OpenServices, run: NewRun): Promise<OpenedRun> {
  const opened = await ledger.open(run, run.createdAt + reviewAfterMs.queued)
  if (!opened.fresh) refuseOtherBody(opened.row, run)
  const { status, waiting, reason, createdAt } = opened.row
  // The sender may be retrying because the queue failed the first time. A second start of a run that waits does no harm.
  const mayBeLost = status === 'queued' && waiting === undefined && reason === undefined && now() - createdAt > 10_000
  if (opened.fresh || mayBeLost) await queue.send({ kind: 'start', run: run.run })
  return opened
}

/** Rows of earlier versions have no hash. @throws {Unprocessable} if the run belongs to a delivery with another body */
export function refuseOtherBody(row: Pick<PublicRecord, 'bodyHash'>, { bodyHash }: Pick<NewRun, 'bodyHash'>): void {
  if (row.bodyHash === undefined || bodyHash === undefined || row.bodyHash === bodyHash) return
  const message =
    'the Idempotency-Key was used before, for a delivery with another body; use a new key for each request'
  throw new Unprocessable(message, [])
}
