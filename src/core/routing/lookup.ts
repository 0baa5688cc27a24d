/** What the sender must be asked before routes can decide. Pure. */
import type { Lookup, Trigger } from '../model/trigger.ts'
import type { Route } from './prepare-route.ts'
import { allowedGroups, whyNotAllowed } from './route-access.ts'

/**
 * No group is asked about if the person is allowed without it.
 * @param routes those that could match
 */
export function lookupFor(
  routes: readonly Route[],
  { facts, incomplete }: Pick<Trigger, 'facts' | 'incomplete'>,
): Lookup {
  const undecided = routes.filter((route) => whyNotAllowed(route, { facts }) !== undefined)
  return {
    paths:
      (facts.paths === 'unknown' || incomplete === true) && routes.some(({ config }) => config.paths !== undefined),
    groups: [...new Set(undecided.flatMap(({ config }) => allowedGroups(config)))],
  }
}
