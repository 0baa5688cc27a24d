/** Where Spot takes the capacity of a run back, and its route says so, it runs once more. */
import { Unprocessable } from '../errors.ts'
import type { Outcome } from '../model/outcome.ts'
import type { PublicRecord, RunRecord } from '../model/run-record.ts'
import { routeOf } from '../routing/route-of-run.ts'
import type { Services } from '../services.ts'
import { rerun } from './rerun.ts'

/** Spot that is taken back so often will be taken back again. */
const maxReruns = 3

const isWanted = ({ routes }: Services, { plan }: PublicRecord): boolean =>
  routeOf(routes, plan)?.config.onSpotInterruption === 'rerun'

/** The end as its sender is told it: that it goes on belongs to it. */
export function withRerunNotice(services: Services, row: PublicRecord, outcome: Outcome): Outcome {
  if (outcome.interrupted !== true || !isWanted(services, row) || row.cancelBy !== undefined) return outcome
  const { interruptions = 0 } = row
  const sequel = interruptions < maxReruns ? 'it runs again' : `it was run again ${maxReruns} times`
  return { ...outcome, reason: `${outcome.reason}; ${sequel}` }
}

/** May be called twice: an interruption has one sequel. */
export async function rerunInterrupted(services: Services, row: RunRecord): Promise<void> {
  const { interruptions = 0 } = row
  const cancelled = row.cancelBy !== undefined
  if (row.interrupted !== true || cancelled || interruptions >= maxReruns || !isWanted(services, row)) return
  const { run, actor, origin, trace, replyAddressFrom = run } = row
  try {
    await rerun(services, row, {
      ...{ key: 'spot interruption', actor, origin, trace, interruptions: interruptions + 1, promised: true },
      answer: { kind: 'as', run: replyAddressFrom },
    })
  } catch (error) {
    if (!(error instanceof Unprocessable)) throw error
    services.log.warn('a run that Spot has ended cannot be run again', { run, error })
  }
}
