/** Which bot causes an event, and which events bots may cause only where a route names them. */
import { describe, expect, it } from 'vitest'
import { createGetApiClient } from '../../../src/adapters/github/api-client.ts'
import { botFacts } from '../../../src/adapters/github/bots.ts'
import { checkSuiteRerun, createRunDeferred } from '../../../src/adapters/github/check-suite.ts'
import { routeFacts } from '../../../src/adapters/github/route-facts.ts'

const bot = { login: 'renovate[bot]', type: 'Bot' }
const person = { login: 'ann', type: 'User' }
const named = { bot: 'renovate' }
const request = { ...named, botsNeedAllow: true }
const app = (slug: unknown) => ({ performed_via_github_app: { slug } })

it('a bot that re-runs all checks is still known when the queue brings the work', async () => {
  const suite = { id: 1, head_branch: 'main', head_sha: 'a'.repeat(40), app: { id: 7 } }
  const payload = { action: 'rerequested', check_suite: suite, repository: { full_name: 'acme/site' }, sender: bot }
  const trigger = {
    ...{ event: 'check_suite.rerequested', deliveryId: '', actor: 'renovate[bot]', payload },
    ...{ facts: routeFacts('check_suite', payload), rawParams: { kind: 'none' } as const },
    replyAddress: { repository: 'acme/site', sha: suite.head_sha },
  }
  const deferred = checkSuiteRerun('check_suite', payload, trigger, 7)
  const github: typeof fetch = async () =>
    Response.json({ total_count: 1, check_runs: [{ name: 'taskhook/t', external_id: 'r' }] })
  const tools = { fetch: github, fetchPublic: github, now: () => 0, token: async () => 'x' }
  const runDeferred = createRunDeferred(createGetApiClient({ apiUrl: 'https://api.github.com', appId: undefined }))
  expect(await runDeferred(deferred?.work ?? null, tools)).toMatchObject([{ verb: 'rerun', run: 'r', facts: request }])
})

describe('botFacts', () => {
  it.each<[string, string, Record<string, unknown>, object]>([
    ['a push by a person', 'push', { sender: person }, {}],
    ['a push by a bot', 'push', { sender: bot }, named],
    ['a comment by a person', 'issue_comment', { sender: person, comment: { user: person } }, {}],
    ['a comment by a bot', 'issue_comment', { sender: bot, comment: { user: bot } }, request],
    ['a comment by a bot, sent by a person', 'issue_comment', { sender: person, comment: { user: bot } }, request],
    ['a comment by a person, sent by a bot', 'issue_comment', { sender: bot, comment: { user: person } }, request],
    [
      'a comment that a person had an App write',
      'issue_comment',
      { sender: person, comment: { user: person, ...app('renovate') } },
      request,
    ],
    [
      'a comment by an App without a name',
      'issue_comment',
      { sender: person, comment: { user: person, ...app(3) } },
      { ...request, bot: '?' },
    ],
    [
      'a bot without a login',
      'check_run',
      { action: 'rerequested', sender: { type: 'Bot' } },
      { ...request, bot: '?' },
    ],
    ['a re-run by a bot', 'check_run', { action: 'rerequested', sender: bot }, request],
    ['a button that a bot pressed', 'check_run', { action: 'requested_action', sender: bot }, request],
    ['a re-run of all checks by a bot', 'check_suite', { action: 'rerequested', sender: bot }, request],
    ['a re-run by a person', 'check_run', { action: 'rerequested', sender: person }, {}],
    ['a check run that a bot created', 'check_run', { action: 'created', sender: bot }, named],
    ['no sender', 'push', {}, {}],
  ])('%s', (_, event, payload, facts) => {
    expect(botFacts(event, payload)).toEqual(facts)
  })
})
