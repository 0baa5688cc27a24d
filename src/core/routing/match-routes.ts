/** Which routes a trigger takes, and why it does not take the others. Pure. */
import { createHash } from 'node:crypto'
import picomatch from 'picomatch'
import type { Facts, Json, Lookup, Trigger } from '../adapter.ts'
import { messageOf } from '../errors.ts'
import type { AllowConfig, RouteConfig } from '../model/config.ts'
import { compileCondition, compileTemplate, type Expression } from './expression.ts'

/** A route of the config, ready to be asked. */
export interface Route {
  readonly id: string
  readonly config: RouteConfig
  readonly condition: Expression | undefined
  readonly computed: Readonly<Record<string, Expression>>
}

export interface Verdict {
  readonly route: string
  readonly matched: boolean
  /** The filter and the value that decided. */
  readonly because: string
}

export const prepareRoute = (config: RouteConfig): Route => ({
  id: config.id,
  config,
  condition: config.if === undefined ? undefined : compileCondition(config.if),
  computed: Object.fromEntries(Object.entries(config.with ?? {}).map(([name, value]) => [name, compileValue(value)])),
})

const compileValue = (value: Json): Expression => (typeof value === 'string' ? compileTemplate(value) : () => value)

/** The filters in the order in which they are asked; the first that says no decides. */
export function matchRoute(route: Route, source: string, trigger: Trigger): Verdict {
  const no = refusal(route, source, trigger)
  const guessed = route.config.paths !== undefined && trigger.facts.paths === 'unknown'
  const yes = `every filter matched${guessed ? '; which files are changed is not known, so paths counts as matched' : ''}`
  return { route: route.id, matched: no === undefined, because: no ?? yes }
}

function refusal({ config, condition }: Route, source: string, trigger: Trigger): string | undefined {
  const { facts } = trigger
  if (config.on !== source) return `on: ${source} is not ${config.on}`
  return (
    oneOf('event', config.event, facts.events) ??
    oneOf('command', config.command, facts.command === undefined ? [] : [facts.command]) ??
    refRefusal(config, facts) ??
    forkRefusal(config, facts) ??
    globRefusal('repositories', config.repositories, facts.repository) ??
    pathsRefusal(config.paths, facts.paths) ??
    conditionRefusal(condition, source, trigger)
  )
}

function oneOf(filter: string, wanted: readonly string[] | undefined, got: readonly string[] = []): string | undefined {
  if (wanted === undefined || wanted.some((name) => got.includes(name))) return undefined
  return `${filter}: ${got[0] === undefined ? 'none' : `"${got[0]}"`} is not ${list(wanted)}`
}

/** As in GitHub Actions: with `branches` alone a tag does not match, and the other way round; with both, either will do. */
function refRefusal({ branches, tags }: RouteConfig, facts: Facts): string | undefined {
  if (branches === undefined && tags === undefined) return undefined
  if (facts.branch !== undefined && branches !== undefined) return globRefusal('branches', branches, facts.branch)
  if (facts.tag !== undefined && tags !== undefined) return globRefusal('tags', tags, facts.tag)
  const got =
    facts.branch !== undefined ? `branch "${facts.branch}"` : facts.tag !== undefined ? `tag "${facts.tag}"` : 'no ref'
  return branches === undefined ? `tags: ${got} is not a tag` : `branches: ${got} is not a branch that is listed`
}

/** Whoever forks can write whatever he likes into it. */
const forkRefusal = ({ forks }: RouteConfig, { fork }: Facts): string | undefined =>
  fork === true && forks !== true
    ? 'forks: the change comes from a fork, or may, and the route does not say forks: true'
    : undefined

function globRefusal(
  filter: GlobFilter,
  globs: readonly string[] | undefined,
  value: string | undefined,
): string | undefined {
  if (globs === undefined) return undefined
  if (value !== undefined && value.length > maxNameLength[filter])
    return `${filter}: a name of ${value.length} characters is longer than the ${maxNameLength[filter]} that are looked at`
  if (value !== undefined && matchesGlobs(globs, value)) return undefined
  return `${filter}: ${value === undefined ? 'none' : `"${value}"`} does not match ${list(globs)}`
}

/** One changed file that matches is enough. A list that the sender capped says nothing, and nothing must be missed: it matches. */
function pathsRefusal(globs: readonly string[] | undefined, paths: Facts['paths']): string | undefined {
  if (globs === undefined || paths === 'unknown') return undefined
  if (paths?.some((path) => path.length <= maxNameLength.paths && matchesGlobs(globs, path))) return undefined
  return `paths: none of ${paths?.length ?? 0} changed files matches ${list(globs)}`
}

/**
 * Characters of a name that globs are held against; a longer one matches none. GitHub's branches and tags have 255 at most, and a path
 * has 4096 where it is to be checked out.
 */
export const maxNameLength = { branches: 1024, tags: 1024, repositories: 1024, paths: 4096 } as const
type GlobFilter = keyof typeof maxNameLength

/** For picomatch. */
export const globOptions = { dot: true, nonegate: true } as const

/** Compiled once: a push of thousands of files asks thousands of times. Globs come from the config alone, so these are few. */
const matchers = new Map<string, (value: string) => boolean>()

function matcherOf(glob: string): (value: string) => boolean {
  const known = matchers.get(glob)
  if (known !== undefined) return known
  const made = picomatch(glob, globOptions)
  matchers.set(glob, made)
  return made
}

