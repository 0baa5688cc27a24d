/** `taskhook.yaml` → Config: every problem in one answer, each with its path, line and mend. */
import * as v from 'valibot'
import { LineCounter, parseDocument } from 'yaml'
import type { Json, SourceConfig } from '../core/adapter.ts'
import { messageOf, type Problem } from '../core/errors.ts'
import { type Config, configVersion, type RouteConfig, routeIds, type TaskConfig } from '../core/model/config.ts'
import { freezeDeep } from '../core/model/freeze.ts'
import type { Param, ParamDeclarations } from '../core/model/param.ts'
import { isUnknownKey, secondsOf } from './fields.ts'
import { type RawLimits, toLimits } from './rate-limit-schema.ts'
import { configSchema, type RawConfig, type RawRoute, type RawTask } from './schema.ts'
import { checkSemantics } from './semantic-checks.ts'
import type { AdapterSpecs } from './spec.ts'

export interface ConfigProblem extends Problem {
  /** Line in the YAML, from 1; absent where there is none. */
  readonly line?: number
}

/** The config cannot be used. `problems` holds all that is wrong with it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly ConfigProblem[]

  /** @param file named in front of each line number */
  constructor(problems: readonly ConfigProblem[], file = 'taskhook.yaml') {
    const lines = problems.map(
      ({ line, path, message }) =>
        `  ${file}${line === undefined ? '' : `:${line}`}  ${path === '' ? '' : `${path}: `}${message}`,
    )
    super(`${problems.length === 1 ? '1 problem' : `${problems.length} problems`} in ${file}\n${lines.join('\n')}`)
    this.problems = problems
  }
}

type Path = readonly (string | number)[]

/** `routes[2].event` */
export const pathText = (path: Path): string =>
  path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    '',
  )

/**
 * @param yaml the text of `taskhook.yaml`
 * @param specs the adapters that its sources may name
 * @throws {ConfigError}
 */
export function compileConfig(yaml: string, specs: AdapterSpecs, file?: string): Config {
  const lines = new LineCounter()
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false, merge: true })
  if (document.errors.length > 0) {
    throw new ConfigError(
      document.errors.map((error) => ({ path: '', message: error.message, line: lines.linePos(error.pos[0]).line })),
      file,
    )
  }
  const lineOf = (path: Path): { line?: number } => {
    for (let depth = path.length; depth >= 0; depth--) {
      const at = positionOf(document, path.slice(0, depth))
      if (at !== undefined) return { line: lines.linePos(at).line }
    }
    return {}
  }
  const problem = (path: Path, message: string): ConfigProblem => ({ path: pathText(path), message, ...lineOf(path) })

  const raw = resolveAliases(document, file)
  const schema = configSchema(specs)
  const shape = v.safeParse(schema, raw)
  const shapeProblems = issuesOf(schema, raw)
    .flatMap(innermost)
    .map(({ path, message }) => problem(path, message))
  // What the shape says nothing about is checked as far as the shape allows, so that one run of `check` tells everything.
  const meaning = checkSemantics(raw, specs).map(({ path, message }) => problem(path, message))
  const problems = uniqueByPath([...shapeProblems, ...meaning])
  if (problems.length > 0 || !shape.success) {
    throw new ConfigError(
      [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0)),
      file,
    )
  }
  return freezeDeep(toConfig(shape.output as RawConfig, specs))
}

/** Aliases are resolved here, so here is where they lead nowhere or multiply without end. */
function resolveAliases(document: ReturnType<typeof parseDocument>, file?: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 }) ?? {}
  } catch (error) {
    throw new ConfigError([{ path: '', message: messageOf(error) }], file)
  }
}

/** Valibot names one unknown key of each mapping, so what it has named is taken out and the rest is looked at again. */
function issuesOf(schema: ReturnType<typeof configSchema>, raw: unknown): v.BaseIssue<unknown>[] {
  const input = structuredClone(raw)
  const issues: v.BaseIssue<unknown>[] = []
  for (let found = v.safeParse(schema, input).issues; found !== undefined; found = v.safeParse(schema, input).issues) {
    issues.push(...found)
    const unknown = found.flatMap((issue) => (isUnknownKey(issue) ? (issue.path?.at(-1) ?? []) : []))
    if (unknown.length === 0) break
    for (const { input: mapping, key } of unknown) Reflect.deleteProperty(mapping as object, key as string)
  }
  return issues
}

/** Of a union of a name and a mapping, where a mapping was given, what is wrong inside it says more than "neither". */
function innermost(issue: v.BaseIssue<unknown>): { path: Path; message: string }[] {
  const inside = issue.type === 'union' ? (issue.issues ?? []).filter(({ path }) => path !== undefined) : []
  if (inside.length === 0) return [{ path: pathOf(issue), message: issue.message }]
  return inside.flatMap(innermost).map(({ path, message }) => ({ path: [...pathOf(issue), ...path], message }))
}

