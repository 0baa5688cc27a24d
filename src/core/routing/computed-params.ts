/** The parameters that a route sets itself (`with`). Pure. */

import { messageOf } from '../errors.ts'
import type { Trigger } from '../model/trigger.ts'
import type { Route } from './prepare-route.ts'
import { scopeOf } from './route-filters.ts'

/**
 * @returns by name; undefined where the payload lacks what the expression reads
 * @throws {Error} naming the parameter whose expression fails
 */
export function computeParams(route: Route, source: string, trigger: Trigger): Readonly<Record<string, unknown>> {
  const scope = scopeOf(source, trigger)
  const values: Record<string, unknown> = Object.create(null)
  for (const [name, expression] of Object.entries(route.computed)) {
    try {
      values[name] = expression(scope)
    } catch (cause) {
      throw new Error(`with.${name}: ${messageOf(cause)}`, { cause })
    }
  }
  return values
}
