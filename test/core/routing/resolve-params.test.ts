import { describe, expect, it } from 'vitest'
import type { Param, ParamDeclarations, ParamValue } from '../../../src/core/model/param.ts'
import type { RawParams } from '../../../src/core/model/trigger.ts'
import { resolveParams } from '../../../src/core/routing/resolve-params.ts'
import { boolean, integer, number, string } from '../../support/params.ts'

const text = (line: string): RawParams => ({ kind: 'text', text: line })
const json = (values: Record<string, unknown>): RawParams => ({ kind: 'object', values, textual: false })
const form = (values: Record<string, unknown>): RawParams => ({ kind: 'object', values, textual: true })
const none: RawParams = { kind: 'none' }

const valuesOf = (declared: ParamDeclarations, given: RawParams, computed?: Record<string, unknown>) => {
  const resolved = resolveParams(declared, given, computed)
  return resolved.ok ? { ...resolved.values } : resolved.problems
}
const problemsOf = (declared: ParamDeclarations, given: RawParams, computed?: Record<string, unknown>) => {
  const resolved = resolveParams(declared, given, computed)
  return resolved.ok ? 'accepted' : resolved.problems.map(({ path, message }) => `${path}: ${message}`)
}

describe('a parameter that was not given', () => {
  it('has its default, even if it is required', () => {
    expect(valuesOf({ x: string({ required: true, default: 'sales' }) }, none)).toEqual({ x: 'sales' })
  })

  it('is absent if it has no default', () => {
    expect(valuesOf({ x: string() }, none)).toStrictEqual({})
  })
})