const pathOf = (issue: v.BaseIssue<unknown>): Path =>
  (issue.path ?? []).map(({ key }) => (typeof key === 'number' ? key : String(key)))

const uniqueByPath = (problems: readonly ConfigProblem[]): ConfigProblem[] => [
  ...new Map(problems.map((problem) => [`${problem.path}\n${problem.message}`, problem])).values(),
]

/** Where a key stands; its value where it has no key (a list's item). */
function positionOf(document: ReturnType<typeof parseDocument>, path: Path): number | undefined {
  if (path.length === 0) return undefined
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true)
  const last = path[path.length - 1]
  const items = (parent as { items?: readonly unknown[] } | null | undefined)?.items
  for (const item of items ?? []) {
    const { key } = item as { key?: { value?: unknown; range?: readonly number[] } }
    if (key?.value === last) return key?.range?.[0]
  }
  return (document.getIn(path, true) as { range?: readonly number[] } | undefined)?.range?.[0]
}

function toConfig(raw: RawConfig, specs: AdapterSpecs): Config {
  return {
    version: configVersion,
    sources: Object.fromEntries(
      Object.entries(raw.sources).map(([name, source]) => [
        name,
        toSource(name, source as Record<string, unknown>, specs, raw.routes),
      ]),
    ),
    tasks: Object.fromEntries(Object.entries(raw.tasks).map(([name, task]) => [name, toTask(name, task)])),
    routes: toRoutes(raw, specs),
  }
}

const listed = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T]

function toSource(
  name: string,
  { adapter, previousSecretFor, limits, ...rest }: Record<string, unknown>,
  specs: AdapterSpecs,
  routes: readonly RawRoute[],
): SourceConfig {
  const spec = specs[String(adapter)]
  const tokens = (spec?.tokens ?? []).filter((key) => rest[key] !== undefined)
  const ownRoutes = routes.filter(({ on }) => on === name)
  const receiveTokens = spec?.receiveTokens?.(rest, ownRoutes) ?? []
  const options = Object.entries(rest).filter(([key]) => key !== spec?.secret && !tokens.includes(key))
  return {
    name,
    adapter: String(adapter),
    secret: listed(rest[spec?.secret ?? ''] as string | string[]),
    tokens: Object.fromEntries(tokens.map((key) => [key, listed(rest[key] as string | string[])])),
    options: Object.fromEntries(options) as Record<string, Json>,
    ...(previousSecretFor !== undefined && { previousSecretFor: secondsOf(String(previousSecretFor)) }),
    ...(receiveTokens.length > 0 && { receiveTokens }),
    ...(limits !== undefined && { limits: toLimits(limits as RawLimits) }),
  }
}

function toTask(name: string, { timeout, startWithin, params, concurrency, ...task }: RawTask): TaskConfig {
  return {
    ...task,
    name,
    assignPublicIp: task.assignPublicIp ?? 'DISABLED',
    capacity: task.capacity ?? ['FARGATE'],
    ...(timeout !== undefined && { timeout: secondsOf(timeout) }),
    ...(startWithin !== undefined && { startWithin: secondsOf(startWithin) }),
    ...(concurrency !== undefined && {
      concurrency: { group: '', limit: 1, whenFull: 'queue', ...concurrency },
    }),
    params: toParams(params ?? {}),
  } as TaskConfig
}

export const envNameOf = (name: string, declared?: string): string =>
  declared ?? name.toUpperCase().replaceAll('-', '_')

const toParams = (params: NonNullable<RawTask['params']>): ParamDeclarations =>
  Object.fromEntries(
    Object.entries(params).map(([name, param]) => [name, { ...param, env: envNameOf(name, param.env) } as Param]),
  )

function toRoutes({ routes, sources }: RawConfig, specs: AdapterSpecs): RouteConfig[] {
  const ids = routeIds(routes)
  return routes.map((written, at) => {
    const spec = specs[String((sources[written.on] as { adapter?: unknown } | undefined)?.adapter)]
    const full = { ...spec?.routeDefaults?.(written), ...written } as RawRoute
    const { name: _, event, command, branches, tags, paths, repositories, allow, approval, ...route } = full
    const lists = { event, command, branches, tags, paths, repositories }
    return {
      ...route,
      id: ids[at],
      ...Object.fromEntries(
        Object.entries(lists).flatMap(([key, value]) => (value === undefined ? [] : [[key, listed(value)]])),
      ),
      ...(allow !== undefined && {
        allow: Object.fromEntries(Object.entries(allow).map(([key, value]) => [key, listed(value)])),
      }),
      ...(approval !== undefined && {
        approval: { from: listed(approval.from), expires: secondsOf(approval.expires ?? '24h') },
      }),
    } as RouteConfig
  })
}
