import { describe, expect, it } from 'vitest'
import type { Param, ParamValue } from '../../../src/core/model/param.ts'
import { type BrokenRule, brokenRule, isAllowed } from '../../../src/core/model/param-rules.ts'
import { boolean, integer, number, string } from '../../support/params.ts'

describe('brokenRule', () => {
  it.each<[Param, ParamValue, BrokenRule]>([
    [integer({ min: 1 }), 0, { kind: 'too-small', limit: 1 }],
    [number({ max: 1.5 }), 1.6, { kind: 'too-large', limit: 1.5 }],
    [string({ minLength: 2 }), 'a', { kind: 'too-short', limit: 2 }],
    [string({ maxLength: 2 }), 'abc', { kind: 'too-long', limit: 2 }],
    [string({ maxLength: 9000 }), 'x'.repeat(8193), { kind: 'too-long', limit: 8192 }],
    [string(), 'a\0', { kind: 'unusable-character' }],
    [string({ enum: ['a', 'b'] }), 'c', { kind: 'not-in-enum', allowed: ['a', 'b'] }],
    [string({ pattern: '^a$' }), 'b', { kind: 'pattern-mismatch', pattern: '^a$' }],
  ])('of %j names the limit that the value breaks', (param, value, rule) => {
    expect(brokenRule(param, value)).toEqual(rule)
    expect(isAllowed(param, value)).toBe(false)
  })

  it.each<[Param, ParamValue]>([
    [integer({ min: 1, max: 3 }), 3],
    [string({ minLength: 1, maxLength: 1, pattern: '^a$', enum: ['a'] }), 'a'],
  ])('of %j is undefined for %j', (param, value) => {
    expect(brokenRule(param, value)).toBeUndefined()
    expect(isAllowed(param, value)).toBe(true)
  })

  it('a boolean has no limits', () => {
    expect(brokenRule(boolean(), true)).toBeUndefined()
  })

  it('checks the length before the pattern, whose cost depends on it', () => {
    expect(brokenRule(string({ maxLength: 2, pattern: '^(a+)+$' }), `${'a'.repeat(60)}!`)).toMatchObject({
      kind: 'too-long',
    })
  })
})