describe('a JSON value', () => {
  it.each<[param: Param, raw: unknown, value: ParamValue]>([
    [string(), 'sales', 'sales'],
    [string(), '', ''],
    [string(), '3', '3'],
    [string(), 'déploiement ✅', 'déploiement ✅'],
    [integer(), 3, 3],
    [integer(), -3, -3],
    [integer(), 3.0, 3],
    [integer(), Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    [number(), 2.5, 2.5],
    [number(), 1e300, 1e300],
    [boolean(), true, true],
    [boolean(), false, false],
  ])('%j accepts %j', (param, raw, value) => {
    expect(valuesOf({ x: param }, json({ x: raw }))).toEqual({ x: value })
  })

  it.each<[param: Param, raw: unknown, wrong: string]>([
    [string(), 3, 'is not text'],
    [string(), true, 'is not text'],
    [string(), null, 'is not text'],
    [string(), ['sales'], 'is not text'],
    [string(), { a: 1 }, 'is not text'],
    [integer(), '3', 'is not an integer'],
    [integer(), 2.5, 'is not an integer'],
    [integer(), 2 ** 53, 'is not an integer'],
    [integer(), Number.NaN, 'is not an integer'],
    [integer(), true, 'is not an integer'],
    [integer(), null, 'is not an integer'],
    [integer(), [3], 'is not an integer'],
    [number(), '2.5', 'is not a number'],
    [number(), Number.POSITIVE_INFINITY, 'is not a number'],
    [boolean(), 'true', 'is not true or false'],
    [boolean(), 1, 'is not true or false'],
    [boolean(), null, 'is not true or false'],
  ])('%j rejects %j', (param, raw, wrong) => {
    expect(problemsOf({ x: param }, json({ x: raw }))).toEqual([`x: ${wrong}`])
  })
})

describe('a value that was sent as text', () => {
  it.each<[param: Param, raw: string, value: ParamValue]>([
    [string(), '3', '3'],
    [integer(), '3', 3],
    [integer(), '+3', 3],
    [integer(), '-3', -3],
    [integer(), '3.0', 3],
    [integer(), '1e3', 1000],
    [integer(), '007', 7],
    [integer(), '1e10', 10_000_000_000],
    [number(), '2.5', 2.5],
    [number(), '12.25', 12.25],
    [number(), '.5', 0.5],
    [number(), '.25', 0.25],
    [number(), '5.', 5],
    [number(), '1e-3', 0.001],
    ...['true', 'TRUE', 'yes', 'on', '1'].map((raw): [Param, string, boolean] => [boolean(), raw, true]),
    ...['false', 'False', 'no', 'off', '0'].map((raw): [Param, string, boolean] => [boolean(), raw, false]),
  ])('%j accepts %j', (param, raw, value) => {
    expect(valuesOf({ x: param }, text(`x=${raw}`))).toEqual({ x: value })
    expect(valuesOf({ x: param }, form({ x: raw }))).toEqual({ x: value })
  })

  it.each<[param: Param, raw: string]>([
    [integer(), ''],
    [integer(), '2.5'],
    [integer(), '0x10'],
    [integer(), '0b1'],
    [integer(), '1_000'],
    [integer(), '1,000'],
    [integer(), '٣'],
    [integer(), 'Infinity'],
    [integer(), '9007199254740993'],
    [integer(), '3;rm'],
    [integer(), '3\n'],
    [number(), 'NaN'],
    [number(), '1e999'],
    [number(), '.'],
    [number(), '--1'],
    [boolean(), 'maybe'],
    [boolean(), ''],
    [boolean(), 'truee'],
  ])('%j rejects %j', (param, raw) => {
    expect(problemsOf({ x: param }, form({ x: raw }))).toEqual([expect.stringMatching(/^x: is not /)])
  })

  it.each<[param: Param, computed: unknown, value: ParamValue]>([
    [string(), 3, '3'],
    [string(), 3n, '3'],
    [string(), true, 'true'],
    [integer(), 3n, 3],
    [integer(), '3', 3],
    [boolean(), 'yes', true],
    [boolean(), 1n, true],
  ])('%j accepts the computed value %s', (param, computed, value) => {
    expect(valuesOf({ x: param }, none, { x: computed })).toEqual({ x: value })
  })

  it.each<[param: Param, computed: unknown, wrong: string]>([
    [string(), ['sales'], 'is not text'],
    [string(), { a: 1 }, 'is not text'],
    [integer(), ['3'], 'is not an integer'],
    [boolean(), ['yes'], 'is not true or false'],
  ])('%j rejects the computed value %j, although JavaScript would convert it to text', (...of) => {
    const [param, computed, wrong] = of
    expect(problemsOf({ x: param }, none, { x: computed })).toEqual([`x: ${wrong}`])
  })

  it('does not round a large computed integer', () => {
    expect(problemsOf({ x: integer() }, none, { x: 2n ** 60n })).toEqual(['x: is not an integer'])
  })
})

describe('the limits of a declaration', () => {
  it.each<[param: Param, raw: unknown, wrong: string | undefined]>([
    [integer({ min: 1 }), 1, undefined],
    [integer({ min: 1 }), 0, 'is 0; the smallest is 1'],
    [integer({ max: 10 }), 10, undefined],
    [integer({ max: 10 }), 11, 'is 11; the largest is 10'],
    [number({ min: 0.5, max: 1.5 }), 0.5, undefined],
    [number({ min: 0.5, max: 1.5 }), 1.5001, 'is 1.5001; the largest is 1.5'],
    [integer({ min: 0 }), -1, 'is -1; the smallest is 0'],
    [string({ minLength: 2 }), 'ab', undefined],
    [string({ minLength: 2 }), 'a', 'has 1 character; the minimum is 2'],
    [string({ maxLength: 2 }), 'ab', undefined],
    [string({ maxLength: 2 }), 'abc', 'has 3 characters; the maximum is 2'],
    [string({ pattern: '^[a-z]+$' }), 'abc', undefined],
    [string({ pattern: '^[a-z]+$' }), 'abc\n', 'is "abc\n", which does not match ^[a-z]+$'],
    [string({ pattern: '^[a-z]+$' }), 'aBc', 'is "aBc", which does not match ^[a-z]+$'],
    [string({ pattern: 'b' }), 'abc', undefined],
    [string({ pattern: '^\\p{L}+$' }), 'é', undefined],
    [string({ enum: ['day', 'week'] }), 'week', undefined],
    [string({ enum: ['day', 'week'] }), 'weak', 'is "weak"; did you mean "week"?'],
    [string({ enum: ['day', 'week'] }), 'fortnight', 'is "fortnight"; must be one of day, week'],
    [string({ enum: ['day', 'week'] }), 'Day', 'is "Day"; did you mean "day"?'],
    [string(), 'a\0b', 'contains a character that an environment variable cannot hold'],
    [string(), 'a\ud800b', 'contains a character that an environment variable cannot hold'],
    [string(), '\udc00', 'contains a character that an environment variable cannot hold'],
    [string(), '😀', undefined],
    [string(), 'x'.repeat(8192), undefined],
    [string(), 'x'.repeat(8193), 'has 8193 characters; the maximum is 8192'],
    [string({ maxLength: 100_000 }), 'x'.repeat(8193), 'has 8193 characters; the maximum is 8192'],
  ])('%j with %j', (param, raw, wrong) => {
    expect(problemsOf({ x: param }, json({ x: raw }))).toEqual(wrong === undefined ? 'accepted' : [`x: ${wrong}`])
  })

  it.each([
    [41, 'b'.repeat(41)],
    [42, `${'b'.repeat(40)}…`],
    [500, `${'b'.repeat(40)}…`],
  ])('shows at most 41 characters of a wrong value of %d characters', (length, shown) => {
    expect(problemsOf({ x: string({ pattern: '^a$' }) }, json({ x: 'b'.repeat(length) }))).toEqual([
      `x: is "${shown}", which does not match ^a$`,
    ])
  })

  it.each<[param: Param, raw: ParamValue, wrong: string]>([
    [integer({ secret: true, min: 1000 }), 77, 'is out of range; the smallest is 1000'],
    [integer({ secret: true, max: 10 }), 77, 'is out of range; the largest is 10'],
    [string({ secret: true, enum: ['day', 'week'] }), 'hunter2', 'is not one of day, week'],
    [string({ secret: true, enum: ['day', 'week'] }), 'weak', 'is not one of day, week'],
    [string({ secret: true, pattern: '^[a-z]+$' }), 'hunter2', 'does not match ^[a-z]+$'],
    [string({ secret: true, maxLength: 3 }), 'hunter2', 'has 7 characters; the maximum is 3'],
    [integer({ secret: true }), 'hunter2', 'is not an integer'],
  ])('of the secret %j do not show %j, nor suggest a similar value', (param, raw, wrong) => {
    expect(problemsOf({ x: param }, json({ x: raw }))).toEqual([`x: ${wrong}`])
  })
})

describe('given and missing parameters', () => {
  const declared: ParamDeclarations = {
    dataset: string({ required: true, pattern: '^[a-z]+$' }),
    depth: integer({ min: 1, max: 10, default: 3 }),
    note: string(),
  }

  it('fills in defaults and omits parameters without a value', () => {
    expect(valuesOf(declared, json({ dataset: 'sales' }))).toEqual({ dataset: 'sales', depth: 3 })
  })

  it('prefers the given value to the default', () => {
    expect(valuesOf(declared, json({ dataset: 'sales', depth: 4 }))).toEqual({ dataset: 'sales', depth: 4 })
  })

  it('reports a missing parameter and what it accepts', () => {
    expect(problemsOf(declared, none)).toEqual(['dataset: is missing: text like ^[a-z]+$'])
  })

  it('accepts false, 0 and the empty text as values', () => {
    const loose = { flag: boolean({ default: true }), count: integer({ default: 5 }), note: string({ default: 'x' }) }
    expect(valuesOf(loose, json({ flag: false, count: 0, note: '' }))).toEqual({ flag: false, count: 0, note: '' })
  })

  it('reports every problem at once: first by what was sent, then by declaration', () => {
    expect(problemsOf(declared, text('dataset=SALES depth=99 detph=2 note="x'))).toEqual([
      ': the quote " is never closed',
      'detph: is not a parameter; did you mean "depth"?',
      'dataset: is "SALES", which does not match ^[a-z]+$',
      'depth: is 99; the largest is 10',
    ])
  })

  it.each<[string, RawParams, Record<string, unknown>, boolean]>([
    ['is the only problem', json({ depth: 4 }), {}, true],
    ['comes with another problem', json({ depth: 99 }), {}, false],
    ['is not among the problems', json({ dataset: 'SALES' }), {}, false],
    ['should have been set by the route', none, { dataset: undefined }, true],
  ])('says whether a form may ask: a missing parameter %s', (_, given, computed, missing) => {
    expect(resolveParams(declared, given, computed)).toMatchObject({ ok: false, missing })
  })

  it('says so if two missing parameters are the only problems', () => {
    const two = { from: string({ required: true }), to: string({ required: true }) }
    expect(resolveParams(two, none)).toMatchObject({ ok: false, missing: true, problems: [{}, {}] })
  })

  it('does not count as missing only, if the sender also sets what the route sets', () => {
    expect(resolveParams({ x: string(), y: string({ required: true }) }, json({ x: 'a' }), { x: 'b' })).toMatchObject({
      ok: false,
      missing: false,
    })
  })

  it.each<[string, (count: number) => RawParams]>([
    ['names', (count) => json(Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${at}`, 1])))],
    ['bare values', (count) => text('x '.repeat(count))],
  ])('lists 50 problems of %s, and says that there are more', (_, given) => {
    const free = { a: string(), b: string() }
    expect(problemsOf(free, given(50))).toHaveLength(50)
    expect(problemsOf(free, given(50)).at(-1)).not.toMatch(/^: and more/)
    for (const count of [51, 52, 5000]) {
      expect(problemsOf(free, given(count))).toHaveLength(51)
      expect(problemsOf(free, given(count)).at(-1)).toBe(': and more; only the first 50 are listed')
    }
  })

  it.each([
    ['not similar to any', 'zzzzzz', 'is not a parameter; the task takes dataset, depth, note'],
    ['similar to one', 'datasets', 'is not a parameter; did you mean "dataset"?'],
    ['too long to compare', 'd'.repeat(65), 'is not a parameter; the task takes dataset, depth, note'],
  ])('an unknown name, %s', (_, name, message) => {
    expect(problemsOf(declared, json({ dataset: 'sales', [name]: 1 }))).toEqual([`${name}: ${message}`])
  })

  it('an unknown name for a task without parameters', () => {
    expect(problemsOf({}, json({ x: 1 }))).toEqual(['x: is not a parameter: this task takes none'])
  })

  it('the route overrides the sender, and a parameter that the sender sets as well is a problem', () => {
    expect(valuesOf(declared, json({}), { dataset: 'sales' })).toEqual({ dataset: 'sales', depth: 3 })
    expect(problemsOf(declared, json({ dataset: 'other' }), { dataset: 'sales' })).toEqual([
      'dataset: is set by the route; leave it out',
    ])
  })

  it('a computed value that is undefined counts as not given', () => {
    expect(valuesOf(declared, none, { dataset: 'sales', depth: undefined })).toEqual({ dataset: 'sales', depth: 3 })
    expect(problemsOf(declared, none, { dataset: undefined })).toEqual(['dataset: is missing: text like ^[a-z]+$'])
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype'])('%s is not a parameter', (name) => {
    const values = JSON.parse(`{"dataset":"sales","${name}":{"polluted":true}}`)
    expect(problemsOf(declared, json(values))).toEqual([expect.stringMatching(`^${name}: is not a parameter`)])
    expect(problemsOf(declared, text(`dataset=sales ${name}=1`))).toEqual([
      expect.stringMatching(`^${name}: is not a parameter`),
    ])
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it('a declared name that every object inherits is not read from the prototype', () => {
    expect(valuesOf({ toString: string() }, json({}))).toEqual({})
    expect(valuesOf({ toString: string() }, json({ toString: 'x' }))).toEqual({ toString: 'x' })
  })
})

describe('a bare value', () => {
  const one = { dataset: string({ required: true }), depth: integer() }
  const two = { from: string({ required: true }), to: string({ required: true }) }

  it('is the only required parameter', () => {
    expect(valuesOf(one, text('sales depth=2'))).toEqual({ dataset: 'sales', depth: 2 })
    expect(valuesOf(one, text('"two words"'))).toEqual({ dataset: 'two words' })
  })

  it('is not the parameter that the route sets', () => {
    expect(valuesOf(one, text('7'), { dataset: 'sales' })).toEqual({ dataset: 'sales', depth: 7 })
    expect(valuesOf(two, text('a'), { to: 'b' })).toEqual({ from: 'a', to: 'b' })
    expect(problemsOf({ depth: integer() }, text('7'), { depth: 1 })).toEqual([': "7" has no name; write name=…'])
  })

  it('is the only parameter', () => {
    expect(valuesOf({ depth: integer() }, text('7'))).toEqual({ depth: 7 })
  })

  it.each<[string, ParamDeclarations, string, string[]]>([
    [
      'two values for two optional parameters',
      { x: string(), y: string() },
      'a b',
      [': "a" has no name; write x=…', ': "b" has no name; write x=…'],
    ],
    ['one value for two optional parameters', { x: string(), y: string() }, 'a', [': "a" has no name; write x=…']],
    [
      'two values for one required parameter',
      one,
      'a b',
      [': "a" has no name; write dataset=…', ': "b" has no name; write dataset=…', 'dataset: is missing: text'],
    ],
    [
      'the first required parameter is suggested',
      { note: string(), ...two },
      'from=a to=b c',
      [': "c" has no name; write from=…'],
    ],
    [
      'two values and the name as well',
      one,
      'a b depth=2 dataset=x',
      [': "a" has no name; write dataset=…', ': "b" has no name; write dataset=…'],
    ],
    ['a value for a parameter that has one', one, 'dataset=x y', [': "y" has no name; write dataset=…']],
    ['one value for two required parameters', two, 'from=a to=b c', [': "c" has no name; write from=…']],
    ['no declared parameter', {}, 'x', [': "x" has no name; write name=…']],
  ])('suggests a name: %s', (_, declared, line, problems) => {
    expect(problemsOf(declared, text(line))).toEqual(problems)
  })

  it.each(['-5', '-.5', '--depth -5', '--depth=-5'])('%s is a negative number', (line) => {
    expect(valuesOf({ depth: number({ required: true }), note: string() }, text(line))).toEqual({
      depth: line.endsWith('.5') ? -0.5 : -5,
    })
  })

  it('is validated like a named one', () => {
    expect(problemsOf({ depth: integer({ max: 5 }) }, text('7'))).toEqual(['depth: is 7; the largest is 5'])
  })
})

describe('a typed line', () => {
  const declared: ParamDeclarations = {
    dataset: string({ required: true }),
    depth: integer({ min: 1, max: 10 }),
    'dry-run': boolean(),
    token: integer({ secret: true }),
  }

  it.each<[string, Record<string, ParamValue>]>([
    ['--dry-run sales', { dataset: 'sales', 'dry-run': true }],
    ['sales —dry-run', { dataset: 'sales', 'dry-run': true }],
    ['--dry-run no sales', { dataset: 'sales', 'dry-run': false }],
    ['––dataset sales --depth 3', { dataset: 'sales', depth: 3 }],
    ['"--dry-run"', { dataset: '--dry-run' }],
    ['"dataset=my sales"', { dataset: 'my sales' }],
    ['s3://bucket/key', { dataset: 's3://bucket/key' }],
  ])('%s', (line, values) => {
    expect(valuesOf(declared, text(line))).toEqual(values)
  })

  it.each<[string, string[]]>([
    ['--dry-run', ['dataset: is missing: text']],
    ['--dataset', ['--dataset: needs a value: text']],
    ['-dataset=sales', ['-dataset: is not a parameter; did you mean dataset=…?']],
    [
      'dataset:sales',
      [': "dataset:sales" has no name; did you mean dataset=sales? If it is a value, put it in quotes'],
    ],
    ['—datset=sales', ['—datset: is not a parameter; did you mean "dataset"?', 'dataset: is missing: text']],
    ['--datset sales', ['--datset: is not a parameter; did you mean "--dataset"?']],
    ['sales depth=lots', ['depth: is "lots", not an integer from 1 to 10']],
    ['sales dry-run=maybe', ['dry-run: is "maybe", not true or false']],
    ['sales token=hunter2', ['token: is not an integer']],
  ])('%s is refused', (line, problems) => {
    expect(problemsOf(declared, text(line))).toEqual(problems)
  })

  it.each([
    ['--dataset', false],
    ['dataset:sales', false],
    ['--dry-run', true],
  ])('%s: whether a form may ask for the dataset: %s', (line, missing) => {
    expect(resolveParams(declared, text(line))).toMatchObject({ ok: false, missing })
  })

  it('cannot set what the route sets', () => {
    expect(problemsOf(declared, text('sales —dry-run'), { 'dry-run': true })).toEqual([
      'dry-run: is set by the route; leave it out',
    ])
    expect(problemsOf(declared, text('--dataset'), { dataset: 'a' })).toEqual(['--dataset: needs a value: text'])
    expect(problemsOf(declared, none, { depth: 'lots', dataset: 'a' })).toEqual([
      'depth: is not an integer from 1 to 10',
    ])
  })

  it('lists 50 of 20,000 slips at once', () => {
    const began = performance.now()
    expect(problemsOf(declared, text('-a '.repeat(20_000)))).toHaveLength(51)
    expect(performance.now() - began).toBeLessThan(1000)
  })
})
