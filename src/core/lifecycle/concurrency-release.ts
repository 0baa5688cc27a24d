/** A run that has ended gives its slot to the next in line. */

import { waitingRuns } from '../model/concurrency-queue.ts'
import type { RunRecord } from '../model/run-record.ts'
import { reviewAfterMs } from '../model/sweep-schedule.ts'
import type { Services } from '../services.ts'

/** So many of those that wait have their new place noted. */
const mostMoved = 20

/**
 * Once more does no harm: whoever may have to finish what was done by halves does it again.
 * @param remind whether those inside are told once more where it has been done before
 */
export async function releaseSlot(
  { groups, queue, ledger, now }: Services,
  { run, plan }: Pick<RunRecord, 'run' | 'plan'>,
  { remind = true }: { readonly remind?: boolean } = {},
): Promise<void> {
  if (plan.concurrency === undefined) return
  const { name, limit } = plan.concurrency
  const { group, admitted, again } = await groups.leave(name, run, limit)
  if (again && !remind) return
  for (const next of admitted) {
    // It was to be looked at once it had waited for long; it has its turn now, and a start that gets lost must be noticed soon.
    await ledger.promote(next, now() + reviewAfterMs.queued)
    await queue.send({ verb: 'start', run: next })
  }
  if (admitted.length > 0)
    await Promise.all(
      waitingRuns(group)
        .slice(0, mostMoved)
        .map((waiting, at) => ledger.updatePlace(waiting, placeText(at + 1, limit))),
    )
}

const ordinals = new Intl.PluralRules('en', { type: 'ordinal' })
const suffixes: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd' }

/** `2nd in line, 1 at a time`. */
export const placeText = (place: number, limit: number): string =>
  `${place}${suffixes[ordinals.select(place)] ?? 'th'} in line, ${limit} at a time`
