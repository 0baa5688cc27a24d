import { describe, expect, it } from 'vitest'
import { compileTemplate } from '../../../src/core/routing/expression.ts'
import { TimeBudgetExceeded, withTimeBudget } from '../../../src/core/routing/time-budget.ts'

describe('withTimeBudget', () => {
  it('returns what the work returns, and throws what it throws', () => {
    expect(withTimeBudget(1000, () => 7)).toBe(7)
    const error = new TypeError('no')
    expect(() =>
      withTimeBudget(1000, () => {
        throw error
      }),
    ).toThrow(error)
  })
  it('throws even null as it is', () => {
    let thrown: unknown = 'nothing'
    try {
      withTimeBudget(1000, () => {
        throw null
      })
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeNull()
  })
  it('stops a loop and a regular expression, and can be used again afterwards', () => {
    expect(() =>
      withTimeBudget(20, () => {
        for (;;);
      }),
    ).toThrow(TimeBudgetExceeded)
    expect(() => withTimeBudget(20, () => /^(a+)+$/.test(`${'a'.repeat(60)}!`))).toThrow(
      new TimeBudgetExceeded('took longer than 20 ms'),
    )
    expect(new TimeBudgetExceeded().name).toBe('TimeBudgetExceeded')
    const template = compileTemplate('${event.a.filter(x, x == "y")}')
    const event = { a: Array.from({ length: 1e6 }, () => 'y') }
    expect(() => withTimeBudget(5, () => template({ event, body: event, source: 's', actor: 'a' }))).toThrow(
      TimeBudgetExceeded,
    )
    const small = { a: ['x', 'y'] }
    expect(template({ event: small, body: small, source: 's', actor: 'a' })).toEqual(['y'])
  })
})
