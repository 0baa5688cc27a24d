/** What `taskhook doctor` can check about Slack. https://docs.slack.dev/reference/methods/auth.test */
import { type Checkup, type Finding, ok, problem } from '../../core/model/checkup.ts'
import { isUserGroupId } from '../../core/model/user-groups.ts'
import { readReply } from './web-api.ts'

export const checkup: Checkup = {
  whyMalformed(key, value) {
    if (key === 'secret')
      return /^[0-9a-f]{32}$/.test(value)
        ? undefined
        : 'is not a signing secret, which has 32 hexadecimal digits; copy it from Basic Information, App Credentials'
    return value.startsWith('xoxb-')
      ? undefined
      : 'is not a bot token, which begins with xoxb-; copy it from OAuth & Permissions'
  },

  async credentials({ name }, routes, { fetch, token }) {
    const botToken = await token('botToken')
    if (botToken === undefined) return []
    const response = await fetch('https://slack.com/api/auth.test', {
      method: 'POST',
      headers: { authorization: `Bearer ${botToken}` },
      redirect: 'error',
    })
    const reply = await readReply(response)
    if (!reply.ok) return [refused(name, reply.error ?? String(response.status))]
    const scopes = (response.headers.get('x-oauth-scopes') ?? '').split(/, */)
    const missing = neededScopes(routes).filter((scope) => !scopes.includes(scope))
    return missing.length > 0
      ? missing.map((scope) => missingScope(name, scope))
      : [ok(`${name}: Slack accepts the bot token${reply.team === undefined ? '' : ` of ${reply.team}`}`)]
  },
}

type Routes = Parameters<NonNullable<Checkup['credentials']>>[1]

/** To post messages, and to read the members of user groups. https://docs.slack.dev/reference/scopes */
const neededScopes = (routes: Routes): readonly string[] => [
  'chat:write',
  ...(routes.some(({ allow, approval }) =>
    [...(allow?.userGroups ?? []), ...(approval?.from ?? [])].some(isUserGroupId),
  )
    ? ['usergroups:read']
    : []),
]

const refused = (name: string, error: string): Finding =>
  problem(
    `${name}: Slack refuses the bot token (${error})`,
    'install the app again, and store the token shown under OAuth & Permissions',
  )

const missingScope = (name: string, scope: string): Finding => {
  const effect =
    scope === 'chat:write'
      ? 'the results of runs longer than 30 minutes are not reported'
      : 'no one counts as a member of a user group'
  return problem(
    `${name}: the bot token lacks the scope ${scope}, so ${effect}`,
    `add ${scope} under OAuth & Permissions, Bot Token Scopes, and install the app again`,
  )
}
