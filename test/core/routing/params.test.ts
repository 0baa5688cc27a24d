import { describe, expect, it } from 'vitest'
import type { RawParams } from '../../../src/core/adapter.ts'
import type { Param, ParamDeclarations, ParamValue } from '../../../src/core/model/param.ts'
import { hiddenValue, maskedText, shownParams } from '../../../src/core/model/secret-params.ts'
import { resolveParams, whyInvalid } from '../../../src/core/routing/params.ts'
import { describeParam } from '../../../src/core/text/describe-param.ts'

const text = (line: string): RawParams => ({ kind: 'text', text: line })
const json = (values: Record<string, unknown>): RawParams => ({ kind: 'object', values, textual: false })
const form = (values: Record<string, unknown>): RawParams => ({ kind: 'object', values, textual: true })
const none: RawParams = { kind: 'none' }

const string = (more: Partial<Param> = {}): Param => ({ type: 'string', env: 'X', ...more }) as Param
const integer = (more: Partial<Param> = {}): Param => ({ type: 'integer', env: 'X', ...more }) as Param
const number = (more: Partial<Param> = {}): Param => ({ type: 'number', env: 'X', ...more }) as Param
const boolean = (more: Partial<Param> = {}): Param => ({ type: 'boolean', env: 'X', ...more }) as Param

const valuesOf = (declared: ParamDeclarations, given: RawParams, computed?: Record<string, unknown>) => {
  const resolved = resolveParams(declared, given, computed)
  return resolved.ok ? { ...resolved.values } : resolved.problems
}
const problemsOf = (declared: ParamDeclarations, given: RawParams, computed?: Record<string, unknown>) => {
  const resolved = resolveParams(declared, given, computed)
  return resolved.ok ? 'accepted' : resolved.problems.map(({ path, message }) => `${path}: ${message}`)
}

describe('a value in strict JSON', () => {
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
  ])('%j takes %j', (param, raw, value) => {
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
  ])('%j refuses %j', (param, raw, wrong) => {
    expect(problemsOf({ x: param }, json({ x: raw }))).toEqual([`x: ${wrong}`])
  })
})

describe('a value that was text on its way', () => {
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
  ])('%j takes %j', (param, raw, value) => {
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
  ])('%j refuses %j', (param, raw) => {
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
  ])('%j takes what a route computes, %s', (param, computed, value) => {
    expect(valuesOf({ x: param }, none, { x: computed })).toEqual({ x: value })
  })

  it.each<[param: Param, computed: unknown, wrong: string]>([
    [string(), ['sales'], 'is not text'],
    [string(), { a: 1 }, 'is not text'],
    [integer(), ['3'], 'is not an integer'],
    [boolean(), ['yes'], 'is not true or false'],
  ])('%j refuses what a route computes, %j: a list is no text, though JavaScript would write it as one', (...of) => {
    const [param, computed, wrong] = of
    expect(problemsOf({ x: param }, none, { x: computed })).toEqual([`x: ${wrong}`])
  })

  it('does not round a big integer that a route computes', () => {
    expect(problemsOf({ x: integer() }, none, { x: 2n ** 60n })).toEqual(['x: is not an integer'])
  })
})

