/** Completes a fragment of a config from the docs to the smallest valid config. */
import { parse } from 'yaml'

type Mapping = Readonly<Record<string, unknown>>

interface Route extends Mapping {
  readonly on: string
  readonly run: string
  readonly with?: Mapping
}

const keys = new Set(['sources', 'tasks', 'routes', 'params', 'scheme', 'event'])

export const isCompleteConfig = (text: string): boolean => {
  const config = (parse(text) ?? {}) as Mapping
  return ['sources', 'tasks', 'routes'].every((key) => key in config)
}

/**
 * @returns the text of a config that contains the fragment unchanged
 * @throws {Error} if the fragment has a key that no config has
 */
export function completeConfig(text: string): string {
  const fragment = (parse(text) ?? {}) as Mapping
  const unknown = Object.keys(fragment).filter((key) => !keys.has(key))
  if (unknown.length > 0) throw new Error(`not a key of a config: ${unknown.join(', ')}`)
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

/** Declares the parameters that the routes set. */
function taskFor(run: string, routes: readonly Route[], params: unknown): Mapping {
  const set = routes.filter((route) => route.run === run).flatMap((route) => Object.keys(route.with ?? {}))
  const declared = params ?? Object.fromEntries(set.map((name) => [name, { type: 'string' }]))
  return { cluster: 'c', taskDefinition: 't', container: 'app', subnets: ['s'], params: declared }
}
