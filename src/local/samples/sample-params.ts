/** Values for the parameters of a task. */
import type { SourceConfig } from '../../core/adapter.ts'
import type { Config, RouteConfig } from '../../core/model/config.ts'
import type { Param } from '../../core/model/param.ts'

export const routesOf = (config: Config, source: SourceConfig): readonly RouteConfig[] =>
  config.routes.filter(({ on }) => on === source.name)

/** A value for each required parameter that the route does not set. Default: the first route of the source. */
export function sampleParams(
  config: Config,
  source: SourceConfig,
  route: RouteConfig | undefined = routesOf(config, source)[0],
): Readonly<Record<string, unknown>> {
  const params = Object.entries(config.tasks[route?.run ?? '']?.params ?? {})
  const missing = params.filter(
    ([name, param]) => param.required && (source.adapter === 'hmac' || route?.with?.[name] === undefined),
  )
  return Object.fromEntries(missing.map(([name, param]) => [name, sampleValue(name, param)]))
}

/** `dataset=sales depth=3` */
export const paramsText = (params: Readonly<Record<string, unknown>>): string =>
  Object.entries(params)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')

function sampleValue(name: string, param: Param): unknown {
  switch (param.type) {
    case 'boolean':
      return true
    case 'string':
      return param.enum?.[0] ?? name
    default:
      return param.min ?? param.max ?? 1
  }
}
