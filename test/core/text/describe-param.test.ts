import { describe, expect, it } from 'vitest'
import type { Param } from '../../../src/core/model/param.ts'
import { describeParam } from '../../../src/core/text/describe-param.ts'
import { boolean, integer, number, string } from '../../support/params.ts'

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
