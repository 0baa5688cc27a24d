/** Who is in which user group: only Slack knows. https://docs.slack.dev/reference/methods/usergroups.users.list */
import type { Adapter } from '../../core/adapter.ts'
import { isUserGroupId } from '../../core/model/user-groups.ts'
import { answerOf } from './web-api.ts'

type Inquire = NonNullable<Adapter['enrich']>

/** Milliseconds for which an answer holds: a command must be answered within three seconds, and each question is one call. */
const lifeMs = 60_000

export function createEnrich(): Inquire {
  const known = new Map<string, { readonly at: number; readonly users: readonly string[] }>()
  return async ({ facts: { user } }, { groups }, tools) => {
    const ids = groups.filter(isUserGroupId)
    if (ids.length === 0) return {}
    const token = await tools.token('botToken')
    if (token === undefined) return {}
    const usersOf = async (id: string): Promise<readonly string[]> => {
      const cached = known.get(id)
      if (cached !== undefined && tools.now() - cached.at < lifeMs) return cached.users
      // The one kind of method that takes no JSON.
      const response = await tools.fetch(`https://slack.com/api/usergroups.users.list?usergroup=${id}`, {
        headers: { authorization: `Bearer ${token}` },
        redirect: 'error',
      })
      const { ok, error, users = [] } = await answerOf(response)
      if (ok !== true) throw new Error(`Slack refused usergroups.users.list: ${error ?? response.status}`)
      known.set(id, { at: tools.now(), users })
      return users
    }
    const members = await Promise.all(ids.map(async (id) => ((await usersOf(id)).includes(user ?? '') ? [id] : [])))
    return { facts: { groups: members.flat() } }
  }
}
