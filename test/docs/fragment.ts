/** A piece of a config, as documents show it, put into a whole that is as small as can be. */
import { parse } from 'yaml'

type Mapping = Readonly<Record<string, unknown>>

interface Route extends Mapping {
  readonly on: string
  readonly run: string
  readonly with?: Mapping
}

const keys = new Set(['sources', 'tasks', 'routes', 'params', 'scheme', 'event'])

export const isWhole = (text: string): boolean => {
  const config = (parse(text) ?? {}) as Mapping
  return ['sources', 'tasks', 'routes'].every((key) => key in config)
}

/**
 * @returns the text of a config; what the fragment says stands in it unchanged, the rest is made up to fit
 * @throws {Error} where it holds something that is not of a config
 */
export function wholeOf(text: string): string {
  const fragment = (parse(text) ?? {}) as Mapping
  const foreign = Object.keys(fragment).filter((key) => !keys.has(key))
  if (foreign.length > 0) throw new Error(`not of a config: ${foreign.join(', ')}`)
  const { params, scheme, event } = fragment
  const given = fragment.routes as readonly Route[] | undefined
  const sources = {
    ...Object.fromEntries((given ?? []).map(({ on }) => [on, sourceNamed(on)])),
    ...(scheme !== undefined && { own: { adapter: 'hmac', secret: 'env:OWN', scheme, event } }),
    ...(fragment.sources as Mapping | undefined),
  }
  if (Object.keys(sources).length === 0) Object.assign(sources, { shop: sourceNamed('shop') })
  const routes = given ?? Object.entries(sources).map(([on, source]) => routeFor(on, source))
  const tasks = Object.fromEntries(routes.map(({ run }) => [run, taskFor(run, routes, params)]))
  return JSON.stringify({ sources, tasks: { ...tasks, ...(fragment.tasks as Mapping | undefined) }, routes })
}

function sourceNamed(name: string): Mapping {
  if (name === 'slack') return { adapter: 'slack', signingSecret: 'env:SLACK' }
  if (name === 'github') return { adapter: 'github', secret: 'env:GITHUB' }
  return { adapter: 'hmac', scheme: 'standard-webhooks', secret: 'env:OTHER' }
}

const routeFor = (on: string, source: unknown): Route => ({
  on,
  run: 'analyze',
  ...((source as { adapter?: unknown }).adapter === 'slack' && { command: '/analyze' }),
})

/** It takes what the routes set. */
function taskFor(run: string, routes: readonly Route[], params: unknown): Mapping {
  const set = routes.filter((route) => route.run === run).flatMap((route) => Object.keys(route.with ?? {}))
  const declared = params ?? Object.fromEntries(set.map((name) => [name, { type: 'string' }]))
  return { cluster: 'c', taskDefinition: 't', container: 'app', subnets: ['s'], params: declared }
}
