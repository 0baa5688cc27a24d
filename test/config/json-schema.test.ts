import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { configJsonSchema } from '../../src/config/json-schema.ts'
import { whole } from './whole.ts'

type Schema = boolean | { readonly [key: string]: unknown }

/** The part of JSON Schema that the config's schema uses. An unknown keyword fails the test, so none is ignored. */
function errorsOf(schema: Schema, value: unknown, path = '$'): string[] {
  if (schema === true) return []
  if (schema === false) return [`${path}: not allowed`]
  return Object.entries(schema).flatMap(([keyword, rule]) => {
    const check = keywords[keyword]
    if (check === undefined) throw new Error(`the schema uses ${keyword}, which this test does not know`)
    return check(rule as never, value, path, schema)
  })
}

type Check = (rule: never, value: unknown, path: string, schema: { readonly [key: string]: unknown }) => string[]
const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const typeOf = (value: unknown) =>
  Array.isArray(value) ? 'array' : value === null ? 'null' : Number.isInteger(value) ? 'integer' : typeof value
const when = (wrong: boolean, path: string, what: string) => (wrong ? [`${path}: ${what}`] : [])
const about = (): string[] => []

const keywords: Record<string, Check> = {
  $schema: about,
  title: about,
  description: about,
  type: (type: string, value, path) =>
    when(typeOf(value) !== type && !(type === 'number' && typeOf(value) === 'integer'), path, `not ${type}`),
  const: (wanted: unknown, value, path) => when(value !== wanted, path, `not ${wanted}`),
  enum: (wanted: unknown[], value, path) => when(!wanted.includes(value), path, 'not in enum'),
  pattern: (pattern: string, value, path) =>
    when(typeof value === 'string' && !new RegExp(pattern, 'u').test(value), path, `not ${pattern}`),
  format: about,
  minLength: (min: number, value, path) => when(typeof value === 'string' && value.length < min, path, 'too short'),
  minimum: (min: number, value, path) => when(typeof value === 'number' && value < min, path, 'too small'),
  maximum: (max: number, value, path) => when(typeof value === 'number' && value > max, path, 'too large'),
  minItems: (min: number, value, path) => when(Array.isArray(value) && value.length < min, path, 'too few'),
  maxItems: (max: number, value, path) => when(Array.isArray(value) && value.length > max, path, 'too many'),
  items: (items: Schema, value, path) =>
    Array.isArray(value) ? value.flatMap((item, at) => errorsOf(items, item, `${path}[${at}]`)) : [],
  required: (names: string[], value, path) =>
    names.flatMap((name) => when(isMapping(value) && !Object.hasOwn(value, name), path, `no ${name}`)),
  properties: (properties: Record<string, Schema>, value, path) =>
    isMapping(value)
      ? Object.entries(value).flatMap(([key, inner]) =>
          Object.hasOwn(properties, key) ? errorsOf(properties[key] ?? false, inner, `${path}.${key}`) : [],
        )
      : [],
  additionalProperties: (rest: Schema, value, path, { properties = {} }) =>
    isMapping(value)
      ? Object.entries(value).flatMap(([key, inner]) =>
          Object.hasOwn(properties as object, key) ? [] : errorsOf(rest, inner, `${path}.${key}`),
        )
      : [],
  propertyNames: (names: Schema, value, path) =>
    isMapping(value) ? Object.keys(value).flatMap((key) => errorsOf(names, key, `${path}.${key}`)) : [],
  anyOf: (options: Schema[], value, path) =>
    when(!options.some((option) => errorsOf(option, value, path).length === 0), path, 'fits none'),
  oneOf: (options: Schema[], value, path) =>
    when(options.filter((option) => errorsOf(option, value, path).length === 0).length !== 1, path, 'fits none'),
  allOf: (all: Schema[], value, path) => all.flatMap((one) => errorsOf(one, value, path)),
}

describe('the JSON Schema', () => {
  const schema = configJsonSchema(builtinSpecs)

  it('is JSON, and names its draft', () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema)
    expect(schema).toMatchObject({
      title: 'taskhook.yaml',
      $schema: expect.stringContaining('json-schema.org'),
      type: 'object',
    })
  })

  it('accepts the example', () => {
    expect(errorsOf(schema, parse(whole))).toEqual([])
  })

  it.each<[string, (config: Record<string, Record<string, Record<string, unknown>>>) => void]>([
    ['an unknown key', (config) => Object.assign(config, { extra: 1 })],
    ['an unknown key of a task', (config) => Object.assign(config.tasks?.analyze ?? {}, { clustre: 'x' })],
    ['no tasks', (config) => delete config.tasks],
    ['no cluster', (config) => delete config.tasks?.analyze?.cluster],
    ['a number for a cluster', (config) => Object.assign(config.tasks?.analyze ?? {}, { cluster: 3 })],
    ['an invalid time', (config) => Object.assign(config.tasks?.analyze ?? {}, { timeout: 'soon' })],
    ['an unknown adapter', (config) => Object.assign(config.sources?.github ?? {}, { adapter: 'gihtub' })],
    [
      'a secret in place of a reference',
      (config) => Object.assign(config.sources?.github ?? {}, { secret: 'hunter2' }),
    ],
    [
      'an unknown type of parameter',
      (config) => Object.assign(config.tasks?.analyze ?? {}, { params: { x: { type: 'strng' } } }),
    ],
    ['no subnets', (config) => Object.assign(config.tasks?.analyze ?? {}, { subnets: [] })],
    ['a route without a task', (config) => Object.assign(config, { routes: [{ on: 'github' }] })],
    ['no routes', (config) => Object.assign(config, { routes: [] })],
  ])('rejects %s', (_, spoil) => {
    const config = parse(whole)
    spoil(config)
    expect(errorsOf(schema, config)).not.toEqual([])
  })

  it('describes the keys of a task, for editors', () => {
    const task = (schema as { properties: { tasks: { additionalProperties: { properties: Record<string, object> } } } })
      .properties.tasks.additionalProperties.properties
    expect(Object.keys(task)).toEqual(
      expect.arrayContaining(['cluster', 'taskDefinition', 'subnets', 'params', 'timeout']),
    )
    expect(task.cluster).toHaveProperty('description')
  })
})
