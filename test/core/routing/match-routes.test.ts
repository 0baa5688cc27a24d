import { describe, expect, it } from 'vitest'
import type { RouteConfig } from '../../../src/core/model/config.ts'
import type { Facts } from '../../../src/core/model/trigger.ts'
import { hasCommandRoute, mayUseCommand } from '../../../src/core/routing/match-routes.ts'
import { route } from './route-fixtures.ts'

describe('a command', () => {
  const command = ['/analyze', '/report']

  it.each<[string, Partial<RouteConfig>, Facts, boolean]>([
    ['a route has it', { command }, { command: '/report' }, true],
    ['no route has it', { command }, { command: '/deploy' }, false],
    ['routes have none', {}, { command: '/analyze' }, false],
    ['there is none', { command }, {}, false],
    ['it is another source’s', { command, on: 'slack' }, { command: '/analyze' }, false],
    [
      'it is a repository’s',
      { command, repositories: ['acme/*'] },
      { command: '/analyze', repository: 'acme/site' },
      true,
    ],
    [
      'it is another repository’s',
      { command, repositories: ['acme/*'] },
      { command: '/analyze', repository: 'b/site' },
      false,
    ],
  ])('is known here or not: %s', (_, config, facts, known) => {
    expect(hasCommandRoute([route(config)], 'github', facts)).toBe(known)
    expect(mayUseCommand([route(config)], 'github', { facts })).toBe(known)
  })

  it.each<[string, Partial<RouteConfig>, Facts, boolean]>([
    ['a listed user', { allow: { users: ['ann'] } }, { user: 'ann' }, true],
    ['a stranger', { allow: { users: ['ann'] } }, { user: 'bob' }, false],
    ['who may approve', { allow: { users: ['ann'] }, approval: { from: ['bob'], expires: 60 } }, { user: 'bob' }, true],
    ['who may be in a group', { allow: { teams: ['acme/data'] } }, { user: 'bob' }, true],
    [
      'who may be in a group that approves',
      { allow: { users: ['ann'] }, approval: { from: ['acme/leads'], expires: 60 } },
      { user: 'bob' },
      true,
    ],
    [
      'who may be in another of the groups',
      { allow: { teams: ['acme/data', 'acme/ops'] } },
      { user: 'bob', groups: ['x'] },
      true,
    ],
    ['who is in other groups', { allow: { teams: ['acme/data'] } }, { user: 'bob', groups: ['x'] }, false],
  ])('is there for some: %s', (_, config, facts, may) => {
    expect(mayUseCommand([route({ command, ...config })], 'github', { facts: { command: '/analyze', ...facts } })).toBe(
      may,
    )
  })
})
