/** Membership in user groups, as Slack is asked for it. */
import { describe, expect, it } from 'vitest'
import { createEnrich } from '../../../src/adapters/slack/enrich.ts'
import type { SenderTools } from '../../../src/core/adapter.ts'

const url = 'https://slack.com/api/usergroups.users.list?usergroup='

function asking(answers: Readonly<Record<string, () => Response>>, token: string | undefined = 'xoxb-1') {
  const calls: { url: string; authorization: string | null; redirect: string | undefined }[] = []
  let now = 0
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    const authorization = new Headers(init?.headers).get('authorization')
    calls.push({ url: String(input), authorization, redirect: init?.redirect })
    return answers[String(input).replace(url, '')]?.() ?? Response.json({ ok: false, error: 'no_such_subteam' })
  }
  const tools: SenderTools = { fetch, fetchPublic: fetch, now: () => now, token: async () => token }
  const enrich = createEnrich()
  return {
    calls,
    advance: (ms: number) => {
      now += ms
    },
    ask: (user: string | undefined, groups: readonly string[]) =>
      enrich({ facts: user === undefined ? {} : { user }, replyAddress: null }, { paths: false, groups }, tools),
  }
}
const users =
  (...ids: string[]) =>
  () =>
    Response.json({ ok: true, users: ids })

describe('enrich', () => {
  it('returns the groups that the user is a member of', async () => {
    const { ask, calls } = asking({ S01: users('U1', 'U2'), S02: users('U2') })
    expect(await ask('U1', ['S01', 'S02'])).toEqual({ facts: { groups: ['S01'] } })
    expect(await ask('U2', ['S01', 'S02'])).toEqual({ facts: { groups: ['S01', 'S02'] } })
    expect(await ask('U3', ['S01'])).toEqual({ facts: { groups: [] } })
    expect(calls).toEqual(
      ['S01', 'S02'].map((id) => ({ url: `${url}${id}`, authorization: 'Bearer xoxb-1', redirect: 'error' })),
    )
  })

  it('asks again after a minute, not before', async () => {
    const { ask, calls, advance } = asking({ S01: users('U1') })
    await ask('U1', ['S01'])
    advance(59_999)
    await ask('U2', ['S01'])
    expect(calls).toHaveLength(1)
    advance(1)
    await ask('U2', ['S01'])
    expect(calls).toHaveLength(2)
  })

  it('returns no group for an unknown user', async () => {
    expect(await asking({ S01: users('U1') }).ask(undefined, ['S01'])).toEqual({ facts: { groups: [] } })
  })

  it('asks nothing if no id is a user group', async () => {
    const { ask, calls } = asking({})
    expect(await ask('U1', ['U2', 'acme/data', 'S0/../x', 's01', 'S01&x=1'])).toEqual({})
    expect(calls).toEqual([])
  })

  it.each<[string, () => Response, string]>([
    ['a refusal', () => Response.json({ ok: false, error: 'missing_scope' }), 'missing_scope'],
    ['a page', () => new Response('<html>Bad Gateway</html>', { status: 502 }), '502'],
    ['nothing', () => Response.json(null, { status: 500 }), '500'],
  ])('fails if Slack answers with %s, and asks again the next time', async (_, answer, why) => {
    let answers = answer
    const { ask } = asking({ S01: () => answers() })
    await expect(ask('U1', ['S01'])).rejects.toThrow(`Slack refused usergroups.users.list: ${why}`)
    answers = users('U1')
    expect(await ask('U1', ['S01'])).toEqual({ facts: { groups: ['S01'] } })
  })
})
