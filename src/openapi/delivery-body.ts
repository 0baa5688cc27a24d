/** What the body of a delivery holds: the parameters of the tasks that its routes run, or whatever the routes work them out of. */
import { schemeOf } from '../adapters/hmac/schemes.ts'
import type { Json, SourceConfig } from '../core/adapter.ts'
import type { Config, RouteConfig, TaskConfig } from '../core/model/config.ts'
import { type RequestBody, type Schema, schemaRef } from './openapi-types.ts'
import { paramsSchema } from './params.ts'

const callbackUrl: Schema = {
  type: 'string',
  format: 'uri',
  maxLength: 2000,
  description: 'Where to tell how the run goes: https, on a host that is allowed.',
}

export const takesCallback = ({ options }: SourceConfig): boolean => options.callbackHosts !== undefined

const paramsName = (task: string): string => `${task}Params`
const requestName = (task: string): string => `${task}Request`

/** Of each task two, for sources without and with `callbackUrl`; a document takes those that it refers to. */
export const taskSchemas = (tasks: readonly TaskConfig[]): Readonly<Record<string, Schema>> =>
  Object.fromEntries(
    tasks.flatMap((task) => [
      [paramsName(task.name), paramsSchema(task)],
      [requestName(task.name), paramsSchema(task, { callbackUrl })],
    ]),
  )

export function bodyOf({ routes }: Config, source: SourceConfig): RequestBody {
  const own = routes.filter(({ on }) => on === source.name)
  const callback = takesCallback(source)
  const named = own.map((route): Schema => {
    if (route.with === undefined) return schemaRef(callback ? requestName(route.run) : paramsName(route.run))
    return { type: 'object', ...(callback && { properties: { callbackUrl } }) }
  })
  const schemas = [...new Map(named.map((schema) => [JSON.stringify(schema), schema])).values()]
  const [only = { type: 'object' }, ...others] = schemas
  const schema: Schema = others.length === 0 ? only : { anyOf: schemas }
  return {
    required: true,
    content: { 'application/json': { schema }, 'application/x-www-form-urlencoded': { schema } },
  }
}

/** What becomes of a delivery, route by route, in Markdown. */
export function routesInWords(routes: readonly RouteConfig[], source: SourceConfig): string {
  if (routes.length === 0) return 'No route is for this source yet, so every delivery is ignored.'
  const { event } = schemeOf(source.options)
  const where = event?.body !== undefined ? `\`${event.body}\` of the body` : `the header \`${event?.header}\``
  const asked = event !== undefined && routes.some((route) => route.event !== undefined)
  const [first, ...others] = routes.map(routeInWords)
  const list = ['Every route that matches runs its task:', '', ...[first, ...others].map((route) => `- ${route}`)]
  return [
    ...(others.length === 0 ? [`Runs ${first}.`] : list),
    ...(asked ? ['', `The event is named by ${where}.`] : []),
  ].join('\n')
}

function routeInWords({ run, event, if: condition, with: computed }: RouteConfig): string {
  const events = event === undefined ? '' : `, for ${event.map((name) => `\`${name}\``).join(' or ')}`
  const when = condition === undefined ? '' : `, if \`${condition}\``
  const params = computed === undefined ? 'the keys of the body are its parameters' : computedInWords(computed)
  return `\`${run}\`${events}${when}: ${params}`
}

function computedInWords(computed: Readonly<Record<string, Json>>): string {
  const given = Object.entries(computed).map(([name, value]) =>
    // What it is set to is the config's affair; where it is looked for is the sender's.
    typeof value === 'string' && value.includes('${')
      ? `\`${name}\` is \`${value}\``
      : `\`${name}\` is set by the route`,
  )
  return `the body may be any JSON object; ${given.length === 0 ? 'nothing is taken out of it' : given.join(', ')}`
}
