import { describe, expect, it } from 'vitest'
import { hiddenValue, maskedText, shownParams } from '../../../src/core/model/secret-params.ts'

describe('secret values', () => {
  const params = { dataset: 'sales', password: 'hunter2', pin: 4711, short: 'abc' }

  it('are hidden, and the others are shown', () => {
    expect(shownParams(params, ['password', 'pin'])).toEqual({
      ...params,
      password: hiddenValue,
      pin: hiddenValue,
    })
    expect(shownParams(params)).toEqual(params)
  })

  it('are replaced wherever they appear in a text', () => {
    expect(maskedText('sales: hunter2, pin=4711;hunter2', params, ['password', 'pin'])).toBe(
      'sales: (hidden), pin=(hidden);(hidden)',
    )
  })

  it('of fewer than 4 characters are left in a text, as are all values if none is secret', () => {
    expect(maskedText('abc of the abc', params, ['short'])).toBe('abc of the abc')
    expect(maskedText('sales', params)).toBe('sales')
  })

  it('that were not given replace nothing', () => {
    expect(maskedText('undefined and no text', params, ['absent'])).toBe('undefined and no text')
  })

  it('that contain one another are replaced as a whole', () => {
    const both = { a: 'hunter', b: 'hunter2!' }
    expect(maskedText('hunter2! hunter', both, ['a', 'b'])).toBe('(hidden) (hidden)')
  })
})
