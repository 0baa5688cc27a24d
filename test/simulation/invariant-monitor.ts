/** Sees every change, and reports at once what must not happen. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { isTerminal, type RunStatus } from '../../src/core/model/run.ts'
import type { Item } from './table.ts'
import { shortOf, type Task } from './tasks.ts'

export interface Monitor {
  written(before: Item | undefined, after: Item): void
  changed(task: Task): void
  violated(what: string): void
  readonly violations: readonly string[]
}

export const textOf = (value: AttributeValue | undefined): string => value?.S ?? ''
export const statusOf = (item: Item): RunStatus => textOf(item.status) as RunStatus
export const planOf = (item: Item) =>
  JSON.parse(textOf(item.plan)) as { readonly concurrency?: { readonly name: string; readonly limit: number } }

export function createMonitor(note: (text: string) => void): Monitor {
  const violations: string[] = []
  const tasks = new Map<string, Task>()
  /** By run: the task that has run. */
  const ran = new Map<string, string>()
  const ended = new Set<string>()
  const groupOf = new Map<string, ReturnType<typeof planOf>['concurrency']>()

  const violated = (what: string): void => {
    note(`VIOLATION: ${what}`)
    violations.push(what)
  }

  const checkLimit = (task: Task): void => {
    const group = groupOf.get(task.startedBy)
    if (group === undefined) return
    const busy = [...tasks.values()].filter(
      ({ startedBy, lastStatus }) => lastStatus !== 'STOPPED' && groupOf.get(startedBy)?.name === group.name,
    )
    if (busy.length > group.limit)
      violated(`${busy.length} tasks in a group of ${group.limit}: ${busy.map(shortOf).join(', ')}`)
  }

  return {
    violations,
    violated,
    written(before, after) {
      if (!textOf(after.pk).startsWith('run#')) return
      const run = textOf(after.run)
      if (!groupOf.has(`taskhook/${run}`)) groupOf.set(`taskhook/${run}`, planOf(after).concurrency)
      if (before !== undefined && isTerminal(statusOf(before)) && statusOf(before) !== statusOf(after))
        violated(`run ${run} was ${statusOf(before)} and is ${statusOf(after)}`)
      if (isTerminal(statusOf(after))) ended.add(`taskhook/${run}`)
      if (
        before !== undefined &&
        statusOf(before) === 'running' &&
        !isTerminal(statusOf(after)) &&
        statusOf(after) !== 'running'
      )
        violated(`run ${run} was running and is ${statusOf(after)}`)
    },
    changed(task) {
      if (!groupOf.has(task.startedBy)) violated(`${shortOf(task)} belongs to no run`)
      tasks.set(task.taskArn, task)
      if (task.lastStatus === 'PROVISIONING') checkLimit(task)
      if (task.lastStatus !== 'RUNNING') return
      if (ended.has(task.startedBy)) violated(`${shortOf(task)} runs, and its run has ended`)
      const other = ran.get(task.startedBy)
      if (other !== undefined && other !== task.taskArn) violated(`a second task has run: ${shortOf(task)}`)
      ran.set(task.startedBy, task.taskArn)
    },
  }
}
