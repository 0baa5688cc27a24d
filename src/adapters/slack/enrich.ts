/** Asks Slack who is in a user group. https://docs.slack.dev/reference/methods/usergroups.users.list */
import type { Lookup, LookupContext, LookupResult, SenderTools } from '../../core/adapter.ts'
import { isUserGroupId } from '../../core/model/user-groups.ts'
import type { SlackAddress } from './reply-address.ts'
import { readReply } from './web-api.ts'

type Enrich = (
  context: LookupContext<SlackAddress>,
  lookup: Lookup,
  tools: SenderTools,
) => Promise<LookupResult<SlackAddress>>

/** How long a group's members are kept. A command must be answered within three seconds, and each group is one call. */
const cacheMs = 60_000

export function createEnrich(): Enrich {
  const membersOf = createMembers()
  return async ({ facts: { user = '' } }, { groups }, tools) => {
    const ids = groups.filter(isUserGroupId)
    if (ids.length === 0) return {}
    const token = await tools.token('botToken')
    if (token === undefined) return {}
    const memberships = await Promise.all(
      ids.map(async (id) => ((await membersOf(id, tools, token)).includes(user) ? [id] : [])),
    )
    return { facts: { groups: memberships.flat() } }
  }
}

function createMembers() {
  const cache = new Map<string, { readonly at: number; readonly users: readonly string[] }>()
  return async (id: string, tools: SenderTools, token: string): Promise<readonly string[]> => {
    const cached = cache.get(id)
    if (cached !== undefined && tools.now() - cached.at < cacheMs) return cached.users
    const users = await fetchMembers(id, tools, token)
    cache.set(id, { at: tools.now(), users })
    return users
  }
}

async function fetchMembers(id: string, tools: SenderTools, token: string): Promise<readonly string[]> {
  // Methods that only read take no JSON.
  const response = await tools.fetch(`https://slack.com/api/usergroups.users.list?usergroup=${id}`, {
    headers: { authorization: `Bearer ${token}` },
    redirect: 'error',
  })
  const { ok, error, users } = await readReply(response)
  if (!ok) throw new Error(`Slack refused usergroups.users.list: ${error ?? response.status}`)
  return users
}
