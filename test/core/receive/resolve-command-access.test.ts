import { describe, expect, it } from 'vitest'
import type { Adapter, Facts, Lookup, SenderTools } from '../../../src/core/adapter.ts'
import type { RouteConfig } from '../../../src/core/model/config.ts'
import { resolveCommandAccess } from '../../../src/core/receive/resolve-command-access.ts'
import { route } from '../routing/route-fixtures.ts'

const never = () => {
  throw new Error('not called here')
}
const bare = { verify: never, translate: never, updateStatus: never }
const config = { name: 'github', adapter: 'github', secret: [], tokens: {}, options: {} }

/** @param members of groups, as the sender answers; undefined: the adapter cannot ask */
async function resolved(
  change: Partial<RouteConfig>,
  facts: Facts,
  members?: readonly string[],
  more: { readonly isGroup?: (name: string) => boolean; readonly known?: readonly string[] } = {},
) {
  const lookups: Lookup[] = []
  const adapter: Adapter = {
    ...bare,
    ...(members !== undefined && {
      async enrich(_, lookup) {
        lookups.push(lookup)
        return { facts: { groups: lookup.groups.filter((group) => members.includes(group)) } }
      },
    }),
    ...(more.isGroup !== undefined && { isGroup: more.isGroup }),
  }
  const routes = [route({ command: ['/analyze'], ...change })]
  const context = { facts: { command: '/analyze', ...facts }, replyAddress: null }
  const delivery = { source: { config, adapter }, tools: {} as SenderTools }
  const { access, facts: after } = await resolveCommandAccess({ routes }, delivery, context, more.known)
  return { access, groups: after.groups, asked: lookups.flatMap(({ groups }) => groups) }
}

const users = { allow: { users: ['ann'] } }
const teams = { allow: { teams: ['a/data', 'a/ops'] } }
const approvedBy = (...from: string[]) => ({ ...users, approval: { from, expires: 60 } })

describe('resolveCommandAccess', () => {
  it.each<[string, Partial<RouteConfig>, Facts, string]>([
    ['a listed user', users, { user: 'ann' }, 'allowed'],
    ['a stranger', users, { user: 'bob' }, 'denied'],
    ['an unknown command', { command: ['/other'] }, { user: 'ann' }, 'unknown-command'],
  ])('does not ask the sender about %s', async (_, change, facts, access) => {
    expect(await resolved(change, facts, ['x'])).toEqual({ access, groups: undefined, asked: [] })
  })

  it('allows a member of a group, and keeps the groups for later checks', async () => {
    const facts = { user: 'bob', groups: ['a/first'] }
    expect(await resolved(teams, facts, ['a/ops'])).toEqual({
      ...{ access: 'allowed', groups: ['a/first', 'a/ops'], asked: ['a/data', 'a/ops'] },
    })
  })

  it('denies a person who is in none of the groups', async () => {
    expect(await resolved(teams, { user: 'bob' }, [])).toMatchObject({ access: 'denied', groups: [] })
  })

  it('denies everyone if the adapter cannot ask', async () => {
    expect(await resolved(teams, { user: 'bob' })).toMatchObject({ access: 'denied' })
  })

  it('does not ask about groups that were asked about before', async () => {
    const facts = { user: 'bob', groups: [] }
    const known = { known: ['a/data'] }
    expect(await resolved(teams, facts, [], known)).toMatchObject({ access: 'denied', asked: ['a/ops'] })
  })

  it('asks about approvers that are groups, and about all of them if the adapter does not tell them apart', async () => {
    const route = approvedBy('carol', 'a/leads')
    const isGroup = (name: string) => name.includes('/')
    expect(await resolved(route, { user: 'lea' }, ['a/leads'], { isGroup })).toMatchObject({
      ...{ access: 'allowed', asked: ['a/leads'] },
    })
    expect(await resolved(route, { user: 'lea' }, ['a/leads'])).toMatchObject({
      ...{ access: 'allowed', asked: ['carol', 'a/leads'] },
    })
  })
})
