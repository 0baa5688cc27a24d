/**
 * The end of a run. It is concluded: its concurrency slot goes to the next run, and its rerun after an interruption is opened. Then its
 * sender is notified. Neither depends on the other: each has its own retries, and only a run that was concluded is closed.
 */
import type { EndedRun } from '../model/run-record.ts'
import { runContext } from '../telemetry/run-log.ts'
import { type ReleaseServices, releaseSlot } from './concurrency-release.ts'
import { type InterruptionServices, rerunInterrupted } from './interruption-rerun.ts'
import { type NotifyServices, notify } from './notify.ts'

export type ConcludeServices = ReleaseServices & InterruptionServices
export type EndServices = ConcludeServices & NotifyServices

/** Repeating it does no harm. @throws {Error} if it is not done: the run must stay open, so that the sweep repeats it */
export async function conclude(services: ConcludeServices, row: EndedRun): Promise<void> {
  await releaseSlot(services, row)
  await rerunInterrupted(services, row)
}

/** Every function that ends a run calls this. Never throws: the sweep repeats what failed. */
export async function concludeAndNotify(services: EndServices, row: EndedRun): Promise<void> {
  await notify(services, row, { concluded: await isConcluded(services, row) })
}

async function isConcluded(services: EndServices, row: EndedRun): Promise<boolean> {
  try {
    await conclude(services, row)
    return true
  } catch (error) {
    services.log.error('could not conclude the run; the sweep will try again', { ...runContext(row), error })
    return false
  }
}
