/** The filters of a route except `paths`: each says what does not match, or undefined if it matches. Pure. */

import { messageOf } from '../errors.ts'
import type { RouteConfig } from '../model/config.ts'
import type { Facts, Trigger } from '../model/trigger.ts'
import type { ConditionType, GlobFilter, Mismatch } from '../model/verdict.ts'
import type { Scope } from './expression.ts'
import { matchesGlobs, maxNameLength } from './glob.ts'
import type { Route } from './prepare-route.ts'
import { needsBotAllowed } from './route-access.ts'

export const sourceMismatch = ({ on }: RouteConfig, source: string): Mismatch | undefined =>
  on === source ? undefined : { filter: 'on', kind: 'other-source', expected: on, actual: source }

/** An event has several names, most specific first (`issues.opened`, `issues`): one of them is enough. */
export const eventMismatch = ({ event }: RouteConfig, { events = [] }: Facts): Mismatch | undefined =>
  event === undefined || event.some((name) => events.includes(name))
    ? undefined
    : { filter: 'event', kind: 'not-listed', expected: event, actual: events[0] }

export const commandMismatch = ({ command }: RouteConfig, facts: Facts): Mismatch | undefined =>
  command === undefined || (facts.command !== undefined && command.includes(facts.command))
    ? undefined
    : { filter: 'command', kind: 'not-listed', expected: command, actual: facts.command }

/** As in GitHub Actions: `branches` alone matches no tag, `tags` alone no branch, and with both either is enough. */
export function refMismatch({ branches, tags }: RouteConfig, facts: Facts): Mismatch | undefined {
  if (branches === undefined && tags === undefined) return undefined
  const { tag, branches: named = facts.branch === undefined ? [] : [facts.branch] } = facts
  const mismatches = [
    ...(branches !== undefined && named.length > 0 ? [branchMismatch(branches, named)] : []),
    ...(tags !== undefined && tag !== undefined ? [globMismatch('tags', tags, tag)] : []),
  ]
  if (mismatches.length > 0) return mismatches.includes(undefined) ? undefined : mismatches[0]
  const filter = branches === undefined ? 'tags' : 'branches'
  if (named.length > 0) return { filter, kind: 'other-ref', actual: { kind: 'branch', name: named.join(', ') } }
  return { filter, kind: 'other-ref', actual: tag === undefined ? undefined : { kind: 'tag', name: tag } }
}

/** One branch that matches is enough. */
function branchMismatch(globs: readonly string[], names: readonly string[]): Mismatch | undefined {
  const mismatches = names.map((name) => globMismatch('branches', globs, name))
  if (mismatches.includes(undefined)) return undefined
  const [only, ...others] = mismatches
  return others.length === 0 ? only : { filter: 'branches', kind: 'no-glob-matches', globs, actual: names.join(', ') }
}

/** Anyone can fork a repository and write anything into the fork, so a route must allow forks explicitly. */
export const forkMismatch = ({ forks }: RouteConfig, { fork }: Facts): Mismatch | undefined =>
  fork === true && forks !== true ? { filter: 'forks', kind: 'from-fork' } : undefined

/** Bots that answer each other would never stop, so a route must name those that it takes. */
export const botMismatch = (config: RouteConfig, facts: Facts): Mismatch | undefined =>
  needsBotAllowed(config, facts) ? { filter: 'allow', kind: 'bot-not-listed', bot: facts.bot } : undefined

/** GitHub's names ignore case: `!acme/Secret` must also exclude acme/secret. */
export const repositoryMismatch = ({ repositories }: RouteConfig, { repository }: Facts): Mismatch | undefined =>
  repositories === undefined ? undefined : globMismatch('repositories', repositories, repository, true)

function globMismatch(
  filter: Exclude<GlobFilter, 'paths'>,
  globs: readonly string[],
  actual: string | undefined,
  ignoreCase = false,
): Mismatch | undefined {
  const maxLength = maxNameLength[filter]
  if (actual !== undefined && actual.length > maxLength)
    return { filter, kind: 'too-long', length: actual.length, maxLength }
  const fold = (text: string): string => (ignoreCase ? text.toLowerCase() : text)
  if (actual !== undefined && matchesGlobs(globs.map(fold), fold(actual))) return undefined
  return { filter, kind: 'no-glob-matches', globs, actual }
}

/** What the route's expressions may read. */
export const scopeOf = (source: string, { payload, actor }: Trigger): Scope => ({
  event: payload,
  body: payload,
  source,
  actor,
})

export function conditionMismatch({ condition }: Route, source: string, trigger: Trigger): Mismatch | undefined {
  if (condition === undefined) return undefined
  try {
    const value = condition(scopeOf(source, trigger))
    if (value === true) return undefined
    if (value === false || value === null) return { filter: 'if', kind: 'not-true', value }
    return { filter: 'if', kind: 'not-boolean', type: typeOf(value) }
  } catch (error) {
    return { filter: 'if', kind: 'failed', error: messageOf(error).split('\n', 1)[0] ?? '' }
  }
}

/** CEL's integers are bigints. */
function typeOf(value: unknown): ConditionType {
  if (typeof value === 'string') return 'text'
  if (typeof value === 'number' || typeof value === 'bigint') return 'number'
  return Array.isArray(value) ? 'list' : 'object'
}
