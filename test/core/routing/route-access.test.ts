import { describe, expect, it } from 'vitest'
import type { RouteConfig } from '../../../src/core/model/config.ts'
import type { Facts } from '../../../src/core/model/trigger.ts'
import { isOwnWorkspace, mayApprove, whyNotAllowed } from '../../../src/core/routing/route-access.ts'
import { route, trigger } from './route-fixtures.ts'

describe('whyNotAllowed', () => {
  it.each<[string, RouteConfig['allow'], Facts, string | undefined]>([
    ['no lists', undefined, {}, undefined],
    ['empty lists', {}, {}, undefined],
    ['a listed user', { users: ['U1', 'U2'] }, { user: 'U2' }, undefined],
    ['another user', { users: ['U1'] }, { user: 'U3' }, 'this is not open to you'],
    ['an owner, if only users are listed', { users: ['U1'] }, { association: 'OWNER' }, 'this is not open to you'],
    ['a user whose groups are not known', { userGroups: ['S1'] }, { user: 'U2' }, 'this is not open to you'],
    ['a listed user, spelled in another case', { users: ['Ann'] }, { user: 'ann' }, undefined],
    ['a member of the group', { users: ['U1'], userGroups: ['S1'] }, { user: 'U2', groups: ['S1'] }, undefined],
    ['a member of another group', { userGroups: ['S1'] }, { user: 'U2', groups: ['S2'] }, 'this is not open to you'],
    ['a member of the team', { teams: ['acme/data'] }, { user: 'ann', groups: ['acme/data'] }, undefined],
    ['a listed association', { associations: ['OWNER'] }, { user: 'ann', association: 'OWNER' }, undefined],
    [
      'another association',
      { associations: ['OWNER'] },
      { user: 'ann', association: 'NONE' },
      'this is not open to you',
    ],
    ['an unknown association', { associations: ['OWNER'] }, { user: 'ann' }, 'this is not open to you'],
    ['no user', { users: ['U1'] }, {}, 'this is not open to you'],
    ['a listed workspace', { workspaces: ['T1'] }, { workspaces: ['T1', 'E1'] }, undefined],
    ['a listed organisation', { workspaces: ['T2', 'E1'] }, { workspaces: ['T1', 'E1'] }, undefined],
    ['another workspace', { workspaces: ['T1'] }, { workspaces: ['T2'] }, 'this is not open in this workspace'],
    ['no workspace', { workspaces: ['T1'] }, { user: 'U1' }, 'this is not open in this workspace'],
    ['any workspace, if none is listed', { users: ['U1'] }, { user: 'U1', workspaces: ['T2'] }, undefined],
    [
      'another user in a listed workspace',
      { users: ['U1'], workspaces: ['T1'] },
      { user: 'U2', workspaces: ['T1'] },
      'this is not open to you',
    ],
    ['a listed bot', { bots: ['renovate'] }, { user: 'renovate[bot]', bot: 'Renovate' }, undefined],
    ['another bot', { bots: ['renovate'] }, { bot: 'evil' }, 'this is not open to you'],
    ['a person, if only bots are listed', { bots: ['renovate'] }, { user: 'renovate' }, 'this is not open to you'],
    ['a bot that pushes, without lists', undefined, { bot: 'evil' }, undefined],
    ['a bot that comments, without lists', undefined, { bot: 'evil', botsNeedAllow: true }, 'this is not open to bots'],
    ['a bot without a name that comments', { bots: ['evil'] }, { botsNeedAllow: true }, 'this is not open to bots'],
    ['a listed bot that comments', { bots: ['renovate'] }, { bot: 'renovate', botsNeedAllow: true }, undefined],
    [
      'a bot that comments, if it is listed as a user',
      { users: ['renovate[bot]'] },
      { user: 'renovate[bot]', bot: 'renovate', botsNeedAllow: true },
      'this is not open to bots',
    ],
    ['a listed channel', { channels: ['C1'] }, { channel: 'C1' }, undefined],
    ['another channel', { channels: ['C1'] }, { channel: 'C2' }, 'this is not open in this channel'],
    ['no channel', { channels: ['C1'] }, { user: 'U1' }, 'this is not open in this channel'],
    [
      'a listed user in another channel',
      { users: ['U1'], channels: ['C1'] },
      { user: 'U1', channel: 'C2' },
      'this is not open in this channel',
    ],
    [
      'another user in a listed channel',
      { users: ['U1'], channels: ['C1'] },
      { user: 'U2', channel: 'C1' },
      'this is not open to you',
    ],
    [
      'a listed user in a listed channel',
      { users: ['U1'], channels: ['C1'] },
      { user: 'U1', channel: 'C1' },
      undefined,
    ],
  ])('%s', (_, allow, facts, words) => {
    expect(whyNotAllowed(route(allow === undefined ? {} : { allow }), trigger(facts))).toBe(words)
  })
})

describe('isOwnWorkspace', () => {
  it.each<[workspace: string | undefined, facts: Facts, own: boolean]>([
    [undefined, {}, true],
    [undefined, { workspaces: ['T1'] }, true],
    ['T1', { workspaces: ['T1'] }, true],
    ['E1', { workspaces: ['T1', 'E1'] }, true],
    ['T1', { workspaces: ['T2', 'E1'] }, false],
    ['T1', { workspaces: [] }, false],
    ['T1', {}, false],
  ])('of %s: %j', (workspace, facts, own) => {
    expect(isOwnWorkspace(workspace === undefined ? {} : { workspace }, facts)).toBe(own)
  })
})

describe('mayApprove', () => {
  const approval = { from: ['U1', 'S1', 'S2'], expires: 60 }

  it.each<[string, Partial<RouteConfig>, Facts, boolean]>([
    ['a named person', { approval }, { user: 'U1' }, true],
    ['a named person, spelled in another case', { approval }, { user: 'u1' }, true],
    ['one of a group', { approval }, { user: 'U2', groups: ['S9', 'S2'] }, true],
    ['a member of another group', { approval }, { user: 'U2', groups: ['S9'] }, false],
    ['a user whose groups are not known', { approval }, { user: 'U2' }, false],
    ['no person', { approval }, {}, false],
    ['anyone, if the route needs no approval', {}, { user: 'U1', groups: ['S1'] }, false],
  ])('%s', (_, config, facts, may) => {
    expect(mayApprove(route(config), { facts })).toBe(may)
  })
})
