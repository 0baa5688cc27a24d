import { describe, expect, it } from 'vitest'
import type { RouteConfig } from '../../../src/core/model/config.ts'
import { route } from './route-fixtures.ts'

describe('prepareRoute', () => {
  it.each([{ if: 'event.' }, { with: { a: '${' } }])(
    '%j throws when the route is prepared, not when it is matched',
    (config) => {
      expect(() => route(config as Partial<RouteConfig>)).toThrow(Error)
    },
  )
})
