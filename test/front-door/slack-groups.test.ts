/** docs: a route can allow Slack user groups. Members are asked of Slack, at most once a minute and group; without an answer no one is allowed. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { policiesFor } from '../../src/deploy/function-policies.ts'
import { bodyOf } from '../support/function-url.ts'
import { createSlack, type Slack } from '../support/slack/fake-slack.ts'
import { ann, bob, eve, type Person } from '../support/slack/people.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { stageSecrets } from '../support/stage-deliveries.ts'

const botToken = 'xoxb-token-of-the-groups'
const method = 'usergroups.users.list'
const config = (routes: string, bot = 'env:SLACK_BOT') => `
sources:
  slack: { adapter: slack, signingSecret: "secretsmanager:signing", botToken: "${bot}" }
tasks:
  job:
    cluster: c
    taskDefinition: job
    container: app
    subnets: [s]
    params: { dataset: { type: string } }
    local: { command: [sh, -c, 'sleep 60'] }
routes:
${routes}
`
const routes = `
  - { on: slack, command: /job, run: job, allow: { userGroups: [S0DATA, S0OPS], users: [U0ANN] } }
  - { on: slack, command: /here, run: job, allow: { userGroups: [S0DATA], channels: [C0OPS] } }
  - { on: slack, command: /people, run: job, allow: { users: [U0ANN] } }
  - { on: slack, command: /open, run: job }
`

let stage: Stage
let slack: Slack
beforeEach(async () => {
  let now = Date.now
  slack = createSlack({ signingSecret: stageSecrets.SLACK, botToken, now: () => now() })
  slack.groups.set('S0DATA', ['U0BOB'])
  slack.groups.set('S0OPS', ['U0OTHER'])
  stage = await startStage({
    config: config(routes).replace('secretsmanager:signing', 'env:SLACK'),
    env: { ...stageSecrets, SLACK_BOT: botToken },
    fetch: slack.fetch,
  })
  now = stage.now
})
afterEach(() => stage.close())

const type = async (command: string, by: Person, text = '', channel = 'C0DATA') =>
  bodyOf(await stage.post('/slack', slack.typeCommand(command, text, by, channel)))
const deliverQueue = async () =>
  (await stage.deliverQueue()).map((body) => JSON.parse(body) as { verb: string; run: string })
/** Groups whose members Slack was asked for. */
const groupsAsked = () => slack.callsOf(method).map(({ body }) => body.usergroup)
const refused = 'Nothing was started. job: this is not open to you'

describe('a route that allows user groups', () => {
  it('is open to members, and others get a reply that says why not', async () => {
    const answer = await stage.post('/slack', slack.typeCommand('/job', '', eve))
    expect([answer.statusCode, bodyOf(answer).text, bodyOf(answer).response_type]).toEqual([200, refused, 'ephemeral'])
    expect(await deliverQueue()).toEqual([])
    expect((await type('/job', bob)).text).toBe('job queued')
    expect(await deliverQueue()).toMatchObject([{ verb: 'start' }])
    expect(stage.logs.join()).toContain('"reason":"job: this is not open to you"')
  })

  it('asks Slack once a minute and group', async () => {
    for (const by of [bob, eve, bob]) await type('/job', by)
    expect(groupsAsked().sort()).toEqual(['S0DATA', 'S0OPS'])
    slack.groups.set('S0DATA', ['U0EVE'])
    expect((await type('/job', eve)).text).toBe(refused)
    stage.advance(61_000)
    expect((await type('/job', eve)).text).toBe('job queued')
    expect((await type('/job', bob)).text).toBe(refused)
    expect(groupsAsked()).toHaveLength(4)
    await deliverQueue()
  })

  it.each(['missing_scope', 'no_such_subteam', 'ratelimited', 'invalid_auth'])(
    'is open to no one if Slack answers %s, and the log says so',
    async (error) => {
      slack.failMethod(method, error)
      for (const by of [bob, eve]) expect((await type('/job', by)).text).toMatch(/^Something went wrong on our side/)
      expect(await deliverQueue()).toEqual([])
      expect(stage.logs.join()).toContain(`Slack refused ${method}: ${error}`)
      expect(stage.logs.join()).not.toContain(botToken)
      // A failure is not cached.
      slack.failMethod(method)
      expect((await type('/job', bob)).text).toBe('job queued')
      await deliverQueue()
    },
  )

  it('is open to a person whom it names, without a call to Slack', async () => {
    slack.failMethod(method, 'missing_scope')
    expect((await type('/job', ann)).text).toBe('job queued')
    expect(groupsAsked()).toEqual([])
    await deliverQueue()
  })

  it('is open only in its channels, if it names some', async () => {
    expect((await type('/here', bob)).text).toBe('Nothing was started. job: this is not open in this channel')
    expect((await type('/here', bob, '', 'C0OPS')).text).toBe('job queued')
    expect((await type('/here', eve, '', 'C0OPS')).text).toBe(refused)
    await deliverQueue()
  })

  it('shows its last runs and its help only to members', async () => {
    await type('/job', bob, 'dataset=hush')
    await deliverQueue()
    expect(JSON.stringify(await type('/job', bob, 'status'))).toContain('dataset=hush')
    expect(JSON.stringify(await type('/job', eve, 'status'))).not.toContain('hush')
    expect((await type('/job', eve, 'help')).text).toBe(refused)
    expect(JSON.stringify(await type('/open', eve, 'status'))).not.toContain('hush')
  })
})

