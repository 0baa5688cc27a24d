/** What the routes of a source do with a delivery, in Markdown. */
import { schemeOf } from '../adapters/hmac/schemes.ts'
import type { Json, SourceConfig } from '../core/adapter.ts'
import type { RouteConfig } from '../core/model/config.ts'

export function describeRoutes(routes: readonly RouteConfig[], source: SourceConfig): string {
  if (routes.length === 0) return 'This source has no route yet, so every delivery is ignored.'
  const [first, ...others] = routes.map(describeRoute)
  const runs =
    others.length === 0
      ? [`Runs ${first}.`]
      : ['Every route that matches runs its task:', '', ...[first, ...others].map((route) => `- ${route}`)]
  return [...runs, ...describeEvent(routes, source)].join('\n')
}

function describeEvent(routes: readonly RouteConfig[], source: SourceConfig): string[] {
  const { event } = schemeOf(source.options)
  if (event === undefined || routes.every((route) => route.event === undefined)) return []
  const where = event.body !== undefined ? `\`${event.body}\` of the body` : `the header \`${event.header}\``
  return ['', `The name of the event is in ${where}.`]
}

function describeRoute({ run, event, if: condition, with: computed }: RouteConfig): string {
  const events = event === undefined ? '' : `, for ${event.map((name) => `\`${name}\``).join(' or ')}`
  const when = condition === undefined ? '' : `, if \`${condition}\``
  const params = computed === undefined ? 'the body contains its parameters' : describeComputed(computed)
  return `\`${run}\`${events}${when}: ${params}`
}

function describeComputed(computed: Readonly<Record<string, Json>>): string {
  const params = Object.entries(computed).map(([name, value]) =>
    // A constant may be internal to the config. An expression shows which part of the body the sender must fill in.
    typeof value === 'string' && value.includes('${')
      ? `\`${name}\` is \`${value}\``
      : `\`${name}\` is set by the route`,
  )
  return `the body may be any JSON object; ${params.length === 0 ? 'no parameter comes from it' : params.join(', ')}`
}
