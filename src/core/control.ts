/** What senders do with runs that are there, as far as `receive` can: it looks, it queues, it opens new ones. */
import type { Answer, Control, TaskHelp, Trigger } from './adapter.ts'
import { nameOf } from './cancel.ts'
import { TaskhookError, Unprocessable } from './errors.ts'
import type { PublicRow } from './ledger.ts'
import type { Parts } from './parts.ts'
import { repeat } from './repeat.ts'
import { notAllowed, routeOf } from './route.ts'
import { isRunId, isTerminal } from './run.ts'
import { viewOf } from './tell.ts'

/** @throws {TaskhookError} where the run is not this source's, or is not this person's to act on */
export async function obeyControl(
  parts: Parts,
  source: string,
  control: Control,
  { key, origin }: { readonly key: string; readonly origin: string },
): Promise<Extract<Answer, { kind: 'controlled' }>> {
  const row = await ownRun(parts, source, control)
  const signer = await parts.secrets.current([parts.key])
  const by = nameOf(control.name ?? control.actor)
  if (control.verb === 'rerun') {
    const { answerTo, actor } = control
    const again = await repeat(parts, row, { key, actor, origin, answer: { kind: 'to', answerTo } })
    return { kind: 'controlled', verb: 'rerun', by, run: viewOf(again.row, signer) }
  }
  if (control.verb === 'cancel' && !isTerminal(row.status)) await parts.queue.send({ verb: 'cancel', run: row.run, by })
  return { kind: 'controlled', verb: control.verb, by, run: viewOf(row, signer) }
}

/** The allow-list of the route that made it decides, as it stands in the config now. */
async function ownRun(parts: Parts, source: string, control: Control): Promise<PublicRow> {
  if (!isRunId(control.run))
    throw new Unprocessable(
      control.run === ''
        ? 'Say which run: its number stands in its message'
        : `"${control.run}" is not the number of a run`,
      [],
    )
  const row = await parts.ledger.readPublic(control.run)
  // Somebody else's run is as good as none.
  if (row === undefined || row.source !== source)
    throw new TaskhookError('not-found', 'There is no such run (any more)')
  const route = routeOf(parts.routes, row.plan)
  if (route === undefined)
    throw new Unprocessable('The route of this run has changed, or is not in the config any more', [])
  const why = notAllowed(route, control)
  if (why !== undefined) throw new TaskhookError('forbidden', `${row.plan.task}: ${why}`)
  return row
}

const mostShown = 5

/** The last runs of these tasks that this source has asked for, newest first. */
export async function lastRuns(
  { ledger, secrets, key, routes }: Parts,
  source: string,
  asking: Pick<Trigger, 'facts'>,
  tasks: readonly Pick<TaskHelp, 'task'>[],
): Promise<Extract<Answer, { kind: 'recent' }>> {
  const rows = await Promise.all([...new Set(tasks.map(({ task }) => task))].map((task) => ledger.recent(task, 20)))
  const signer = await secrets.current([key])
  // Of a route that is not open to who asks there is nothing to see either.
  const isOpen = ({ plan }: PublicRow): boolean => {
    const route = routeOf(routes, plan)
    return route !== undefined && notAllowed(route, asking) === undefined
  }
  const own = rows.flat().filter((row) => row.source === source && isOpen(row))
  return {
    kind: 'recent',
    runs: own
      .toSorted((a, b) => b.createdAt - a.createdAt)
      .slice(0, mostShown)
      .map((row) => viewOf(row, signer)),
  }
}
