/** Plans the runs of a delivery within a time budget, unless matching is known to be cheap. */
import { Unprocessable } from '../errors.ts'
import { isCheapToMatch } from './match-cost.ts'
import type { Delivery } from './plan-run.ts'
import { type PlannedRuns, planRuns, type Tasks } from './plan-runs.ts'
import type { Route } from './prepare-route.ts'
import { TimeBudgetExceeded, withTimeBudget } from './time-budget.ts'

/** Milliseconds. An ordinary delivery takes one or two. A body of 6 MB and an expensive expression must not block the function for longer. */
const planTimeBudgetMs = 500

/**
 * @param characters of what was sent
 * @throws {Unprocessable} if the routes, expressions and patterns need more than the time budget
 */
export function planRunsInTime(
  routes: readonly Route[],
  tasks: Tasks,
  delivery: Delivery,
  characters: number,
): PlannedRuns {
  const toMatch = routes
    .filter(({ config }) => config.on === delivery.source)
    .map(({ config }) => ({ route: config, task: tasks.get(config.run) }))
  if (isCheapToMatch(toMatch, characters)) return planRuns(routes, tasks, delivery)
  try {
    return withTimeBudget(planTimeBudgetMs, () => planRuns(routes, tasks, delivery))
  } catch (error) {
    if (!(error instanceof TimeBudgetExceeded)) throw error
    throw new Unprocessable(
      `matching the routes took longer than ${planTimeBudgetMs} ms, so nothing was started. Send a smaller payload, or simplify the expressions of the config`,
      [],
    )
  }
}
