/** Reads the webhooks of an OpenAPI document of @octokit/openapi-webhooks. Pure. */
import type { Operation, Shape } from './github-schema.ts'

type Json = { readonly [key: string]: unknown }

const at = (value: unknown, ...keys: readonly string[]): unknown =>
  keys.reduce<unknown>((inner, key) => (inner as Json | null | undefined)?.[key], value)
const listAt = (value: unknown, key: string): readonly unknown[] => {
  const list = at(value, key)
  return Array.isArray(list) ? list : []
}

export const openApiOperations = (document: unknown): Operation[] =>
  Object.values(at(document, 'webhooks') as Json).map((hook) => {
    const { operationId, externalDocs } = at(hook, 'post') as Json
    const schema = at(hook, 'post', 'requestBody', 'content', 'application/json', 'schema')
    const event = /#(\w+)$/.exec(String(at(externalDocs, 'url')))?.[1]
    return { id: String(operationId), ...(event !== undefined && { event }), payload: shapesOf(document, schema) }
  })

/** The schema and, if it is one of several, each of them. */
function shapesOf(document: unknown, schema: unknown, seen: readonly string[] = []): readonly Shape[] {
  const reference = at(schema, '$ref')
  if (typeof reference === 'string') {
    if (seen.includes(reference)) return []
    return shapesOf(document, at(document, ...reference.slice(2).split('/')), [...seen, reference])
  }
  const { properties = {}, items, type, enum: constants } = (schema ?? {}) as Json
  const required = listAt(schema, 'required')
  return [
    {
      keys: Object.fromEntries(
        Object.entries(properties as Json).map(([key, value]) => [
          key,
          { required: required.includes(key), shape: () => shapesOf(document, value, seen) },
        ]),
      ),
      items: () => (items === undefined ? [] : shapesOf(document, items, seen)),
      isText: [type].flat().includes('string'),
      constants: Array.isArray(constants) ? constants.map(String) : [],
    },
    ...['oneOf', 'anyOf', 'allOf'].flatMap((key) =>
      listAt(schema, key).flatMap((each) => shapesOf(document, each, seen)),
    ),
  ]
}
