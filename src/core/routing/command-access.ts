/** Who may use a typed command: the people and groups that `allow` and `approval.from` name, on the routes that take it. Pure. */
import type { Facts } from '../adapter.ts'
import type { Route } from './prepare-route.ts'
import { allowedGroups, mayApprove, whyNotAllowed } from './route-access.ts'
import { botMismatch, repositoryMismatch } from './route-filters.ts'

export type CommandAccess =
  /** No route takes the command. Another app may listen for it in the same place. */
  | { readonly kind: 'unknown-command' }
  | { readonly kind: 'allowed' | 'denied' }
  /** Only membership in these groups could allow it, and the sender has not been asked about them. */
  | { readonly kind: 'unresolved'; readonly groups: readonly string[] }

export interface KnownGroups {
  /** Whether a name in `approval.from` is a group and not a person. */
  readonly isGroup: (name: string) => boolean
  /** The groups that the sender was asked about. `facts.groups` holds those of them that the person is in. */
  readonly resolved?: readonly string[]
}

export function commandAccess(
  routes: readonly Route[],
  source: string,
  facts: Facts,
  { isGroup, resolved = [] }: KnownGroups,
): CommandAccess {
  const commandRoutes = routes.filter((route) => takesCommand(route, source, facts))
  if (commandRoutes.length === 0) return { kind: 'unknown-command' }
  if (commandRoutes.some((route) => whyNotAllowed(route, { facts }) === undefined || mayApprove(route, { facts })))
    return { kind: 'allowed' }
  const named = commandRoutes.flatMap(({ config }) => [
    ...allowedGroups(config),
    ...(config.approval?.from ?? []).filter(isGroup),
  ])
  const groups = [...new Set(named)].filter((group) => !resolved.includes(group))
  return groups.length > 0 ? { kind: 'unresolved', groups } : { kind: 'denied' }
}

const takesCommand = ({ config }: Route, source: string, facts: Facts): boolean =>
  config.on === source &&
  facts.command !== undefined &&
  config.command?.includes(facts.command) === true &&
  botMismatch(config, facts) === undefined &&
  repositoryMismatch(config, facts) === undefined
