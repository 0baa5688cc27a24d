/** Whether a route matches a delivery, and which filter decided. Pure. */
import type { Trigger } from '../model/trigger.ts'
import type { Mismatch, Verdict } from '../model/verdict.ts'
import { arePathsUnknown, pathMismatch } from './path-filter.ts'
import type { Route } from './prepare-route.ts'
import {
  botMismatch,
  commandMismatch,
  conditionMismatch,
  eventMismatch,
  forkMismatch,
  refMismatch,
  repositoryMismatch,
  sourceMismatch,
} from './route-filters.ts'

/** The first filter that does not match decides. */
export function matchRoute(route: Route, source: string, trigger: Trigger): Verdict {
  const { config } = route
  const { facts } = trigger
  const mismatch: Mismatch | undefined =
    sourceMismatch(config, source) ??
    eventMismatch(config, facts) ??
    commandMismatch(config, facts) ??
    botMismatch(config, facts) ??
    refMismatch(config, facts) ??
    forkMismatch(config, facts) ??
    repositoryMismatch(config, facts) ??
    pathMismatch(config, facts) ??
    // The last: it is the only one that can be expensive.
    conditionMismatch(route, source, trigger)
  return { route: route.id, mismatch, pathsUnknown: arePathsUnknown(config, facts) }
}

/** Whether a route may match once the sender has been asked for what the delivery does not say (`enrich`). */
export const couldMatch = ({ config }: Route, source: string, { facts, incomplete }: Trigger): boolean =>
  sourceMismatch(config, source) === undefined &&
  eventMismatch(config, facts) === undefined &&
  commandMismatch(config, facts) === undefined &&
  botMismatch(config, facts) === undefined &&
  repositoryMismatch(config, facts) === undefined &&
  (incomplete === true || (refMismatch(config, facts) ?? forkMismatch(config, facts)) === undefined)
