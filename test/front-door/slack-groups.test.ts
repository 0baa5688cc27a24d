/** Routes that name Slack's user groups: who is let in, what that asks of Slack, and what it costs where Slack gives no answer. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { policiesFor } from '../../src/deploy/iam-policies.ts'
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

let on: Stage
let slack: Slack
beforeAll(async () => {
  slack = createSlack({ signingSecret: stageSecrets.SLACK, botToken, now: () => on?.now() ?? Date.now() })
  on = await startStage({
    config: config(routes).replace('secretsmanager:signing', 'env:SLACK'),
    env: { ...stageSecrets, SLACK_BOT: botToken },
    fetch: slack.fetch,
  })
})
afterAll(() => on?.close())
beforeEach(() => {
  // What is known from another test is forgotten.
  on.advance(61_000)
  slack.failMethod(method)
  slack.groups.clear()
  slack.groups.set('S0DATA', ['U0BOB'])
  slack.groups.set('S0OPS', ['U0OTHER'])
  slack.calls.length = 0
  slack.ephemerals.length = 0
})

const type = async (command: string, by: Person, text = '', channel = 'C0DATA') =>
  bodyOf(await on.post('/slack', slack.typeCommand(command, text, by, channel)))
const pump = async () => {
  const bodies = await on.takeMessages()
  for (const body of bodies) await on.bridge.start({ Records: [{ messageId: 'm', body }] })
  return bodies.map((body) => JSON.parse(body) as { verb: string; run: string })
}
const asked = () => slack.callsOf(method).map(({ body }) => body.usergroup)
const refused = 'Nothing was started. job: this is not open to you'

describe('a route that names user groups', () => {
  it('lets members in, and keeps others out in words that Slack shows', async () => {
    const answer = await on.post('/slack', slack.typeCommand('/job', '', eve))
    expect([answer.statusCode, bodyOf(answer).text, bodyOf(answer).response_type]).toEqual([200, refused, 'ephemeral'])
    expect(await pump()).toEqual([])
    expect((await type('/job', bob)).text).toBe('job queued')
    expect(await pump()).toMatchObject([{ verb: 'start' }])
    expect(on.logs.join()).toContain('"reason":"job: this is not open to you"')
  })

  it('asks once a minute and group', async () => {
    for (const by of [bob, eve, bob]) await type('/job', by)
    expect(asked().sort()).toEqual(['S0DATA', 'S0OPS'])
    slack.groups.set('S0DATA', ['U0EVE'])
    expect((await type('/job', eve)).text).toBe(refused)
    on.advance(61_000)
    expect((await type('/job', eve)).text).toBe('job queued')
    expect((await type('/job', bob)).text).toBe(refused)
    expect(asked()).toHaveLength(4)
    await pump()
  })

  it.each(['missing_scope', 'no_such_subteam', 'ratelimited', 'invalid_auth'])(
    'lets nobody in where Slack answers %s, and the log says so',
    async (error) => {
      slack.failMethod(method, error)
      for (const by of [bob, eve]) expect((await type('/job', by)).text).toMatch(/^Something went wrong on our side/)
      expect(await pump()).toEqual([])
      expect(on.logs.join()).toContain(`Slack refused ${method}: ${error}`)
      expect(on.logs.join()).not.toContain(botToken)
      // A failure is not kept.
      slack.failMethod(method)
      expect((await type('/job', bob)).text).toBe('job queued')
      await pump()
    },
  )

  it('lets a person in whom it names, without a call, whatever Slack says', async () => {
    slack.failMethod(method, 'missing_scope')
    expect((await type('/job', ann)).text).toBe('job queued')
    expect(asked()).toEqual([])
    await pump()
  })

  it('holds in its channels alone', async () => {
    expect((await type('/here', bob)).text).toBe('Nothing was started. job: this is not open in this channel')
    expect((await type('/here', bob, '', 'C0OPS')).text).toBe('job queued')
    expect((await type('/here', eve, '', 'C0OPS')).text).toBe(refused)
    await pump()
  })

  it('shows the last runs and the help to its members alone', async () => {
    await type('/job', bob, 'dataset=hush')
    await pump()
    expect(JSON.stringify(await type('/job', bob, 'status'))).toContain('dataset=hush')
    expect(JSON.stringify(await type('/job', eve, 'status'))).not.toContain('hush')
    expect((await type('/job', eve, 'help')).text).toBe(refused)
    expect(JSON.stringify(await type('/open', eve, 'status'))).not.toContain('hush')
  })
})

describe('its buttons', () => {
  const begin = async (command = '/job', by = bob) => {
    await type(command, by)
    const [command_] = await pump()
    slack.calls.length = 0
    on.advance(61_000)
    return command_?.run ?? ''
  }
  const click = async (action: string, run: string, by: Person) => {
    await on.post('/slack', slack.clickButton(`taskhook:${action}`, run, by))
    return slack.ephemerals.at(-1)?.text
  }

  it.each(['cancel', 'rerun', 'show'])('%s is for members, not for others', async (action) => {
    const run = await begin()
    expect(await click(action, run, eve)).toBe('Nothing was done. job: this is not open to you')
    expect(await pump()).toEqual([])
    expect(await click(action, run, bob)).not.toContain('Nothing was done')
    expect((await pump()).map(({ verb }) => verb)).toEqual(
      action === 'show' ? [] : [action === 'cancel' ? 'cancel' : 'start'],
    )
    expect(asked().sort()).toEqual(['S0DATA', 'S0OPS'])
  })

  it('are for nobody where Slack gives no answer', async () => {
    const run = await begin()
    slack.failMethod(method, 'missing_scope')
    expect(await click('cancel', run, bob)).toMatch(/^Something went wrong on our side/)
    expect(await pump()).toEqual([])
  })

  it('cause no call where a person is named, or no group is', async () => {
    const run = await begin()
    slack.failMethod(method, 'missing_scope')
    expect(await click('show', run, ann)).not.toContain('wrong')
    const other = await begin('/people', ann)
    expect(await click('show', other, ann)).not.toContain('wrong')
    expect(await click('show', other, eve)).toContain('this is not open to you')
    expect(asked()).toEqual([])
  })

  it('the words do as the buttons', async () => {
    const run = await begin()
    expect((await type('/open', eve, `cancel ${run}`)).text).toBe('Nothing was done. job: this is not open to you')
    expect(await pump()).toEqual([])
    expect((await type('/open', bob, `cancel ${run}`)).text).toBe('job is being cancelled by bob')
    expect(await pump()).toMatchObject([{ verb: 'cancel' }])
  })
})

it('where no group is named nothing is ever asked', async () => {
  for (const command of ['/people', '/open'])
    for (const by of [ann, eve]) for (const text of ['', 'help', 'status']) await type(command, by, text)
  await pump()
  expect(asked()).toEqual([])
})

describe('what the function that faces the internet is given', () => {
  const compiled = (route: string) =>
    compileConfig(config(`  - { on: slack, command: /job, run: job, ${route} }`, 'secretsmanager:bot'), builtinSpecs)
  const readable = (route: string) =>
    JSON.stringify(
      policiesFor(compiled(route)).receive.filter(({ Action }) => Action.includes('secretsmanager:GetSecretValue')),
    )

  it.each([
    ['a group that may', 'allow: { userGroups: S0DATA }'],
    ['a group that approves', 'approval: { from: [U0BOB, S0DATA] }'],
  ])('with %s, the token', (_, route) => {
    expect(compiled(route).sources.slack?.receiveTokens).toEqual(['botToken'])
    expect(readable(route)).toContain('secret:bot-??????')
  })

  it.each([
    ['no list', 'allow: { channels: C0DATA }'],
    ['people alone', 'allow: { users: [U0ANN] }, approval: { from: [U0BOB, W0BOB] }'],
  ])('with %s, none', (_, route) => {
    expect(compiled(route).sources.slack).not.toHaveProperty('receiveTokens')
    expect(readable(route)).toContain('secret:signing-??????')
    expect(readable(route)).not.toContain('secret:bot')
  })
})
