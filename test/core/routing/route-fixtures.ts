/** A route and a trigger with only what a test is about. */

import type { RouteConfig } from '../../../src/core/model/config.ts'
import type { Facts, Trigger } from '../../../src/core/model/trigger.ts'
import { prepareRoute } from '../../../src/core/routing/prepare-route.ts'

export const route = (more: Partial<RouteConfig> = {}) =>
  prepareRoute({ id: 'r', on: 'github', run: 'analyze', ...more })

export const trigger = (facts: Facts = {}, payload: unknown = {}): Trigger => ({
  event: facts.events?.[0] ?? 'webhook',
  deliveryId: 'd',
  actor: 'ann',
  facts,
  rawParams: { kind: 'none' },
  payload,
  replyAddress: null,
})
