import { type Checkup, type Finding, ok, problem } from '../../core/model/checkup.ts'
import { isUserGroupId } from '../../core/model/user-groups.ts'

type Routes = Parameters<NonNullable<Checkup['credentials']>>[1]

/** What a message of one's own needs, and who is in a user group. https://docs.slack.dev/reference/scopes */
const neededBy = (routes: Routes): readonly string[] => [
  'chat:write',
  ...(routes.some(({ allow, approval }) =>
    [...(allow?.userGroups ?? []), ...(approval?.from ?? [])].some(isUserGroupId),
  )
    ? ['usergroups:read']
    : []),
]

export const checkup: Checkup = {
  whyMalformed(key, value) {
    if (key === 'secret')
      return /^[0-9a-f]{32}$/.test(value)
        ? undefined
        : 'is not a signing secret: that has 32 hexadecimal digits, and stands under Basic Information, App Credentials'
    return value.startsWith('xoxb-')
      ? undefined
      : 'is not a bot token: that begins with xoxb-, and stands under OAuth & Permissions'
  },

  async credentials({ name }, routes, { fetch, token }) {
    const botToken = await token('botToken')
    if (botToken === undefined) return []
    const response = await fetch('https://slack.com/api/auth.test', {
      method: 'POST',
      headers: { authorization: `Bearer ${botToken}` },
      redirect: 'error',
    })
    const { ok: valid, error, team } = (await response.json()) as { ok?: boolean; error?: string; team?: string }
    if (valid !== true)
      return [
        problem(
          `${name}: Slack refuses the bot token (${error ?? response.status})`,
          'install the app again, and store the token that stands under OAuth & Permissions',
        ),
      ]
    const scopes = (response.headers.get('x-oauth-scopes') ?? '').split(/, */)
    const lacking = neededBy(routes).filter((scope) => !scopes.includes(scope))
    return lacking.length > 0
      ? lacking.map((scope) => lacks(name, scope))
      : [ok(`${name}: Slack takes the bot token${team === undefined ? '' : ` of ${team}`}`)]
  },
}

const lacks = (name: string, scope: string): Finding =>
  problem(
    `${name}: the bot token lacks the scope ${scope}, so ${scope === 'chat:write' ? 'runs longer than 30 minutes end unheard' : 'nobody is in a user group'}`,
    `add ${scope} under OAuth & Permissions, Bot Token Scopes, and install the app again`,
  )
