/** What was promised, held against what became of it. Pure. */
import type { Task } from '@aws-sdk/client-ecs'
import { isTerminal, type RunStatus, runOfStartedBy } from '../../src/core/model/run.ts'
import { endOf, groupLimit } from './config.ts'
import type { Planned } from './deliveries.ts'
import type { Sent, Told } from './senders.ts'

export interface Seen {
  readonly planned: readonly Planned[]
  readonly sent: Sent
  readonly told: Told['words']
  /** The table, whole. */
  readonly items: readonly Readonly<Record<string, unknown>>[]
  /** As ECS lists them at the end. */
  readonly tasks: readonly Task[]
  /** Run → the tasks of which ECS ever sent an event. */
  readonly started: ReadonlyMap<string, ReadonlySet<string>>
  readonly dead: number
  readonly queued: number
}

export interface Check {
  readonly what: string
  readonly found: number
  readonly wanted: number
  /** What is wrong, one by one. */
  readonly cases?: readonly string[]
}

export function verdict({ planned, sent, told, items, tasks, started, dead, queued }: Seen): readonly Check[] {
  const runs = items.filter(({ pk }) => String(pk).startsWith('run#'))
  const groups = items.filter(({ pk }) => String(pk).startsWith('group#'))
  const ids = new Set(runs.map(({ run }) => String(run)))
  const unique = new Map(planned.map((one) => [one.id, one]))
  const runOf = (id: string): string => [...(sent.runs.get(id) ?? [])].join()
  const taskOfRun = new Map([...unique.values()].map(({ id, task }) => [runOf(id), task]))
  const byRun = Map.groupBy(tasks, ({ startedBy }) => runOfStartedBy(startedBy) ?? '')
  const status = ({ status }: Readonly<Record<string, unknown>>) => status as RunStatus
  const count = <T>(all: Iterable<T>, bad: (one: T) => boolean): number => [...all].filter(bad).length
  const none = (what: string, found: number): Check => ({ what, found, wanted: 0 })
  const deaf = runs.filter((run) => !isEnd(told.get(String(run.run))?.at(-1), status(run)))
  return [
    { what: 'deliveries that were taken', found: sent.times.length, wanted: planned.length },
    { what: 'runs in the ledger', found: runs.length, wanted: unique.size },
    none(
      'deliveries without their run',
      count(unique.keys(), (id) => !ids.has(runOf(id))),
    ),
    none(
      'deliveries with two runs',
      count(sent.runs.values(), ({ size }) => size > 1),
    ),
    { what: 'tasks that ECS lists', found: tasks.length, wanted: unique.size },
    none(
      'runs without a task',
      count(ids, (run) => !byRun.has(run)),
    ),
    none(
      'runs with two tasks, by ECS',
      count(byRun.values(), ({ length }) => length > 1),
    ),
    none(
      'runs with two tasks, by their events',
      count(started.values(), ({ size }) => size > 1),
    ),
    none(
      'runs that have not ended',
      count(runs, (run) => !isTerminal(status(run))),
    ),
    none(
      'runs that ended otherwise than their task',
      count(runs, (run) => status(run) !== endOf[taskOfRun.get(String(run.run)) ?? 'fine']),
    ),
    {
      ...none('senders that do not know the end', deaf.length),
      cases: deaf.map(({ run }) => `run ${run} was told ${told.get(String(run))?.join(', ')}`),
    },
    none(
      'runs in the open index',
      count(runs, ({ open }) => open !== undefined),
    ),
    none(`moments with more than ${groupLimit} tasks of a group`, crowded(tasks)),
    none(
      'groups that still hold a slot',
      count(groups, ({ inside, waiting }) => [inside, waiting].flat().length > 0),
    ),
    none('messages in the queue', queued),
    none('messages in the dead-letter queue', dead),
  ]
}

/** GitHub's states know two ends. */
const isEnd = (word: string | undefined, status: RunStatus): boolean =>
  word === status || word === { succeeded: 'success', failed: 'failure' }[String(status)]

/** How often a task began while as many of its group as may were running. */
function crowded(tasks: readonly Task[]): number {
  const groups = Map.groupBy(tasks, (task) => groupOf(task) ?? '')
  groups.delete('')
  return [...groups.values()].flatMap((all) =>
    all.filter((task) => {
      const at = Number(task.createdAt)
      const others = all.filter((other) => Number(other.createdAt) <= at && Number(other.stoppedAt ?? 1e15) > at)
      return others.length > groupLimit
    }),
  ).length
}

const groupOf = ({ overrides }: Task): string | undefined =>
  overrides?.containerOverrides?.[0]?.environment?.find(({ name }) => name === 'GROUP')?.value
