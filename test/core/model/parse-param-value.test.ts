import { describe, expect, it } from 'vitest'
import type { Param, ParamValue } from '../../../src/core/model/param.ts'
import { parseParamValue, parseTypedValue } from '../../../src/core/model/parse-param-value.ts'
import { boolean, integer, string } from '../../support/params.ts'

describe('parseParamValue', () => {
  it('converts text only if the sender can only send text', () => {
    expect(parseParamValue(integer(), '3', true)).toBe(3)
    expect(parseParamValue(integer(), '3', false)).toBeUndefined()
  })

  it('does not check the limits of the declaration', () => {
    expect(parseParamValue(integer({ max: 1 }), 3, false)).toBe(3)
  })
})

describe('parseTypedValue', () => {
  it.each<[Param, string, ParamValue | undefined]>([
    [integer({ max: 5 }), '5', 5],
    [integer({ max: 5 }), '6', undefined],
    [integer(), 'x', undefined],
    [boolean(), 'off', false],
    [string(), '', ''],
    [string({ pattern: '^[a-z]$' }), '9', undefined],
  ])('of %j and %j is %j', (param, text, value) => {
    expect(parseTypedValue(param, text)).toBe(value)
  })
})
