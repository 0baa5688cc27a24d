/** What a delivery does not say is asked of its sender, before routes decide: and only where one of them depends on it. */
import type { Facts, SenderTools, Trigger } from '../adapter.ts'
import { lookupFor } from '../routing/lookup.ts'
import { couldMatch } from '../routing/match-route.ts'
import { whyNotAllowed } from '../routing/route-access.ts'
import type { Services, Source } from '../services.ts'

/** @throws {Error} where the sender gives no answer and nothing can be decided without one */
export async function enrich(
  services: Pick<Services, 'routes'>,
  source: Source,
  trigger: Trigger,
  tools: SenderTools,
): Promise<Trigger> {
  const { adapter, config } = source
  if (adapter.enrich === undefined) return trigger
  const candidates = services.routes.filter((route) => couldMatch(route, config.name, trigger))
  const question = lookupFor(candidates, trigger)
  const groups = question.groups.length > 0
  // Whoever may take none of them, whatever is answered, is not worth a call: anybody can write a comment. That is what he is told, then.
  const hopeless = !groups && candidates.every((route) => whyNotAllowed(route, trigger) !== undefined)
  if (trigger.incomplete !== true && (hopeless || (!question.paths && !groups))) return trigger
  if (hopeless) return { ...trigger, facts: { ...trigger.facts, fork: false } }
  const { facts, ...found } = await adapter.enrich(trigger, question, tools)
  return { ...trigger, ...found, facts: { ...trigger.facts, ...facts } satisfies Facts }
}
