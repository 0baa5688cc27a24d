/** The schemas accept exactly what `resolveParams` and `parseReport` accept. */
import { describe, expect, it } from 'vitest'
import type { Param, ParamDeclarations } from '../../src/core/model/param.ts'
import { parseReport } from '../../src/core/receive/parse-report.ts'
import { resolveParams } from '../../src/core/routing/resolve-params.ts'
import { openApiDocument } from '../../src/openapi/document.ts'
import { randomFrom } from '../adapters/random.ts'
import { compiled, everything, everythingDocument, judgeOf, taskOf } from './document.ts'

const hmac = { name: 'shop', adapter: 'hmac', secret: ['env:S'], tokens: {}, receiveTokens: [] }
const documentFor = (params: ParamDeclarations) =>
  openApiDocument({
    version: 2,
    sources: { shop: { ...hmac, options: { scheme: 'standard-webhooks' } } },
    tasks: { analyze: taskOf(params) },
    routes: [{ id: 'shop/analyze', on: 'shop', run: 'analyze' }],
  })

const body = '#/paths/~1shop/post/requestBody/content/application~1json/schema'
const accepts = (params: ParamDeclarations, values: unknown): boolean =>
  resolveParams(params, { kind: 'object', values: values as Record<string, unknown>, textual: false }).ok

/** A value after it was sent as JSON. */
const overJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

const env = 'X'
const kinds: readonly Param[] = [
  { type: 'string', env },
  { type: 'string', env, pattern: 'b' },
  { type: 'string', env, pattern: '^[a-z0-9_-]{1,64}$', required: true },
  { type: 'string', env, pattern: '^\\p{L}+$', minLength: 2, maxLength: 3 },
  { type: 'string', env, minLength: 1 },
  { type: 'string', env, maxLength: 100_000 },
  { type: 'string', env, enum: ['day', 'week', 'day'], default: 'day' },
  { type: 'string', env, enum: ['day', 'fortnight'], maxLength: 3 },
  { type: 'string', env, secret: true, required: true },
  { type: 'integer', env },
  { type: 'integer', env, min: 1, max: 10, default: 3 },
  { type: 'integer', env, min: 0.5, max: 1e300, required: true },
  { type: 'number', env },
  { type: 'number', env, min: -0.5, max: 1.5 },
  { type: 'number', env, min: Number.NEGATIVE_INFINITY, default: Number.POSITIVE_INFINITY },
  { type: 'boolean', env },
  { type: 'boolean', env, default: false, required: false },
]

const texts = [
  '',
  'a',
  'b',
  'ab',
  'abc',
  'abcd',
  'a-b_9',
  'B',
  'é',
  'éé',
  'day',
  'Day',
  'week',
  'fortnight',
  'ab\n',
  '3',
  'true',
]
const numbers = [0, 1, 10, 11, -1, -0.5, 0.5, 1.5, 1.5001, 2.5, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), 1e300, 3]
const others = [true, false, null, [], ['a'], {}, { a: 1 }]
const values: readonly unknown[] = [...texts, 'x'.repeat(8192), 'x'.repeat(8193), ...numbers, ...others]

describe('a JSON body of parameters', () => {
  it.each(kinds)('%j: the schema and resolveParams accept the same values, and the same empty body', (param) => {
    const judge = judgeOf(documentFor({ x: param }))
    const bodies = [...values.map((value) => ({ x: value })), {}]
    const verdicts = bodies.map((value) => [judge(body, overJson(value)), accepts({ x: param }, overJson(value))])
    expect(bodies.filter((_, at) => verdicts[at]?.[0] !== verdicts[at]?.[1])).toEqual([])
    // Some are accepted and some are rejected, or the comparison would prove nothing.
    expect(new Set(verdicts.map(([schema]) => schema)).size).toBe(2)
  })

  it('the schema and resolveParams agree on random sets of parameters, also with unknown keys', () => {
    const random = randomFrom(31)
    const any = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
    const counts = { accepted: 0, rejected: 0 }
    for (let round = 0; round < 60; round++) {
      const names = ['x', 'y-z', 'constructor_', 'toString'].slice(0, Math.floor(random() * 5))
      const params = Object.fromEntries(names.map((name) => [name, any(kinds)]))
      const judge = judgeOf(documentFor(params))
      for (let delivery = 0; delivery < 20; delivery++) {
        const given = names
          .filter(() => random() < 0.8)
          .map((name) => [name, mostlyValid(params[name], any(values), random())])
        const extra = random() < 0.1 ? [[any(['X', '__proto__', 'depth', '']), 1]] : []
        const value = overJson(Object.fromEntries([...given, ...extra]))
        const accepted = accepts(params, value)
        counts[accepted ? 'accepted' : 'rejected']++
        expect(judge(body, value), JSON.stringify({ params, value })).toBe(accepted)
      }
    }
    expect(counts.accepted).toBeGreaterThan(300)
    expect(counts.rejected).toBeGreaterThan(300)
  })

  it.each([[[]], [null], ['dataset=sales'], [3]])('rejects %j', (value) => {
    expect(judgeOf(documentFor({}))(body, value)).toBe(false)
  })

  it('resolveParams alone rejects text that a schema cannot describe', () => {
    const param: Param = { type: 'string', env }
    const judge = judgeOf(documentFor({ x: param }))
    for (const value of ['a\0b', 'a\ud800b']) {
      expect(judge(body, { x: value })).toBe(true)
      expect(accepts({ x: param }, { x: value })).toBe(false)
    }
  })
})

