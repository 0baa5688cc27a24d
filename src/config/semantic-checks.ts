/** All checks that the shape of a config cannot express, such as references, reserved names and expressions. */
import { checkAccount } from './account-checks.ts'
import { checkCapacity } from './capacity-checks.ts'
import { checkConcurrencyGroup } from './concurrency-checks.ts'
import type { ConfigFinding } from './finding.ts'
import { checkReservedNames, checkRouteNames } from './name-checks.ts'
import { checkParams } from './param-checks.ts'
import { checkRoute } from './route-checks.ts'
import type { AdapterSpec, AdapterSpecs } from './spec.ts'
import { asMapping, entryOf } from './yaml-values.ts'

/** @param config its shape may be wrong: the schema reports that */
export function checkSemantics(config: unknown, specs: AdapterSpecs): ConfigFinding[] {
  const { routes, ...rest } = asMapping(config)
  const sources = asMapping(rest.sources)
  const tasks = asMapping(rest.tasks)
  const routeList = Array.isArray(routes) ? routes : []
  const specOf = (source: unknown): AdapterSpec | undefined =>
    entryOf(specs, asMapping(entryOf(sources, source)).adapter)
  return [
    ...checkReservedNames(sources, tasks),
    ...Object.entries(sources).flatMap(([name, source]) =>
      (specOf(name)?.check?.(asMapping(source)) ?? []).map(({ key, message }) => ({
        path: ['sources', name, key],
        message,
      })),
    ),
    ...Object.entries(tasks).flatMap(([name, task]) => checkTask(name, task)),
    ...routeList.flatMap((route, at) => checkRoute(['routes', at], asMapping(route), { sources, tasks, specOf })),
    ...checkRouteNames(routeList),
  ]
}

function checkTask(name: string, value: unknown): ConfigFinding[] {
  const path = ['tasks', name]
  const task = asMapping(value)
  return [
    ...checkParams([...path, 'params'], asMapping(task.params)),
    ...checkAccount(path, task),
    ...checkCapacity(path, task),
    ...checkConcurrencyGroup(path, task),
  ]
}
