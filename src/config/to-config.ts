/** Turns the validated content of `taskhook.yaml` into the compiled config: defaults, lists, seconds, ids. */

import { type Config, configVersion, type RouteConfig, routeIds, type TaskConfig } from '../core/model/config.ts'
import type { Json } from '../core/model/json.ts'
import type { Param, ParamDeclarations } from '../core/model/param.ts'
import type { SourceConfig } from '../core/model/source-config.ts'
import { secondsOf } from './duration.ts'
import { envNameOf } from './env-names.ts'
import { type RawLimits, toLimits } from './rate-limit-schema.ts'
import type { RawConfig, RawRoute, RawTask } from './schema.ts'
import type { AdapterSpecs } from './spec.ts'

export const toConfig = (raw: RawConfig, specs: AdapterSpecs): Config => ({
  version: configVersion,
  sources: Object.fromEntries(
    Object.entries(raw.sources).map(([name, source]) => [
      name,
      toSource(name, source as Record<string, unknown>, specs, raw.routes),
    ]),
  ),
  tasks: Object.fromEntries(Object.entries(raw.tasks).map(([name, task]) => [name, toTask(name, task)])),
  routes: toRoutes(raw, specs),
})

const toList = <T>(value: T | readonly T[] | undefined): readonly T[] =>
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
    secret: toList(rest[spec?.secret ?? ''] as string | string[]),
    tokens: Object.fromEntries(tokens.map((key) => [key, toList(rest[key] as string | string[])])),
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

const toParams = (params: NonNullable<RawTask['params']>): ParamDeclarations =>
  Object.fromEntries(
    Object.entries(params).map(([name, param]) => [name, { ...param, env: param.env ?? envNameOf(name) } as Param]),
  )

function toRoutes({ routes, sources }: RawConfig, specs: AdapterSpecs): RouteConfig[] {
  const ids = routeIds(routes)
  return routes.map((written, at) => {
    const spec = specs[String((sources[written.on] as { adapter?: unknown } | undefined)?.adapter)]
    return toRoute({ ...spec?.routeDefaults?.(written), ...written } as RawRoute, ids[at] ?? '')
  })
}

function toRoute(raw: RawRoute, id: string): RouteConfig {
  const { name: _, event, command, branches, tags, paths, repositories, allow, approval, ...route } = raw
  const lists = { event, command, branches, tags, paths, repositories }
  return {
    ...route,
    id,
    ...Object.fromEntries(
      Object.entries(lists).flatMap(([key, value]) => (value === undefined ? [] : [[key, toList(value)]])),
    ),
    ...(allow !== undefined && {
      allow: Object.fromEntries(Object.entries(allow).map(([key, value]) => [key, toList(value)])),
    }),
    ...(approval !== undefined && {
      approval: { from: toList(approval.from), expires: secondsOf(approval.expires ?? '24h') },
    }),
  } as RouteConfig
}
