import { describe, expect, it } from 'vitest'
import type { RouteConfig } from '../../../src/core/model/config.ts'
import { route } from './route-fixtures.ts'

const scope = { event: { x: 1 }, body: { x: 1 }, source: 'github', actor: 'ann' }

describe('prepareRoute', () => {
  it('compiles the condition and the texts of "with", and keeps other values', () => {
    const { id, config, condition, computed } = route({ if: 'event.x == 1', with: { a: 'v${event.x}', b: 3, c: [1] } })
    expect([id, config.run]).toEqual(['r', 'analyze'])
    expect(condition?.(scope)).toBe(true)
    expect(Object.entries(computed).map(([name, value]) => [name, value(scope)])).toEqual([
      ['a', 'v1'],
      ['b', 3],
      ['c', [1]],
    ])
  })

  it('has no condition and computes nothing if the route says neither', () => {
    expect(route()).toMatchObject({ condition: undefined, computed: {} })
    expect(Object.keys(route().computed)).toEqual([])
  })

  it.each([{ if: 'event.' }, { with: { a: '${' } }])(
    '%j throws when the route is prepared, not when it is matched',
    (config) => {
      expect(() => route(config as Partial<RouteConfig>)).toThrow(Error)
    },
  )
})
