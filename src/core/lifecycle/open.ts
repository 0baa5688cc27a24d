/** Opens a new run: ledger, then queue. Only then may there be an answer. */
import type { NewRun, PublicRecord } from '../model/run-record.ts'
import { reviewAfterMs } from '../model/sweep-schedule.ts'
import type { Services } from '../services.ts'

export type OpenServices = Pick<Services, 'ledger' | 'queue' | 'now'>

export interface OpenedRun {
  /** False: the run existed. */
  readonly fresh: boolean
  readonly row: PublicRecord
}

export async function openRun({ ledger, queue, now }: OpenServices, run: NewRun): Promise<OpenedRun> {
  const opened = await ledger.open(run, run.createdAt + reviewAfterMs.queued)
  const { status, waiting, reason, createdAt } = opened.row
  // The sender may be retrying because the queue failed the first time. A second start of a run that waits does no harm.
  const mayBeLost = status === 'queued' && waiting === undefined && reason === undefined && now() - createdAt > 10_000
  if (opened.fresh || mayBeLost) await queue.send({ kind: 'start', run: run.run })
  return opened
}
