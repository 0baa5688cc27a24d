import { describe, expect, it } from 'vitest'
import type { RouteConfig } from '../../../src/core/model/config.ts'
import type { Facts } from '../../../src/core/model/trigger.ts'
import { lookupFor } from '../../../src/core/routing/lookup.ts'
import { route } from './route-fixtures.ts'

describe('lookupFor', () => {
  const ask = (configs: Partial<RouteConfig>[], facts: Facts, incomplete?: true) =>
    lookupFor(configs.map(route), { facts, ...(incomplete && { incomplete }) })
  const none = { paths: false, groups: [] }

  it.each<[string, Partial<RouteConfig>[], Facts, true | undefined, boolean]>([
    ['if they are unknown', [{}, { paths: ['a'] }], { paths: 'unknown' }, undefined, true],
    ['if the delivery is incomplete', [{}, { paths: ['a'] }], {}, true, true],
    ['not if they are known', [{ paths: ['a'] }], { paths: ['b'] }, undefined, false],
    ['not if the event has none', [{ paths: ['a'] }], {}, undefined, false],
    ['not if no route filters by them', [{}], { paths: 'unknown' }, true, false],
    ['not if there are no routes', [], { paths: 'unknown' }, true, false],
  ])('asks for the changed files: %s', (_, configs, facts, incomplete, paths) => {
    expect(ask(configs, facts, incomplete)).toEqual({ ...none, paths })
  })

  it('asks for each group once, only for routes that do not name the user', () => {
    const routes: Partial<RouteConfig>[] = [
      { allow: { userGroups: ['S1', 'S2'] } },
      { allow: { userGroups: ['S2'], teams: ['acme/data'] } },
      { allow: { users: ['U1'], userGroups: ['S3'] } },
      {},
    ]
    expect(ask(routes, { user: 'U1' })).toEqual({ paths: false, groups: ['S1', 'S2', 'acme/data'] })
    expect(ask(routes, { user: 'U2' }).groups).toEqual(['S1', 'S2', 'acme/data', 'S3'])
  })

  it('asks for no group if no route names one', () => {
    expect(ask([{ allow: { users: ['U1'] } }], { user: 'U2' })).toEqual(none)
  })
})
