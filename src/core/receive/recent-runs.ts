/** The newest runs that a sender may see. */
import type { Answer, TaskHelp, Trigger } from '../adapter.ts'
import { runView } from '../lifecycle/run-view.ts'
import type { PublicRecord } from '../model/run-record.ts'
import { whyNotAllowed } from '../routing/route-access.ts'
import { routeOf } from '../routing/route-of-run.ts'
import type { Services } from '../services.ts'

const mostShown = 5

/** The last runs of these tasks that this source has asked for, newest first. */
export async function recentRuns(
  { ledger, secrets, key, routes }: Services,
  source: string,
  asking: Pick<Trigger, 'facts'>,
  tasks: readonly Pick<TaskHelp, 'task'>[],
): Promise<Extract<Answer, { kind: 'recent' }>> {
  const rows = await Promise.all([...new Set(tasks.map(({ task }) => task))].map((task) => ledger.recent(task, 20)))
  const signer = await secrets.current([key])
  // Of a route that is not open to who asks there is nothing to see either.
  const isOpen = ({ plan }: PublicRecord): boolean => {
    const route = routeOf(routes, plan)
    return route !== undefined && whyNotAllowed(route, asking) === undefined
  }
  const here = (row: PublicRecord): boolean => row.source === source && row.repository === asking.facts.repository
  const own = rows.flat().filter((row) => here(row) && isOpen(row))
  return {
    kind: 'recent',
    runs: own
      .toSorted((a, b) => b.createdAt - a.createdAt)
      .slice(0, mostShown)
      .map((row) => runView(row, signer)),
  }
}
