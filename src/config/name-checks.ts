/** Checks the names that a config gives: to sources, tasks, parameters, tags and routes. */
import { routeIds } from '../core/model/config.ts'
import { type ConfigFinding, type ConfigPath, finding } from './finding.ts'
import { asMapping, type Mapping } from './yaml-values.ts'

/** Valibot silently omits these keys from a record, to prevent prototype pollution. */
const jsReserved = ['__proto__', 'prototype', 'constructor']

export function checkReservedNames(sources: Mapping, tasks: Mapping): ConfigFinding[] {
  const records: [ConfigPath, Mapping][] = [
    [['sources'], sources],
    [['tasks'], tasks],
    ...Object.entries(tasks).flatMap(([name, task]) =>
      ['params', 'tags'].map((key): [ConfigPath, Mapping] => [['tasks', name, key], asMapping(asMapping(task)[key])]),
    ),
  ]
  return records.flatMap(([path, record]) =>
    jsReserved
      .filter((name) => Object.hasOwn(record, name))
      .flatMap((name) => finding([...path, name], 'is a name that JavaScript reserves; choose another')),
  )
}

/** The id of a route is part of the run id, so two routes with the same id would share a run. A route without a name has one by default. */
export function checkRouteNames(list: readonly unknown[]): ConfigFinding[] {
  const routes = list.map(asMapping)
  const ids = routeIds(routes)
  const isNamed = (at: number): boolean => routes[at]?.name !== undefined
  const taken = new Set(ids.filter((_, at) => !isNamed(at)))
  return ids.flatMap((id, at) => {
    if (!isNamed(at)) return []
    if (taken.has(id)) return finding(['routes', at, 'name'], `"${id}" is the name of another route`)
    taken.add(id)
    return []
  })
}
