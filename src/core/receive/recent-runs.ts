/** The newest runs that a person may see, for `status` as a command. */
import { runView } from '../lifecycle/run-view.ts'
import type { Answer, TaskHelp } from '../model/answer.ts'
import type { PublicRecord } from '../model/run-record.ts'
import type { Trigger } from '../model/trigger.ts'
import { isOwnWorkspace, whyNotAllowed } from '../routing/route-access.ts'
import { routeOf } from '../routing/route-of-run.ts'
import type { Services, Source } from '../services.ts'

const maxShown = 5
/** Read for each task: most of them may belong to other sources. */
const maxReadPerTask = 20

/** @param tasks those that the person may run */
export async function recentRuns(
  { ledger, secrets, tokenKeyReference, routes }: Pick<Services, 'ledger' | 'secrets' | 'tokenKeyReference' | 'routes'>,
  { config: { name } }: Source,
  trigger: Pick<Trigger, 'facts'>,
  tasks: readonly Pick<TaskHelp, 'task'>[],
): Promise<Extract<Answer, { kind: 'recent' }>> {
  const names = new Set(tasks.map(({ task }) => task))
  const rows = await Promise.all([...names].map((task) => ledger.recent(task, maxReadPerTask)))
  const tokenKey = await secrets.current([tokenKeyReference])
  const isAllowed = ({ plan }: PublicRecord): boolean => {
    const route = routeOf(routes, plan)
    return route !== undefined && whyNotAllowed(route, trigger) === undefined
  }
  const isOwn = (row: PublicRecord): boolean =>
    row.source === name && row.repository === trigger.facts.repository && isOwnWorkspace(row, trigger.facts)
  const visible = rows.flat().filter((row) => isOwn(row) && isAllowed(row))
  return {
    kind: 'recent',
    runs: visible
      .toSorted((a, b) => b.createdAt - a.createdAt)
      .slice(0, maxShown)
      .map((row) => runView(row, tokenKey)),
  }
}
