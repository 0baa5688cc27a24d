import { describe, expect, it } from 'vitest'
import type { RouteConfig } from '../../../src/core/model/config.ts'
import { prepareRoute } from '../../../src/core/routing/prepare-route.ts'
import { fingerprintOf, routeOf } from '../../../src/core/routing/route-of-run.ts'
import { route } from './route-fixtures.ts'

describe('routeOf', () => {
  const config: RouteConfig = { id: 'r', on: 'slack', run: 'analyze', command: ['/analyze'], with: { depth: 3 } }
  const made = { route: 'r', routeIs: fingerprintOf(config) }
  const found = (more: Partial<RouteConfig>, plan: Parameters<typeof routeOf>[1] = made) =>
    routeOf([route(), prepareRoute({ ...config, ...more })], plan)?.config

  it('finds the route by its fingerprint, which is the same in every version of taskhook', () => {
    expect(fingerprintOf(config)).toBe('5538d1642fabfabd')
    expect(found({})).toEqual(config)
  })

  it('finds a route whose "allow" has changed', () => {
    expect(found({ allow: { users: ['U1'] } })).toBeDefined()
  })

  it.each<Partial<RouteConfig>>([
    { id: 'other' },
    { on: 'github' },
    { run: 'other' },
    { event: ['push'] },
    { command: ['/analyse'] },
    { with: { depth: 4 } },
  ])('does not find a route that now has %j', (more) => {
    expect(found(more)).toBeUndefined()
  })

  it('finds no route for a run without a fingerprint', () => {
    expect(found({}, { route: 'r' })).toBeUndefined()
  })
})
