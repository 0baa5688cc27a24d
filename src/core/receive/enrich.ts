/** Asks the sender for facts that the delivery lacks, and only if a route depends on them. */
import type { SenderTools } from '../adapter.ts'
import type { Trigger } from '../model/trigger.ts'
import { lookupFor } from '../routing/lookup.ts'
import { couldMatch } from '../routing/match-route.ts'
import { whyNotAllowed } from '../routing/route-access.ts'
import type { Services, Source } from '../services.ts'

export interface Enriched {
  readonly trigger: Trigger
  /** The sender was asked, so the trigger may be longer than the delivery. */
  readonly isLookedUp: boolean
  /** The groups that the sender was asked about. */
  readonly resolvedGroups: readonly string[]
}

/** @throws {Error} if the sender gives no answer and nothing can be decided without one */
export async function enrich(
  { routes }: Pick<Services, 'routes'>,
  { adapter, config }: Source,
  trigger: Trigger,
  tools: SenderTools,
): Promise<Enriched> {
  const asIs = { trigger, isLookedUp: false, resolvedGroups: [] }
  if (adapter.enrich === undefined) return asIs
  const candidates = routes.filter((route) => couldMatch(route, config.name, trigger))
  const lookup = lookupFor(candidates, trigger)
  const needsGroups = lookup.groups.length > 0
  // Anybody can write a comment, so there is no call for a person whom no answer would allow.
  const isHopeless = !needsGroups && candidates.every((route) => whyNotAllowed(route, trigger) !== undefined)
  if (trigger.incomplete !== true && (isHopeless || (!lookup.paths && !needsGroups))) return asIs
  // The answer is then that the person may not, not that the change may come from a fork.
  if (isHopeless) return { ...asIs, trigger: { ...trigger, facts: { ...trigger.facts, fork: false } } }
  const { facts, ...found } = await adapter.enrich(trigger, lookup, tools)
  return {
    trigger: { ...trigger, ...found, facts: { ...trigger.facts, ...facts } },
    isLookedUp: true,
    resolvedGroups: lookup.groups,
  }
}
