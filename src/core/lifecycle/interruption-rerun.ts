/** Where Spot takes the capacity of a run back, and its route says so, it runs once more. */
import { Unprocessable } from '../errors.ts'
import type { Outcome } from '../model/outcome.ts'
import type { PublicRow, RunRow } from '../model/run-record.ts'
import { routeOf } from '../routing/match-routes.ts'
import type { Parts } from '../services.ts'
import { repeat } from './rerun.ts'

/** Spot that is taken back so often will be taken back again. */
const mostReruns = 3

const isWanted = ({ routes }: Parts, { plan }: PublicRow): boolean =>
  routeOf(routes, plan)?.config.onSpotInterruption === 'rerun'

/** The end as its sender is told it: that it goes on belongs to it. */
export function withSequel(parts: Parts, row: PublicRow, outcome: Outcome): Outcome {
  if (outcome.interrupted !== true || !isWanted(parts, row) || row.cancelBy !== undefined) return outcome
  const { interruptions = 0 } = row
  const sequel = interruptions < mostReruns ? 'it runs again' : `it was run again ${mostReruns} times`
  return { ...outcome, reason: `${outcome.reason}; ${sequel}` }
}

/** May be called twice: an interruption has one sequel. */
export async function rerunInterrupted(parts: Parts, row: RunRow): Promise<void> {
  const { interruptions = 0 } = row
  const cancelled = row.cancelBy !== undefined
  if (row.interrupted !== true || cancelled || interruptions >= mostReruns || !isWanted(parts, row)) return
  const { run, actor, origin, trace, answerAs = run } = row
  try {
    await repeat(parts, row, {
      ...{ key: 'spot interruption', actor, origin, trace, interruptions: interruptions + 1, promised: true },
      answer: { kind: 'as', run: answerAs },
    })
  } catch (error) {
    if (!(error instanceof Unprocessable)) throw error
    parts.log.warn('a run that Spot has ended cannot be run again', { run, error })
  }
}
