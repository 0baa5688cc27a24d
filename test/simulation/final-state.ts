/** What must hold once everything is at rest. What must hold at every moment is checked in invariant-monitor.ts. */
import { isTerminal } from '../../src/core/model/run.ts'
import { type Monitor, statusOf, textOf } from './invariant-monitor.ts'
import type { Senders } from './senders.ts'
import type { Item } from './table.ts'
import { shortOf } from './tasks.ts'
import type { World } from './world.ts'

/** @param mayLinger a late write may have given a slot to a run that had left its group */
export function checkAtRest(
  { table, ecs, senders }: World,
  accepted: ReadonlySet<string>,
  { violated }: Monitor,
  mayLinger: boolean,
): void {
  const runs = table.all().filter(({ pk }) => textOf(pk).startsWith('run#'))
  const groups = table.all().filter(({ pk }) => textOf(pk).startsWith('group#'))
  const byId = new Map(runs.map((run) => [textOf(run.run), run]))

  for (const run of accepted) if (!byId.has(run)) violated(`run ${run} was promised, and is not in the ledger`)
  for (const run of runs) for (const what of wrongWith(run, senders)) violated(`run ${textOf(run.run)} ${what}`)
  for (const { pk, inside, waiting } of groups) {
    const going = (inside?.L ?? []).filter((ticket) => {
      const run = byId.get(textOf(ticket).slice(-20))
      return !mayLinger || run === undefined || !isTerminal(statusOf(run))
    })
    if (going.length + (waiting?.L?.length ?? 0) > 0)
      violated(`${textOf(pk)} holds ${[...going, ...(waiting?.L ?? [])].map(textOf).join(', ')}`)
  }
  for (const task of ecs.tasks()) {
    const run = byId.get(task.startedBy.slice(-20))
    if (run === undefined) violated(`${shortOf(task)} is of no run`)
    else if (task.lastStatus !== 'STOPPED') violated(`${shortOf(task)} still runs, and its run is ${statusOf(run)}`)
  }
}

/** Tasks in whose groups an ended run has a slot. */
export const tasksWithStaleSlots = ({ table }: World): readonly string[] => [
  ...new Set(
    table
      .all()
      .filter(({ pk, inside }) => textOf(pk).startsWith('group#') && (inside?.L?.length ?? 0) > 0)
      .map(({ pk }) => textOf(pk).replace(/^group#(\w+)\/.*/, '$1')),
  ),
]

/** Each run that was requested after everything was at rest has had a task. */
export function checkStarted({ table }: World, runs: readonly string[], { violated }: Monitor): void {
  if (runs.length === 0) violated('no later delivery was accepted')
  for (const run of runs) {
    const row = table.read(`run#${run}`)
    if (row?.startedAt === undefined)
      violated(`run ${run} came later, and is ${textOf(row?.status)} ${textOf(row?.reason)}`)
  }
}

function wrongWith(run: Item, senders: Senders): string[] {
  const status = statusOf(run)
  if (!isTerminal(status)) return [`is stuck: ${status} ${textOf(run.reason)}`]
  const heard = senders.heard(textOf(run.run))
  const last = heard.at(-1)
  // A sender that cannot edit may get an old status last, from an invocation that died or got no answer: only that one knew of it.
  const overtaken = textOf(run.source) === 'caller' && last?.noted === false
  return [
    ...(run.open === undefined ? [] : ['is still open for review']),
    ...(heard.some((each) => each.status === status) ? [] : [`is ${status}, and its sender was never notified`]),
    ...(last === undefined || last.status === status || overtaken
      ? []
      : [`is ${status}, and its sender was notified of ${last.status} last`]),
  ]
}
