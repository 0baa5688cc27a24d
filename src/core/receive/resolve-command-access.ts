/** Finds out whether a person may use a command. The sender is asked about groups only if nothing else decides. */
import type { LookupContext } from '../adapter.ts'
import type { Facts } from '../model/trigger.ts'
import { commandAccess } from '../routing/command-access.ts'
import type { Services } from '../services.ts'
import type { VerifiedDelivery } from './verified-delivery.ts'

export interface ResolvedAccess {
  readonly access: 'unknown-command' | 'allowed' | 'denied'
  /** With the groups that were looked up. */
  readonly facts: Facts
}

/**
 * @param resolved the groups that the sender was asked about already
 * @throws {Error} if the sender gives no answer
 */
export async function resolveCommandAccess(
  { routes }: Pick<Services, 'routes'>,
  { source: { config, adapter }, tools }: Pick<VerifiedDelivery, 'source' | 'tools'>,
  context: LookupContext,
  resolved: readonly string[] = [],
): Promise<ResolvedAccess> {
  const { facts, replyAddress, payload } = context
  const isGroup = (name: string): boolean => adapter.isGroup?.(name) ?? true
  const first = commandAccess(routes, config.name, facts, { isGroup, resolved })
  if (first.kind !== 'unresolved') return { access: first.kind, facts }
  // Without `incomplete`: only groups are of interest here.
  const found = await adapter.enrich?.({ facts, replyAddress, payload }, { paths: false, groups: first.groups }, tools)
  const known = { ...facts, groups: [...(facts.groups ?? []), ...(found?.facts?.groups ?? [])] }
  const second = commandAccess(routes, config.name, known, { isGroup, resolved: [...resolved, ...first.groups] })
  return { access: second.kind === 'allowed' ? 'allowed' : 'denied', facts: known }
}
