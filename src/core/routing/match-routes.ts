/** Who may know of a command. Pure. */
import type { Facts, Trigger } from '../model/trigger.ts'
import type { Route } from './prepare-route.ts'
import { allowedGroups, isNamed, whyNotAllowed } from './route-access.ts'
import { repositoryMismatch } from './route-filters.ts'

/** Whether a command is known here: others may listen for theirs in the same place. */
export const hasCommandRoute = (routes: readonly Route[], source: string, facts: Facts): boolean =>
  commandRoutes(routes, source, facts).length > 0

const commandRoutes = (routes: readonly Route[], source: string, facts: Facts): readonly Route[] =>
  routes.filter(
    ({ config }) =>
      config.on === source &&
      facts.command !== undefined &&
      config.command?.includes(facts.command) === true &&
      repositoryMismatch(config, facts) === undefined,
  )

/** Whether this one may have anything to do with the command, as far as is known without asking anybody: to all others it is not there. */
export const mayUseCommand = (routes: readonly Route[], source: string, asking: Pick<Trigger, 'facts'>): boolean =>
  commandRoutes(routes, source, asking.facts).some(
    (route) =>
      whyNotAllowed(route, asking) === undefined ||
      isNamed(route.config.approval?.from, asking.facts) ||
      [...allowedGroups(route.config), ...(route.config.approval?.from ?? [])].length >
        (asking.facts.groups?.length ?? 0),
  )