describe('buttons of its runs', () => {
  const begin = async (command = '/job', by = bob) => {
    await type(command, by)
    const [command_] = await deliverQueue()
    slack.calls.length = 0
    stage.advance(61_000)
    return command_?.run ?? ''
  }
  const click = async (action: string, run: string, by: Person) => {
    await stage.post('/slack', slack.clickButton(`taskhook:${action}`, run, by))
    return slack.ephemerals.at(-1)?.text
  }

  it.each(['cancel', 'rerun', 'show'])('%s acts for members, and not for others', async (action) => {
    const run = await begin()
    expect(await click(action, run, eve)).toBe('Nothing was done. job: this is not open to you')
    expect(await deliverQueue()).toEqual([])
    expect(await click(action, run, bob)).not.toContain('Nothing was done')
    expect((await deliverQueue()).map(({ verb }) => verb)).toEqual(
      action === 'show' ? [] : [action === 'cancel' ? 'cancel' : 'start'],
    )
    expect(groupsAsked().sort()).toEqual(['S0DATA', 'S0OPS'])
  })

  it('act for no one if Slack gives no answer', async () => {
    const run = await begin()
    slack.failMethod(method, 'missing_scope')
    expect(await click('cancel', run, bob)).toMatch(/^Something went wrong on our side/)
    expect(await deliverQueue()).toEqual([])
  })

  it('cause no call to Slack if the person is named, or no group is', async () => {
    const run = await begin()
    slack.failMethod(method, 'missing_scope')
    expect(await click('show', run, ann)).not.toContain('wrong')
    const other = await begin('/people', ann)
    expect(await click('show', other, ann)).not.toContain('wrong')
    expect(await click('show', other, eve)).toContain('this is not open to you')
    expect(groupsAsked()).toEqual([])
  })

  it('have the same effect as typed commands', async () => {
    const run = await begin()
    expect((await type('/open', eve, `cancel ${run}`)).text).toBe('Nothing was done. job: this is not open to you')
    expect(await deliverQueue()).toEqual([])
    expect((await type('/open', bob, `cancel ${run}`)).text).toBe('job is being cancelled by bob')
    expect(await deliverQueue()).toMatchObject([{ verb: 'cancel' }])
  })
})

it('a route without groups never asks Slack', async () => {
  for (const command of ['/people', '/open'])
    for (const by of [ann, eve]) for (const text of ['', 'help', 'status']) await type(command, by, text)
  await deliverQueue()
  expect(groupsAsked()).toEqual([])
})

describe('the IAM policy of `receive`', () => {
  const compiled = (route: string) =>
    compileConfig(config(`  - { on: slack, command: /job, run: job, ${route} }`, 'secretsmanager:bot'), builtinSpecs)
  const readable = (route: string) =>
    JSON.stringify(
      policiesFor(compiled(route)).receive.filter(({ Action }) => Action.includes('secretsmanager:GetSecretValue')),
    )

  it.each([
    ['a group that is allowed', 'allow: { userGroups: S0DATA }'],
    ['a group that approves', 'approval: { from: [U0BOB, S0DATA] }'],
  ])('has the bot token for %s', (_, route) => {
    expect(compiled(route).sources.slack?.receiveTokens).toEqual(['botToken'])
    expect(readable(route)).toContain('secret:bot-??????')
  })

  it.each([
    ['no list', 'allow: { channels: C0DATA }'],
    ['people alone', 'allow: { users: [U0ANN] }, approval: { from: [U0BOB, W0BOB] }'],
  ])('has no bot token for %s', (_, route) => {
    expect(compiled(route).sources.slack).not.toHaveProperty('receiveTokens')
    expect(readable(route)).toContain('secret:signing-??????')
    expect(readable(route)).not.toContain('secret:bot')
  })
})
