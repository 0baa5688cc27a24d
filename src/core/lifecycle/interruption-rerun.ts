/** If Spot takes back the capacity of a run and its route says so, the run is repeated. */
import { Unprocessable } from '../errors.ts'
import type { Outcome } from '../model/outcome.ts'
import type { RunRecord } from '../model/run-record.ts'
import type { InterruptionSequel } from '../model/stop-cause.ts'
import { routeOf } from '../routing/route-of-run.ts'
import type { Services } from '../services.ts'
import { runContext } from '../telemetry/run-log.ts'
import { type OpenServices, openRun } from './open.ts'
import { type PlanRerunServices, planRerun } from './rerun.ts'

export type InterruptionServices = OpenServices & PlanRerunServices & Pick<Services, 'log'>

/** Capacity that Spot took back this often will be taken back again. */
const maxReruns = 3

type Interrupted = Pick<RunRecord, 'plan' | 'cancelBy' | 'interruptions'>

/** Undefined: it was no interruption, the route does not ask for a rerun, or a person cancelled the run. */
export function interruptionSequel(
  { routes }: Pick<Services, 'routes'>,
  row: Interrupted,
  { interrupted }: Pick<Outcome, 'interrupted'>,
): InterruptionSequel | undefined {
  if (interrupted !== true || row.cancelBy !== undefined) return undefined
  if (routeOf(routes, row.plan)?.config.onSpotInterruption !== 'rerun') return undefined
  return (row.interruptions ?? 0) < maxReruns ? { kind: 'rerun' } : { kind: 'given-up', reruns: maxReruns }
}

/** Repeating it does no harm: an interruption has one rerun. */
export async function rerunInterrupted(services: InterruptionServices, row: RunRecord): Promise<void> {
  if (interruptionSequel(services, row, row)?.kind !== 'rerun') return
  const { run, actor, origin, trace, interruptions = 0, replyAddressFrom = run } = row
  try {
    const rerun = planRerun(services, row, {
      requestKey: 'spot interruption',
      actor,
      origin,
      trace,
      interruptions: interruptions + 1,
      answer: { kind: 'as', run: replyAddressFrom },
    })
    await openRun(services, rerun)
  } catch (error) {
    if (!(error instanceof Unprocessable)) throw error
    services.log.warn('a run that Spot interrupted cannot be repeated', { ...runContext(row), error })
  }
}
