/** Which routes a trigger takes, and why it does not take the others. Pure. */
import { createHash } from 'node:crypto'
import picomatch from 'picomatch'
import type { Facts, Json, Trigger } from './adapter.ts'
import type { RouteConfig } from './config/types.ts'
import { messageOf } from './errors.ts'
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
export function judge(route: Route, source: string, trigger: Trigger): Verdict {
  const no = refusal(route, source, trigger)
  return { route: route.id, matched: no === undefined, because: no ?? 'every filter matched' }
}

function refusal({ config, condition }: Route, source: string, trigger: Trigger): string | undefined {
  const { facts } = trigger
  if (config.on !== source) return `on: ${source} is not ${config.on}`
  return (
    oneOf('event', config.event, facts.events) ??
    oneOf('command', config.command, facts.command === undefined ? [] : [facts.command]) ??
    refRefusal(config, facts) ??
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

function globRefusal(
  filter: string,
  globs: readonly string[] | undefined,
  value: string | undefined,
): string | undefined {
  if (globs === undefined) return undefined
  if (value !== undefined && matchesGlobs(globs, value)) return undefined
  return `${filter}: ${value === undefined ? 'none' : `"${value}"`} does not match ${list(globs)}`
}

/** One changed file that matches is enough. A list that the sender capped says nothing, and nothing must be missed: it matches. */
function pathsRefusal(globs: readonly string[] | undefined, paths: Facts['paths']): string | undefined {
  if (globs === undefined || paths === 'unknown') return undefined
  if (paths?.some((path) => matchesGlobs(globs, path))) return undefined
  return `paths: none of ${paths?.length ?? 0} changed files matches ${list(globs)}`
}

/** Compiled once: a push of thousands of files asks thousands of times. Globs come from the config alone, so these are few. */
const matchers = new Map<string, (value: string) => boolean>()

function matcherOf(glob: string): (value: string) => boolean {
  const known = matchers.get(glob)
  if (known !== undefined) return known
  const made = picomatch(glob, { dot: true, nonegate: true })
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

/** Who may take a route. Undefined: this one may. */
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

export function notAllowed({ config }: Route, { facts }: Pick<Trigger, 'facts'>): string | undefined {
  const { users, channels } = config.allow ?? {}
  if (users !== undefined && (facts.user === undefined || !users.includes(facts.user))) return 'this is not open to you'
  if (channels !== undefined && (facts.channel === undefined || !channels.includes(facts.channel)))
    return 'this is not open in this channel'
  return undefined
}
