import { describe, expect, it } from 'vitest'
import type { Facts } from '../../../src/core/adapter.ts'
import type { RouteConfig } from '../../../src/core/model/config.ts'
import { commandAccess } from '../../../src/core/routing/command-access.ts'
import { route } from './route-fixtures.ts'

const command = ['/analyze', '/report']
const isGroup = (name: string) => name.includes('/')

describe('a command', () => {
  it.each<[string, Partial<RouteConfig>, Facts, boolean]>([
    ['a route has it', { command }, { command: '/report' }, true],
    ['no route has it', { command }, { command: '/deploy' }, false],
    ['routes have none', {}, { command: '/analyze' }, false],
    ['the delivery has none', { command }, {}, false],
    ['it belongs to another source', { command, on: 'slack' }, { command: '/analyze' }, false],
    [
      'it belongs to this repository',
      { command, repositories: ['acme/*'] },
      { command: '/analyze', repository: 'acme/site' },
      true,
    ],
    [
      'it belongs to another repository',
      { command, repositories: ['acme/*'] },
      { command: '/analyze', repository: 'b/site' },
      false,
    ],
  ])('is known or unknown: %s', (_, config, facts, known) => {
    expect(commandAccess([route(config)], 'github', facts, { isGroup })).toEqual({
      kind: known ? 'allowed' : 'unknown-command',
    })
  })
})

describe('commandAccess', () => {
  const access = (facts: Facts, configs: readonly Partial<RouteConfig>[], resolved?: readonly string[]) => {
    const routes = configs.map((config) => route({ command, ...config }))
    const groups = { isGroup, ...(resolved !== undefined && { resolved }) }
    return commandAccess(routes, 'github', { command: '/analyze', ...facts }, groups)
  }
  const users = { allow: { users: ['ann'] } }
  const approvedBy = (...from: string[]) => ({ ...users, approval: { from, expires: 60 } })
  const teams = { allow: { teams: ['acme/data', 'acme/ops'] } }

  it.each<[string, Partial<RouteConfig>, Facts, readonly string[]]>([
    ['a listed user', users, { user: 'ann' }, []],
    ['a named approver', approvedBy('bob'), { user: 'bob' }, []],
    ['a member of an allowed group', teams, { user: 'bob', groups: ['acme/ops'] }, ['acme/data', 'acme/ops']],
    ['a member of an approving group', approvedBy('acme/leads'), { user: 'bob', groups: ['acme/leads'] }, []],
  ])('allows %s', (_, config, facts, resolved) => {
    expect(access(facts, [config], resolved)).toEqual({ kind: 'allowed' })
  })

  it.each<[string, Partial<RouteConfig>, Facts, readonly string[]]>([
    ['a stranger', users, { user: 'bob' }, []],
    ['a stranger to a route with a named approver', approvedBy('carol'), { user: 'bob' }, []],
    ['a stranger to a route with two named approvers', approvedBy('carol', 'dave'), { user: 'bob', groups: [] }, []],
    ['a stranger without a name', approvedBy('carol'), {}, []],
    ['a person in none of the groups', teams, { user: 'bob', groups: [] }, ['acme/data', 'acme/ops']],
    ['a person in other groups', teams, { user: 'bob', groups: ['x'] }, ['x', 'acme/data', 'acme/ops']],
    ['a person not in the approving group', approvedBy('acme/leads'), { user: 'bob', groups: [] }, ['acme/leads']],
    ['a listed user in another channel', { allow: { users: ['ann'], channels: ['C1'] } }, { user: 'ann' }, []],
  ])('denies %s', (_, config, facts, resolved) => {
    expect(access(facts, [config], resolved)).toEqual({ kind: 'denied' })
  })

  it.each<[string, readonly Partial<RouteConfig>[], Facts, readonly string[], readonly string[]]>([
    ['of an allowed group', [teams], { user: 'bob' }, [], ['acme/data', 'acme/ops']],
    ['of an approving group, without the named approvers', [approvedBy('carol', 'a/b')], { user: 'bob' }, [], ['a/b']],
    ['that was not asked about', [teams], { user: 'bob', groups: ['x'] }, ['x', 'acme/data'], ['acme/ops']],
    ['of several routes, each group once', [teams, approvedBy('acme/ops')], {}, [], ['acme/data', 'acme/ops']],
  ])('is unresolved while membership is unknown: %s', (_, configs, facts, resolved, groups) => {
    expect(access(facts, configs, resolved)).toEqual({ kind: 'unresolved', groups })
  })

  it('needs only one of several routes', () => {
    expect(access({ user: 'ann' }, [teams, users])).toEqual({ kind: 'allowed' })
  })
})
