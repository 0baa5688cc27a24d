/** What a person may type for a task: its parameters, without those that the route sets. Pure. */
import type { TaskHelp } from '../model/answer.ts'
import type { TaskConfig } from '../model/config.ts'
import type { Param } from '../model/param.ts'
import type { Route } from './prepare-route.ts'

export function taskHelp(route: Route, task: TaskConfig): TaskHelp {
  const params = Object.entries(task.params)
    .filter(([name]) => !Object.hasOwn(route.computed, name))
    .map(([name, param]) => [name, param.secret === true ? withoutDefault(param) : param] as const)
  return {
    task: task.name,
    ...(task.description !== undefined && { description: task.description }),
    params: Object.fromEntries(params),
  }
}

/** The default of a secret parameter is a secret value too. */
const withoutDefault = ({ default: _, ...param }: Param): Param => param as Param
