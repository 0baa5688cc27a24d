/** A run that has ended gives its concurrency slot to the next run in the queue. */
import { waitingRuns } from '../model/concurrency-queue.ts'
import type { RunRecord } from '../model/run-record.ts'
import { reviewAfterMs } from '../model/sweep-schedule.ts'
import type { Services } from '../services.ts'
import { waitingReason } from '../text/waiting-reasons.ts'

export type ReleaseServices = Pick<Services, 'groups' | 'queue' | 'ledger' | 'now'>

/** How many waiting runs have their place updated. */
const mostUpdated = 20

interface ReleaseOptions {
  /**
   * Whether to queue the starts of the runs inside again if the slot was released before: the function that released it may have died
   * before it queued them. Default: true.
   */
  readonly resend?: boolean
}

/** Repeating it does no harm. */
export async function releaseSlot(
  { groups, queue, ledger, now }: ReleaseServices,
  { run, plan }: Pick<RunRecord, 'run' | 'plan'>,
  { resend = true }: ReleaseOptions = {},
): Promise<void> {
  if (plan.concurrency === undefined) return
  const { name, limit } = plan.concurrency
  const { group, admitted, leftBefore } = await groups.leave(name, run, limit)
  if (leftBefore && !resend) return
  for (const next of admitted) {
    // The sweep would check it only after a long wait. From now on it must notice a lost start soon.
    await ledger.promote({ run: next, dueAt: now() + reviewAfterMs.queued })
    await queue.send({ kind: 'start', run: next })
  }
  if (admitted.length === 0) return
  await Promise.all(
    waitingRuns(group)
      .slice(0, mostUpdated)
      .map((waitingRun, at) => {
        const waiting = { kind: 'slot', place: at + 1, limit } as const
        return ledger.updatePlace({ run: waitingRun, waiting, reason: waitingReason(waiting) })
      }),
  )
}