/** Mostly a value of the right type, so that bodies with many parameters are often valid. */
function mostlyValid(param: Param | undefined, value: unknown, chance: number): unknown {
  if (chance < 0.2 || param === undefined) return value
  if (param.type === 'boolean') return chance < 0.6
  if (param.type !== 'string') return chance < 0.9 ? 1 : 10
  return param.enum?.[0] ?? (chance < 0.9 ? 'ab' : 'abc')
}

describe('a source with several routes', () => {
  const judge = judgeOf(everythingDocument())
  const tasks = compiled(everything).tasks

  it('accepts a body that one of its tasks accepts, or any object if a route computes the parameters', () => {
    const own = '#/paths/~1own/post/requestBody/content/application~1json/schema'
    expect(judge(own, { dataset: 'sales', 'api-key': 'k' })).toBe(true)
    expect(judge(own, { any: { thing: [1] } })).toBe(true)
    expect(judge(own, [1])).toBe(false)
  })

  it('describes a form with the same schema', () => {
    const form = body.replace('application~1json', 'application~1x-www-form-urlencoded')
    const good = { dataset: 'sales', 'api-key': 'k' }
    expect(accepts(tasks.analyze?.params ?? {}, good)).toBe(true)
    expect(judge(form, good)).toBe(true)
    expect(judge(form, { dataset: 'sales' })).toBe(false)
  })
})

describe('a progress report of a container', () => {
  const judge = judgeOf(everythingDocument())
  const pointer = '#/components/schemas/Report'
  const link = { label: 'Report', url: 'https://example.com/r' }
  const long = (length: number) => 'x'.repeat(length)
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 'v']))
  const isParsed = (value: unknown): boolean => {
    try {
      return parseReport(JSON.stringify(value)) !== undefined
    } catch {
      return false
    }
  }

  it.each<[string, boolean, unknown]>([
    ['0 percent', true, { percent: 0 }],
    [
      'all keys at their limits',
      true,
      { percent: 100, message: long(500), outputs: { 'rows.a-b_1': '1' }, links: [link] },
    ],
    ['20 outputs', true, { outputs: many(20) }],
    ['10 links', true, { links: Array.from({ length: 10 }, () => link) }],
    ['an empty object', false, {}],
    ['a list', false, []],
    ['text', false, 'half'],
    ['less than 0 percent', false, { percent: -1 }],
    ['more than 100 percent', false, { percent: 101 }],
    ['percent as text', false, { percent: '50' }],
    ['percent null', false, { percent: null }],
    ['a message of 501 characters', false, { message: long(501) }],
    ['a message that is a number', false, { message: 5 }],
    ['21 outputs', false, { outputs: many(21) }],
    ['an output that is a number', false, { outputs: { rows: 5 } }],
    ['an output with a space in its name', false, { outputs: { 'a b': 'v' } }],
    ['an output of 501 characters', false, { outputs: { a: long(501) } }],
    ['a list of outputs', false, { outputs: ['a'] }],
    ['11 links', false, { links: Array.from({ length: 11 }, () => link) }],
    ['a link with an empty label', false, { links: [{ ...link, label: '' }] }],
    ['a link without TLS', false, { links: [{ ...link, url: 'http://example.com' }] }],
    ['a link of more than 1,000 characters', false, { links: [{ ...link, url: `https://example.com/${long(1000)}` }] }],
    ['a link without a label', false, { links: [{ url: link.url }] }],
    ['null as a link', false, { links: [null] }],
    ['an unknown key', false, { percent: 5, eta: 3 }],
  ])('the schema and parseReport agree on %s: %s', (_, good, value) => {
    expect([judge(pointer, value), isParsed(value)]).toEqual([good, good])
  })
})