/** In order, the last match decides: `["**", "!docs/**"]` is everything but docs. */
export function matchesGlobs(globs: readonly string[], value: string): boolean {
  return globs.reduce((matched, glob) => {
    const negated = glob.startsWith('!')
    return matcherOf(negated ? glob.slice(1) : glob)(value) ? !negated : matched
  }, false)
}

function conditionRefusal(condition: Expression | undefined, source: string, trigger: Trigger): string | undefined {
  if (condition === undefined) return undefined
  try {
    const value = condition(scopeOf(source, trigger))
    return value === true ? undefined : `if: gives ${String(value)}`
  } catch (error) {
    return `if: ${messageOf(error).split('\n', 1)[0]}`
  }
}

const scopeOf = (source: string, { payload, actor }: Trigger) => ({ event: payload, body: payload, source, actor })

/** The values of the route's `with`. @throws {Error} naming the parameter whose expression cannot be worked out */
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

const list = (names: readonly string[]): string =>
  names.length === 1 ? `"${names[0]}"` : `one of ${names.map((n) => `"${n}"`).join(', ')}`

/** What a route lets happen, whatever it is called: a run is repeated only by the route that made it. */
export const fingerprintOf = ({ on, run, event, command, with: given }: Route['config']): string =>
  createHash('sha256')
    .update(JSON.stringify([on, run, event, command, given]))
    .digest('hex')
    .slice(0, 16)

/** The route that made a run, if it is still there and still the same. */
export const routeOf = (
  routes: readonly Route[],
  plan: { readonly route: string; readonly routeIs?: string },
): Route | undefined => routes.find(({ id, config }) => id === plan.route && fingerprintOf(config) === plan.routeIs)

/** Who may take a route. Undefined: this one may. */
export function whyNotAllowed({ config }: Route, { facts }: Pick<Trigger, 'facts'>): string | undefined {
  const { users, channels, associations, userGroups, teams } = config.allow ?? {}
  const people = [users, associations, userGroups, teams].some((list) => list !== undefined)
  const known =
    isNamed(users, facts) ||
    (facts.association !== undefined && associations?.includes(facts.association)) ||
    groupsOf(config).some((group) => facts.groups?.includes(group))
  if (people && !known) return 'this is not open to you'
  if (channels !== undefined && (facts.channel === undefined || !channels.includes(facts.channel)))
    return 'this is not open in this channel'
  return undefined
}

/** GitHub's logins are the same in any case, and Slack's ids have one. */
const isNamed = (names: readonly string[] | undefined, { user }: Facts): boolean =>
  user !== undefined && names?.some((name) => equalIgnoringCase(name, user)) === true

export const equalIgnoringCase = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

const groupsOf = ({ allow = {} }: { readonly allow?: AllowConfig }): readonly string[] => [
  ...(allow.userGroups ?? []),
  ...(allow.teams ?? []),
]

/** May this one say yes to a run of the route? */
export const mayApprove = ({ config }: Route, { facts }: Pick<Trigger, 'facts'>): boolean =>
  isNamed(config.approval?.from, facts) ||
  (config.approval?.from ?? []).some((group) => facts.groups?.includes(group) === true)

/**
 * What the sender must be asked before these routes can decide. Whoever is named in person, or by what the delivery says, is in no
 * question.
 */
export function lookupFor(
  routes: readonly Route[],
  { facts, incomplete }: Pick<Trigger, 'facts' | 'incomplete'>,
): Lookup {
  const unsure = routes.filter((route) => whyNotAllowed(route, { facts }) !== undefined)
  return {
    paths:
      (facts.paths === 'unknown' || incomplete === true) && routes.some(({ config }) => config.paths !== undefined),
    groups: [...new Set(unsure.flatMap(({ config }) => groupsOf(config)))],
  }
}

/** Whether a command is known here: others may listen for theirs in the same place. */
export const hasCommandRoute = (routes: readonly Route[], source: string, facts: Facts): boolean =>
  commandRoutes(routes, source, facts).length > 0

const commandRoutes = (routes: readonly Route[], source: string, { command, repository }: Facts): readonly Route[] =>
  routes.filter(
    ({ config }) =>
      config.on === source &&
      command !== undefined &&
      config.command?.includes(command) === true &&
      globRefusal('repositories', config.repositories, repository) === undefined,
  )

/** Whether this one may have anything to do with the command, as far as is known without asking anybody: to all others it is not there. */
export const mayUseCommand = (routes: readonly Route[], source: string, asking: Pick<Trigger, 'facts'>): boolean =>
  commandRoutes(routes, source, asking.facts).some(
    (route) =>
      whyNotAllowed(route, asking) === undefined ||
      isNamed(route.config.approval?.from, asking.facts) ||
      [...groupsOf(route.config), ...(route.config.approval?.from ?? [])].length > (asking.facts.groups?.length ?? 0),
  )

/** Whether a route may take a delivery, by what is known of it without asking anybody. */
export const couldMatch = ({ config }: Route, source: string, { facts, incomplete }: Trigger): boolean =>
  config.on === source &&
  oneOf('event', config.event, facts.events) === undefined &&
  oneOf('command', config.command, facts.command === undefined ? [] : [facts.command]) === undefined &&
  globRefusal('repositories', config.repositories, facts.repository) === undefined &&
  (incomplete === true || (refRefusal(config, facts) ?? forkRefusal(config, facts)) === undefined)