describe('rules', () => {
  it.each<[param: Param, raw: unknown, wrong: string | undefined]>([
    [integer({ min: 1 }), 1, undefined],
    [integer({ min: 1 }), 0, 'is 0; the smallest is 1'],
    [integer({ max: 10 }), 10, undefined],
    [integer({ max: 10 }), 11, 'is 11; the largest is 10'],
    [number({ min: 0.5, max: 1.5 }), 0.5, undefined],
    [number({ min: 0.5, max: 1.5 }), 1.5001, 'is 1.5001; the largest is 1.5'],
    [integer({ min: 0 }), -1, 'is -1; the smallest is 0'],
    [string({ minLength: 2 }), 'ab', undefined],
    [string({ minLength: 2 }), 'a', 'has 1 characters; the least is 2'],
    [string({ maxLength: 2 }), 'ab', undefined],
    [string({ maxLength: 2 }), 'abc', 'has 3 characters; the most is 2'],
    [string({ pattern: '^[a-z]+$' }), 'abc', undefined],
    [string({ pattern: '^[a-z]+$' }), 'abc\n', 'is "abc\n", which does not match ^[a-z]+$'],
    [string({ pattern: '^[a-z]+$' }), 'aBc', 'is "aBc", which does not match ^[a-z]+$'],
    [string({ pattern: 'b' }), 'abc', undefined],
    [string({ pattern: '^\\p{L}+$' }), 'é', undefined],
    [string({ enum: ['day', 'week'] }), 'week', undefined],
    [string({ enum: ['day', 'week'] }), 'weak', 'is "weak"; did you mean "week"?'],
    [string({ enum: ['day', 'week'] }), 'fortnight', 'is "fortnight"; one of day, week'],
    [string({ enum: ['day', 'week'] }), 'Day', 'is "Day"; did you mean "day"?'],
    [string(), 'a\0b', 'holds a character that an environment variable cannot'],
    [string(), 'a\ud800b', 'holds a character that an environment variable cannot'],
    [string(), '\udc00', 'holds a character that an environment variable cannot'],
    [string(), '😀', undefined],
    [string(), 'x'.repeat(8192), undefined],
    [string(), 'x'.repeat(8193), 'has 8193 characters; the most is 8192'],
    [string({ maxLength: 100_000 }), 'x'.repeat(8193), 'has 8193 characters; the most is 8192'],
  ])('%j with %j', (param, raw, wrong) => {
    expect(problemsOf({ x: param }, json({ x: raw }))).toEqual(wrong === undefined ? 'accepted' : [`x: ${wrong}`])
  })

  it.each([
    [40, 'b'.repeat(40)],
    [41, `${'b'.repeat(40)}…`],
    [500, `${'b'.repeat(40)}…`],
  ])('shows no more than the beginning of a wrong value of %d characters', (length, shown) => {
    expect(problemsOf({ x: string({ pattern: '^a$' }) }, json({ x: 'b'.repeat(length) }))).toEqual([
      `x: is "${shown}", which does not match ^a$`,
    ])
  })

  it('asks nothing of a boolean', () => {
    expect(whyInvalid(boolean(), true)).toBeUndefined()
  })

  it.each<[param: Param, raw: ParamValue, wrong: string]>([
    [integer({ secret: true, min: 1000 }), 77, 'is out of range; the smallest is 1000'],
    [integer({ secret: true, max: 10 }), 77, 'is out of range; the largest is 10'],
    [string({ secret: true, enum: ['day', 'week'] }), 'hunter2', 'is not one of day, week'],
    [string({ secret: true, enum: ['day', 'week'] }), 'weak', 'is not one of day, week'],
    [string({ secret: true, pattern: '^[a-z]+$' }), 'hunter2', 'does not match ^[a-z]+$'],
    [string({ secret: true, maxLength: 3 }), 'hunter2', 'has 7 characters; the most is 3'],
    [integer({ secret: true }), 'hunter2', 'is not an integer'],
  ])('of %j do not show %j, nor what it is near to', (param, raw, wrong) => {
    expect(problemsOf({ x: param }, json({ x: raw }))).toEqual([`x: ${wrong}`])
  })
})

