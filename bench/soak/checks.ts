/** Compares what a soak observed with what taskhook promises. Pure. */
import type { Task } from '@aws-sdk/client-ecs'
import { isTerminal, type RunStatus, runOfStartedBy } from '../../src/core/model/run.ts'
import { expectedStatus, groupLimit } from './config.ts'
import type { PlannedDelivery } from './deliveries.ts'
import type { NotificationSink } from './notification-sink.ts'
import type { SentDeliveries } from './senders.ts'

type Item = Readonly<Record<string, unknown>>

export interface SoakObservations {
  readonly planned: readonly PlannedDelivery[]
  readonly sent: SentDeliveries
  readonly notifications: NotificationSink['notifications']
  /** All items of the table. */
  readonly items: readonly Item[]
  /** As ECS lists them at the end. */
  readonly tasks: readonly Task[]
  /** Run → its tasks, by their events. */
  readonly tasksByRun: ReadonlyMap<string, ReadonlySet<string>>
  /** The number of messages in the dead-letter queue and in the queue. */
  readonly deadLetters: number
  readonly queued: number
}

export interface Check {
  readonly what: string
  readonly actual: number
  readonly expected: number
  /** Each violation. */
  readonly cases?: readonly string[]
}

const none = (what: string, actual: number): Check => ({ what, actual, expected: 0 })
const count = <T>(all: Iterable<T>, isViolation: (one: T) => boolean): number => [...all].filter(isViolation).length
const statusOf = ({ status }: Item) => status as RunStatus

export function checkSoak(observations: SoakObservations): readonly Check[] {
  const { planned, sent, items, deadLetters, queued } = observations
  const runs = items.filter(({ pk }) => String(pk).startsWith('run#'))
  const groups = items.filter(({ pk }) => String(pk).startsWith('group#'))
  const unique = new Map(planned.map((one) => [one.id, one]))
  return [
    { what: 'deliveries accepted', actual: sent.times.length, expected: planned.length },
    ...runChecks(runs, unique, observations),
    ...taskChecks(runs, unique.size, observations),
    none(
      'groups that still hold a slot',
      count(groups, ({ inside, waiting }) => [inside, waiting].flat().length > 0),
    ),
    none('messages in the queue', queued),
    none('messages in the dead-letter queue', deadLetters),
  ]
}

function runChecks(
  runs: readonly Item[],
  unique: ReadonlyMap<string, PlannedDelivery>,
  { sent, notifications }: SoakObservations,
): readonly Check[] {
  const ids = new Set(runs.map(({ run }) => String(run)))
  const runOf = (id: string): string => [...(sent.runs.get(id) ?? [])].join()
  const taskOfRun = new Map([...unique.values()].map(({ id, task }) => [runOf(id), task]))
  const notNotified = runs.filter((run) => !isFinal(notifications.get(String(run.run))?.at(-1), statusOf(run)))
  return [
    { what: 'runs in the ledger', actual: runs.length, expected: unique.size },
    none(
      'deliveries without a run',
      count(unique.keys(), (id) => !ids.has(runOf(id))),
    ),
    none(
      'deliveries with two runs',
      count(sent.runs.values(), ({ size }) => size > 1),
    ),
    none(
      'runs that have not ended',
      count(runs, (run) => !isTerminal(statusOf(run))),
    ),
    none(
      'runs whose status differs from their task’s',
      count(runs, (run) => statusOf(run) !== expectedStatus[taskOfRun.get(String(run.run)) ?? 'fine']),
    ),
    {
      ...none('senders not notified of the end', notNotified.length),
      cases: notNotified.map(({ run }) => `run ${run}: notified of ${notifications.get(String(run))?.join(', ')}`),
    },
    none(
      'runs in the open index',
      count(runs, ({ open }) => open !== undefined),
    ),
  ]
}

function taskChecks(
  runs: readonly Item[],
  expected: number,
  { tasks, tasksByRun }: SoakObservations,
): readonly Check[] {
  const listedByRun = Map.groupBy(tasks, ({ startedBy }) => runOfStartedBy(startedBy) ?? '')
  return [
    { what: 'tasks that ECS lists', actual: tasks.length, expected },
    none(
      'runs without a task',
      count(runs, ({ run }) => !listedByRun.has(String(run))),
    ),
    none(
      'runs with two tasks, by ECS',
      count(listedByRun.values(), ({ length }) => length > 1),
    ),
    none(
      'runs with two tasks, by events',
      count(tasksByRun.values(), ({ size }) => size > 1),
    ),
    none(`moments with more than ${groupLimit} tasks of a group`, startsOverLimit(tasks)),
  ]
}

/** GitHub has two final states. */
const isFinal = (notified: string | undefined, status: RunStatus): boolean =>
  notified === status || notified === { succeeded: 'success', failed: 'failure' }[String(status)]

/** How many tasks started while their group was at its limit. */
function startsOverLimit(tasks: readonly Task[]): number {
  const groups = Map.groupBy(tasks, (task) => groupOf(task) ?? '')
  groups.delete('')
  return [...groups.values()].flatMap((all) =>
    all.filter((task) => {
      const at = Number(task.createdAt)
      const running = all.filter((other) => Number(other.createdAt) <= at && Number(other.stoppedAt ?? 1e15) > at)
      return running.length > groupLimit
    }),
  ).length
}

const groupOf = ({ overrides }: Task): string | undefined =>
  overrides?.containerOverrides?.[0]?.environment?.find(({ name }) => name === 'GROUP')?.value
