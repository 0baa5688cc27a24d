/** The schema of a delivery's body: the parameters of the tasks that its routes run, or any object if a route has `with`. */
import { schemeOf } from '../adapters/hmac/schemes.ts'
import { maxElements } from '../adapters/hmac/translate.ts'
import type { SourceConfig } from '../core/adapter.ts'
import type { Config, TaskConfig } from '../core/model/config.ts'
import { jsonContent, type RequestBody, type Schema, schemaRef } from './openapi-types.ts'
import { paramsSchema } from './param-schema.ts'

const callbackUrl: Schema = {
  type: 'string',
  format: 'uri',
  maxLength: 2000,
  description: 'Where to post each change of the status: an HTTPS URL on an allowed host.',
}

/** Whether a delivery may contain its own `callbackUrl`. */
export const acceptsCallbackUrl = ({ options }: SourceConfig): boolean => options.callbackHosts !== undefined

const paramsName = (task: string): string => `${task}Params`
const requestName = (task: string): string => `${task}Request`

/** Two schemas per task: its parameters, and its parameters with `callbackUrl`. */
export const taskSchemas = (tasks: readonly TaskConfig[]): Readonly<Record<string, Schema>> =>
  Object.fromEntries(
    tasks.flatMap((task) => [
      [paramsName(task.name), paramsSchema(task)],
      [requestName(task.name), paramsSchema(task, { callbackUrl })],
    ]),
  )

export function deliveryBody({ routes }: Config, source: SourceConfig): RequestBody {
  const hasCallbackUrl = acceptsCallbackUrl(source)
  const ofRoutes = routes
    .filter(({ on }) => on === source.name)
    .map((route): Schema => {
      if (route.with === undefined) return schemaRef(hasCallbackUrl ? requestName(route.run) : paramsName(route.run))
      return { type: 'object', ...(hasCallbackUrl && { properties: { callbackUrl } }) }
    })
  const schemas = [...new Map(ofRoutes.map((schema) => [JSON.stringify(schema), schema])).values()]
  const [only = { type: 'object' }, ...others] = schemas
  const schema: Schema = others.length === 0 ? only : { anyOf: schemas }
  const { each } = schemeOf(source.options)
  if (each !== undefined) return { required: true, content: jsonContent(batchSchema(each, schema)) }
  return {
    required: true,
    content: { 'application/json': { schema }, 'application/x-www-form-urlencoded': { schema } },
  }
}

/** A list of deliveries at a path of the body. `.`: the body itself. */
function batchSchema(path: string, element: Schema): Schema {
  const list: Schema = { type: 'array', items: element, maxItems: maxElements }
  if (path === '.') return list
  return path
    .split('.')
    .reduceRight<Schema>((inner, key) => ({ type: 'object', required: [key], properties: { [key]: inner } }), list)
}
