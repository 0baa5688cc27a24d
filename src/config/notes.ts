/** What is valid in a config, but probably a mistake. `taskhook check` prints it; nothing depends on it. */
import type { Config, RouteConfig } from '../core/model/config.ts'
import { didYouMean } from '../core/text/suggest.ts'
import type { AdapterSpec, AdapterSpecs } from './spec.ts'

export function notesOn(config: Config, specs: AdapterSpecs): readonly string[] {
  const { sources, tasks, routes } = config
  return [
    ...Object.keys(tasks)
      .filter((task) => !routes.some(({ run }) => run === task))
      .map((task) => `no route runs the task ${task}`),
    ...sharedSecrets(sources).map(
      ({ reference, names }) => `${names.join(' and ')} share ${reference}, so each accepts the other's deliveries`,
    ),
    ...Object.keys(sources)
      .filter((source) => !routes.some(({ on }) => on === source))
      .map((source) => `no route uses the source ${source}`),
    ...Object.values(sources).flatMap((source) => specs[source.adapter]?.notes?.(source) ?? []),
    ...routes.flatMap((route) => routeNotes(route, config, specs)),
  ]
}

/** About one route, with its id. */
export function routeNotes(route: RouteConfig, { sources }: Config, specs: AdapterSpecs): readonly string[] {
  const source = sources[route.on]
  const spec = source === undefined ? undefined : specs[source.adapter]
  if (source === undefined || spec === undefined) return []
  const notes = [...eventNotes(route, spec), ...(spec.routeNotes?.(route, source) ?? [])]
  return notes.map((note) => `route ${route.id}: ${note}`)
}

/** Senders add events, so an event that is not known is no error. */
function eventNotes({ event = [] }: RouteConfig, { events, isKnownEvent, title }: AdapterSpec): readonly string[] {
  if (events === undefined) return []
  return event
    .filter((name) => !events.includes(name) && isKnownEvent?.(name) !== true)
    .map((name) => `"${name}" is not a ${title} event that taskhook knows${suggestion(name, events)}`)
}

function suggestion(name: string, events: readonly string[]): string {
  const [head = '', action] = name.split('.')
  const actions = events.filter((known) => known.startsWith(`${head}.`)).map((known) => known.slice(head.length + 1))
  const choices = action !== undefined && actions.length > 0 ? `; ${head} has ${actions.join(', ')}` : ''
  return didYouMean(name, events) || choices
}

/** Secret references that more than one source has. */
function sharedSecrets(sources: Config['sources']) {
  const references = Object.values(sources).flatMap(({ name, secret }) =>
    secret.map((reference) => ({ name, reference })),
  )
  const byReference = Map.groupBy(references, ({ reference }) => reference)
  return [...byReference]
    .map(([reference, uses]) => ({ reference, names: [...new Set(uses.map(({ name }) => name))] }))
    .filter(({ names }) => names.length > 1)
}