describe('what is given, and what is not', () => {
  const declared: ParamDeclarations = {
    dataset: string({ required: true, pattern: '^[a-z]+$' }),
    depth: integer({ min: 1, max: 10, default: 3 }),
    note: string(),
  }

  it('fills in defaults and leaves out what nobody gave', () => {
    expect(valuesOf(declared, json({ dataset: 'sales' }))).toEqual({ dataset: 'sales', depth: 3 })
  })

  it('prefers what was given to the default', () => {
    expect(valuesOf(declared, json({ dataset: 'sales', depth: 4 }))).toEqual({ dataset: 'sales', depth: 4 })
  })

  it('says what is missing, and what it takes', () => {
    expect(problemsOf(declared, none)).toEqual(['dataset: is missing: text like ^[a-z]+$'])
  })

  it('takes false, 0 and the empty text for values', () => {
    const loose = { flag: boolean({ default: true }), count: integer({ default: 5 }), note: string({ default: 'x' }) }
    expect(valuesOf(loose, json({ flag: false, count: 0, note: '' }))).toEqual({ flag: false, count: 0, note: '' })
  })

  it('tells every problem at once, in the order of what was sent and what was declared', () => {
    expect(problemsOf(declared, text('dataset=SALES depth=99 detph=2 note="x'))).toEqual([
      ': the quote " is never closed',
      'detph: is not a parameter; did you mean "depth"?',
      'dataset: is "SALES", which does not match ^[a-z]+$',
      'depth: is 99; the largest is 10',
    ])
  })

  it.each<[string, RawParams, Record<string, unknown>, boolean]>([
    ['is all that is wrong', json({ depth: 4 }), {}, true],
    ['is not all that is wrong', json({ depth: 99 }), {}, false],
    ['is not what is wrong', json({ dataset: 'SALES' }), {}, false],
    ['is what the route should have set', none, { dataset: undefined }, true],
  ])('tells whether what is missing %s: then a form may ask for it', (_, given, computed, missing) => {
    expect(resolveParams(declared, given, computed)).toMatchObject({ ok: false, missing })
  })

  it('tells that two are missing, and nothing else', () => {
    const two = { from: string({ required: true }), to: string({ required: true }) }
    expect(resolveParams(two, none)).toMatchObject({ ok: false, missing: true, problems: [{}, {}] })
  })

  it('lets what is set by the route be tried by nobody, whatever else is missing', () => {
    expect(resolveParams({ x: string(), y: string({ required: true }) }, json({ x: 'a' }), { x: 'b' })).toMatchObject({
      ok: false,
      missing: false,
    })
  })

  it.each<[string, (count: number) => RawParams]>([
    ['names', (count) => json(Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${at}`, 1])))],
    ['bare values', (count) => text('x '.repeat(count))],
  ])('ends the list of problems after fifty %s, and says so', (_, given) => {
    const free = { a: string(), b: string() }
    expect(problemsOf(free, given(50))).toHaveLength(50)
    expect(problemsOf(free, given(50)).at(-1)).not.toMatch(/^: and more/)
    for (const count of [51, 52, 5000]) {
      expect(problemsOf(free, given(count))).toHaveLength(51)
      expect(problemsOf(free, given(count)).at(-1)).toBe(': and more; this is where the list ends')
    }
  })

  it.each([
    ['far from all', 'zzzzzz', 'is not a parameter; the task takes dataset, depth, note'],
    ['near one', 'datasets', 'is not a parameter; did you mean "dataset"?'],
    ['too long to compare', 'd'.repeat(65), 'is not a parameter; the task takes dataset, depth, note'],
  ])('an unknown name, %s', (_, name, message) => {
    expect(problemsOf(declared, json({ dataset: 'sales', [name]: 1 }))).toEqual([`${name}: ${message}`])
  })

  it('an unknown name where there are none', () => {
    expect(problemsOf({}, json({ x: 1 }))).toEqual(['x: is not a parameter: this task takes none'])
  })

  it('the route wins, and says so to a sender who tries', () => {
    expect(valuesOf(declared, json({}), { dataset: 'sales' })).toEqual({ dataset: 'sales', depth: 3 })
    expect(problemsOf(declared, json({ dataset: 'other' }), { dataset: 'sales' })).toEqual([
      'dataset: is set by the route; leave it out',
    ])
  })

  it('a value that the route cannot work out counts as not given', () => {
    expect(valuesOf(declared, none, { dataset: 'sales', depth: undefined })).toEqual({ dataset: 'sales', depth: 3 })
    expect(problemsOf(declared, none, { dataset: undefined })).toEqual(['dataset: is missing: text like ^[a-z]+$'])
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype'])(
    '%s is nobody’s parameter',
    (name) => {
      const values = JSON.parse(`{"dataset":"sales","${name}":{"polluted":true}}`)
      expect(problemsOf(declared, json(values))).toEqual([expect.stringMatching(`^${name}: is not a parameter`)])
      expect(problemsOf(declared, text(`dataset=sales ${name}=1`))).toEqual([
        expect.stringMatching(`^${name}: is not a parameter`),
      ])
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
    },
  )

  it('a declared name that every object has is not found in the sender’s object by accident', () => {
    expect(valuesOf({ toString: string() }, json({}))).toEqual({})
    expect(valuesOf({ toString: string() }, json({ toString: 'x' }))).toEqual({ toString: 'x' })
  })
})

describe('a bare value', () => {
  const one = { dataset: string({ required: true }), depth: integer() }
  const two = { from: string({ required: true }), to: string({ required: true }) }

  it('goes to the one required parameter', () => {
    expect(valuesOf(one, text('sales depth=2'))).toEqual({ dataset: 'sales', depth: 2 })
    expect(valuesOf(one, text('"two words"'))).toEqual({ dataset: 'two words' })
  })

  it('does not go to what the route sets', () => {
    expect(valuesOf(one, text('7'), { dataset: 'sales' })).toEqual({ dataset: 'sales', depth: 7 })
    expect(valuesOf(two, text('a'), { to: 'b' })).toEqual({ from: 'a', to: 'b' })
    expect(problemsOf({ depth: integer() }, text('7'), { depth: 1 })).toEqual([': "7" has no name; write name=…'])
  })

  it('goes to the only parameter there is', () => {
    expect(valuesOf({ depth: integer() }, text('7'))).toEqual({ depth: 7 })
  })

  it.each<[string, ParamDeclarations, string, string[]]>([
    [
      'two that nobody requires',
      { x: string(), y: string() },
      'a b',
      [': "a" has no name; write x=…', ': "b" has no name; write x=…'],
    ],
    ['one that nobody requires of two', { x: string(), y: string() }, 'a', [': "a" has no name; write x=…']],
    [
      'two for one',
      one,
      'a b',
      [': "a" has no name; write dataset=…', ': "b" has no name; write dataset=…', 'dataset: is missing: text'],
    ],
    [
      'the first that is required is proposed',
      { note: string(), ...two },
      'from=a to=b c',
      [': "c" has no name; write from=…'],
    ],
    [
      'two of them',
      one,
      'a b depth=2 dataset=x',
      [': "a" has no name; write dataset=…', ': "b" has no name; write dataset=…'],
    ],
    ['already given by name', one, 'dataset=x y', [': "y" has no name; write dataset=…']],
    ['two that are required', two, 'from=a to=b c', [': "c" has no name; write from=…']],
    ['none that is declared', {}, 'x', [': "x" has no name; write name=…']],
  ])('%s: says how to write it', (_, declared, line, problems) => {
    expect(problemsOf(declared, text(line))).toEqual(problems)
  })

  it('is checked like any other', () => {
    expect(problemsOf({ depth: integer({ max: 5 }) }, text('7'))).toEqual(['depth: is 7; the largest is 5'])
  })
})

describe('describeParam', () => {
  it.each<[Param, string]>([
    [string(), 'text'],
    [string({ pattern: '^a$' }), 'text like ^a$'],
    [string({ enum: ['a', 'b'] }), 'one of a, b'],
    [integer(), 'an integer'],
    [integer({ min: 1, max: 10 }), 'an integer from 1 to 10'],
    [integer({ min: 1 }), 'an integer of 1 or more'],
    [number({ max: 10 }), 'a number of 10 or less'],
    [number(), 'a number'],
    [boolean(), 'true or false'],
  ])('%j is %s', (param, words) => {
    expect(describeParam(param)).toBe(words)
  })
})

describe('secret values', () => {
  const params = { dataset: 'sales', password: 'hunter2', pin: 4711, short: 'abc' }

  it('are shown to nobody, and the others are', () => {
    expect(shownParams(params, ['password', 'pin'])).toEqual({
      ...params,
      password: hiddenValue,
      pin: hiddenValue,
    })
    expect(shownParams(params)).toEqual(params)
  })

  it('are taken out of a text, wherever they stand', () => {
    expect(maskedText('sales: hunter2, pin=4711;hunter2', params, ['password', 'pin'])).toBe(
      'sales: (hidden), pin=(hidden);(hidden)',
    )
  })

  it('are left in where they are too short to be told from words, and where nothing is secret', () => {
    expect(maskedText('abc of the abc', params, ['short'])).toBe('abc of the abc')
    expect(maskedText('sales', params)).toBe('sales')
  })

  it('that were not given take nothing out', () => {
    expect(maskedText('undefined and no text', params, ['absent'])).toBe('undefined and no text')
  })

  it('that hold one another are taken out whole', () => {
    const both = { a: 'hunter', b: 'hunter2!' }
    expect(maskedText('hunter2! hunter', both, ['a', 'b'])).toBe('(hidden) (hidden)')
  })
})
