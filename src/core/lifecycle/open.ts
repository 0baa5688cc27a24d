/** A new run → ledger → queue. */

import type { NewRun, PublicRecord } from '../model/run-record.ts'
import { reviewAfterMs } from '../model/sweep-schedule.ts'
import type { Services } from '../services.ts'

/** Ledger, then queue; only then is there an answer. */
export async function openRun(
  { ledger, queue, now }: Services,
  run: NewRun,
): Promise<{ fresh: boolean; row: PublicRecord }> {
  const opened = await ledger.open(run, run.createdAt + reviewAfterMs.queued)
  // A duplicate of a run that still waits may be the sender's retry after the queue failed us: once more does no harm.
  const forgotten =
    opened.row.status === 'queued' && opened.row.reason === undefined && now() - opened.row.createdAt > 10_000
  if (opened.fresh || forgotten) await queue.send({ verb: 'start', run: run.run })
  return opened
}
