/** A second person, in Slack: who may say yes, how often that starts something, and what everybody is told. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { slackDelivery } from '../support/deliveries.ts'
import { eventually } from '../support/eventually.ts'
import { bodyOf } from '../support/function-url.ts'
import { accessDenied } from '../support/relay.ts'
import { createSlack, type Slack } from '../support/slack/fake-slack.ts'
import type { ChannelMessage } from '../support/slack/messages.ts'
import { ann, bob, eve, type Person } from '../support/slack/people.ts'
import { buttonActions, renderedTexts } from '../support/slack/rendered.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { stageSecrets } from '../support/stage-deliveries.ts'

const botToken = 'xoxb-token-of-the-approval'
const otherSecret = 'the-secret-of-another-workspace'
const zoe: Person = { id: 'U0ZOE', name: 'zoe' }
const task = (name: string, command: string, more = '') => `
  ${name}:
    cluster: c
    taskDefinition: ${name}
    container: app
    subnets: [s]
    params: { dataset: { type: string } }
    local: { command: [sh, -c, '${command}'] }
    ${more}`
const config = (token: boolean) => `
sources:
  slack: { adapter: slack, signingSecret: "env:SLACK"${token ? ', botToken: "env:SLACK_BOT"' : ''} }
  other: { adapter: slack, signingSecret: "env:OTHER" }
tasks:
${task('deploy', 'true')}
${task('long', 'sleep 60')}
${task('asking', 'true').replace('type: string', 'type: string, required: true')}
${task('limited', 'sleep 60', 'concurrency: { limit: 1 }')}
${task('newest', 'sleep 60', 'concurrency: { whenFull: cancel-oldest }')}
routes:
  - { on: slack, command: /deploy, run: deploy, approval: { from: [U0ANN, U0BOB${token ? ', S0OPS' : ''}], expires: 2h } }
  - { on: slack, command: /long, run: long, approval: { from: U0BOB } }
  - { on: slack, command: /limited, run: limited, approval: { from: U0BOB } }
  - { on: slack, command: /form, run: asking, approval: { from: U0BOB } }
  - { on: slack, command: /now, run: limited }
  - { on: slack, command: /newest, run: newest, approval: { from: U0BOB } }
  - { on: slack, command: /at-once, run: newest }
  - { on: slack, command: /free, run: long }
  - { on: other, command: /deploy, run: deploy, approval: { from: [U0BOB] } }
`

let on: Stage
let slack: Slack
const begin = async (token = true) => {
  slack = createSlack({
    signingSecret: stageSecrets.SLACK,
    now: () => on?.now() ?? Date.now(),
    ...(token && { botToken }),
  })
  slack.groups.set('S0OPS', ['U0ZOE'])
  on = await startStage({
    config: config(token),
    env: { ...stageSecrets, SLACK_BOT: botToken, OTHER: otherSecret },
    fetch: slack.fetch,
  })
}
afterEach(() => on?.close())

const hours = (count: number) => count * 3_600_000
const deliver = (body: string | object) =>
  on.bridge.start({ Records: [{ messageId: 'm', body: typeof body === 'string' ? body : JSON.stringify(body) }] })
/** Delivers what the queue holds, until it holds nothing. */
const pump = async () => {
  const commands: { verb: string; run: string }[] = []
  for (let bodies = await on.takeMessages(); bodies.length > 0; bodies = await on.takeMessages())
    for (const body of bodies) {
      commands.push(JSON.parse(body) as { verb: string; run: string })
      await deliver(body)
    }
  return commands
}
const type = async (command: string, text = '', by = ann, channel = 'C0DATA') =>
  bodyOf(await on.post('/slack', slack.typeCommand(command, text, by, channel))) as { text: string; blocks: [] }
const ask = async (command = '/deploy', by = ann, text = '') => {
  const answer = await type(command, text, by)
  const [{ run = '' } = {}] = await pump()
  return { run, answer }
}
const message = (run: string): ChannelMessage => {
  const [found, ...more] = slack.messagesIn('C0DATA').filter((each) => JSON.stringify(each).includes(run))
  if (found === undefined || more.length > 0) throw new Error(`the channel shows ${run} ${more.length + 1} times`)
  return found
}
/** @param where default: the message of the run; `alone`: one that nobody else sees */
const click = async (action: string, run: string, by: Person, where: ChannelMessage | 'alone' = message(run)) => {
  const before = slack.ephemerals.length
  const shown = where === 'alone' ? undefined : where
  const answer = await on.post('/slack', slack.clickButton(`taskhook:${action}`, run, by, shown))
  return { status: answer.statusCode, whisper: slack.ephemerals.slice(before).at(-1)?.text }
}
const started = async (run: string) => (await on.tasks(run)).length
const waiting = { status: 'queued', reason: 'waits for approval' }

describe('with a bot token', () => {
  beforeEach(() => begin())

  it('waits in the channel, says who may approve it and until when, and holds Approve and Reject', async () => {
    const { run, answer } = await ask('/deploy', ann, 'dataset=sales')
    expect(await on.runRecord(run)).toMatchObject(waiting)
    expect(await started(run)).toBe(0)
    const said = message(run)
    expect(said.text).toBe('deploy waits for approval')
    expect(renderedTexts(said)[1]).toMatch(
      /^<@U0ANN> or <@U0BOB> or <!subteam\^S0OPS> may approve it, until <!date\^\d+\^\{date_short_pretty\} \{time\}\|20.*Z>\.$/,
    )
    expect(renderedTexts(said)[2]).toContain('<@U0ANN>')
    expect(buttonActions(said)).toEqual(['taskhook:approve', 'taskhook:reject'])
    // Whoever asked cannot approve it: the answer to him alone does not offer that.
    expect(answer.text).toBe('deploy waits for approval')
    expect(buttonActions(answer)).toEqual(['taskhook:cancel', 'taskhook:show'])
  })

  it('Approve starts it once; the message says by whom, and is edited to the end', async () => {
    const { run } = await ask()
    expect(await click('approve', run, bob)).toEqual({ status: 200, whisper: undefined })
    expect(message(run).text).toBe('deploy approved by bob')
    expect(buttonActions(message(run))).toEqual([])
    await pump()
    expect(await on.runRecord(run)).toMatchObject({ approvedBy: 'bob', status: 'starting' })
    expect(await started(run)).toBe(1)
    await on.settleToEnd(run)
    expect(message(run).text).toMatch(/^deploy succeeded/)
    expect(renderedTexts(message(run)).join()).toContain('approved by bob')
    expect(slack.callsOf('chat.postMessage')).toHaveLength(1)
  })

  it('a word approves as well, and the message in the channel offers it no longer', async () => {
    const { run } = await ask()
    expect((await type('/deploy', `approve ${run}`, bob)).text).toBe('deploy approved by bob')
    await pump()
    expect(await started(run)).toBe(1)
    expect(message(run).text).not.toContain('waits')
    expect(buttonActions(message(run))).toEqual(['taskhook:cancel', 'taskhook:show'])
    expect(renderedTexts(message(run)).join()).toContain('approved by bob')
  })

  it('a member of a group in `from` may', async () => {
    const { run } = await ask()
    await click('approve', run, zoe)
    await pump()
    expect(await on.runRecord(run)).toMatchObject({ approvedBy: 'zoe' })
  })

  it('whom `from` names may, though Slack does not say who is in its groups', async () => {
    const { run } = await ask()
    slack.failMethod('usergroups.users.list', 'missing_scope')
    expect((await click('approve', run, zoe)).whisper).toMatch(/^Something went wrong on our side/)
    await click('approve', run, bob)
    await pump()
    expect(await on.runRecord(run)).toMatchObject({ approvedBy: 'bob' })
  })

  describe('is not approved', () => {
    const untouched = async (run: string) => {
      await pump()
      expect(await on.runRecord(run)).toMatchObject(waiting)
      expect(await on.runRecord(run)).not.toHaveProperty('approvedBy')
      expect(await started(run)).toBe(0)
    }

    it.each(['approve', 'reject'])('by whoever asked: %s', async (verb) => {
      const { run } = await ask('/deploy', ann)
      const why =
        'Nothing was done. deploy: you requested it, so another person must approve or reject it; you can cancel it'
      expect((await click(verb, run, ann)).whisper).toBe(why)
      expect((await type('/deploy', `${verb} ${run}`, ann)).text).toBe(why)
      // Nor by a command that got into the queue all the same.
      if (verb === 'approve') await deliver({ verb, run, by: 'ann', actor: 'U0ANN' })
      await untouched(run)
      expect(buttonActions(message(run))).toEqual(['taskhook:approve', 'taskhook:reject'])
    })

    it.each(['approve', 'reject'])('by somebody who is not in `from`: %s', async (verb) => {
      const { run } = await ask()
      const why = 'Nothing was done. deploy: you are not one of its approvers'
      expect((await click(verb, run, eve)).whisper).toBe(why)
      expect((await type('/free', `${verb} ${run}`, eve)).text).toBe(why)
      await untouched(run)
    })

    it('by a button that Slack did not sign', async () => {
      const { run } = await ask()
      const forged = slack.clickButton('taskhook:approve', run, bob, message(run), 'not-the-secret')
      expect((await on.post('/slack', forged)).statusCode).toBe(401)
      await untouched(run)
    })

    it("by another workspace's button", async () => {
      const { run } = await ask()
      const { body } = slack.clickButton('taskhook:approve', run, bob)
      await on.post('/other', slackDelivery(otherSecret, body, on.now() / 1000))
      expect(slack.ephemerals.at(-1)?.text).toBe('Nothing was done. There is no such run (any more)')
      await untouched(run)
    })
  })

  it.each(['approve', 'reject'])('%s changes nothing of a run that waits for nobody', async (verb) => {
    const { run } = await ask('/free')
    const before = await on.runRecord(run)
    expect((await click(verb, run, bob, 'alone')).whisper).toBe('Nothing was done. long: this is not yours to approve')
    expect(await pump()).toEqual([])
    expect(await on.runRecord(run)).toEqual(before)
  })

  it.each(['approve', 'reject'])('%s changes nothing of a run that runs or has ended', async (verb) => {
    const { run } = await ask()
    await click('approve', run, bob)
    await pump()
    expect((await click(verb, run, zoe)).whisper).toBe('Nothing was done. It has already been approved by bob')
    await deliver({ verb, run, by: 'zoe', actor: 'U0ZOE' })
    await on.settleToEnd(run)
    await deliver({ verb, run, by: 'zoe', actor: 'U0ZOE' })
    await pump()
    expect(await on.runRecord(run)).toMatchObject({ status: 'succeeded', approvedBy: 'bob' })
    expect(await started(run)).toBe(1)

    const { run: second } = await ask()
    await click('reject', second, bob)
    await pump()
    expect((await click(verb, second, zoe)).whisper).toBe('Nothing was done. It is cancelled')
    await deliver({ verb, run: second, by: 'zoe', actor: 'U0ZOE' })
    await pump()
    expect(await on.runRecord(second)).toMatchObject({ status: 'cancelled', reason: 'rejected by bob' })
    expect(await started(second)).toBe(0)
  })

  describe('said twice, it starts one task', () => {
    const once = async (run: string) => {
      await pump()
      expect(await started(run)).toBe(1)
      expect(on.ecs.callsOf('RunTask')).toHaveLength(1)
    }

    it('by two people at the same time', async () => {
      const { run } = await ask()
      const where = message(run)
      await Promise.all([click('approve', run, bob, where), click('approve', run, zoe, where)])
      const bodies = await on.takeMessages()
      expect(bodies).toHaveLength(2)
      await Promise.all(bodies.map(deliver))
      await once(run)
      expect((await on.runRecord(run)).approvedBy).toMatch(/^(bob|zoe)$/)
    })

    it('by the same queue message, brought again before and after the start', async () => {
      const { run } = await ask()
      await click('approve', run, bob)
      const [body = ''] = await on.takeMessages()
      await Promise.all([deliver(body), deliver(body)])
      const starts = await on.takeMessages()
      await Promise.all([...starts, ...starts].map(deliver))
      await deliver(body)
      await once(run)
    })

    it('while it is looked at', async () => {
      await type('/deploy')
      const [body = ''] = await on.takeMessages()
      const { run } = JSON.parse(body) as { run: string }
      let once_ = true
      on.dynamo.intercept(async ({ action, input }) => {
        // Between the claim and putting it back.
        if (once_ && action === 'UpdateItem' && JSON.stringify(input).includes('"waits for approval"')) {
          once_ = false
          expect((await on.runRecord(run)).status).toBe('starting')
          await type('/deploy', `approve ${run}`, bob)
          for (const each of await on.takeMessages()) await deliver(each)
        }
        return undefined
      })
      await deliver(body)
      on.dynamo.intercept()
      expect(once_).toBe(false)
      await once(run)
    })
  })

  it('rejected while it is looked at, it is asked for again, and is rejected', async () => {
    await type('/deploy')
    const [body = ''] = await on.takeMessages()
    const { run } = JSON.parse(body) as { run: string }
    let failures: unknown[] = []
    on.dynamo.intercept(async ({ action, input }) => {
      if (failures.length === 0 && action === 'UpdateItem' && JSON.stringify(input).includes('"waits for approval"'))
        failures = (await deliver({ verb: 'reject', run, by: 'bob' })).batchItemFailures
      return undefined
    })
    await deliver(body)
    on.dynamo.intercept()
    expect(failures).toHaveLength(1)
    await deliver({ verb: 'reject', run, by: 'bob' })
    expect(await on.runRecord(run)).toMatchObject({ status: 'cancelled', reason: 'rejected by bob' })
  })

  describe('after its time', () => {
    it('it cannot be approved, and one sweep ends it and tells', async () => {
      const { run } = await ask()
      on.advance(hours(2) - 60_000)
      await on.sweep()
      await pump()
      expect(await on.runRecord(run)).toMatchObject(waiting)
      on.advance(61_000)
      for (const verb of ['approve', 'reject'])
        expect((await click(verb, run, bob)).whisper).toBe('Nothing was done. The time to approve it is over')
      expect(await pump()).toEqual([])
      await on.sweep()
      await pump()
      expect(await on.runRecord(run)).toMatchObject({ status: 'cancelled', reason: 'nobody approved it in time' })
      expect(message(run).text).toBe('deploy was cancelled: nobody approved it in time')
      expect(buttonActions(message(run))).toEqual(['taskhook:rerun'])
      expect(await on.openRuns()).toEqual([])
      expect(await started(run)).toBe(0)
    })

    it('what was said in time holds, though the queue brings it late', async () => {
      const { run } = await ask()
      on.advance(hours(2) - 1_000)
      await click('approve', run, bob)
      on.advance(2_000)
      await pump()
      expect(await started(run)).toBe(1)
    })

    it('without a time it is a day', async () => {
      const { run } = await ask('/long')
      on.advance(hours(24) - 60_000)
      await on.sweep()
      expect(await pump()).toEqual([])
      on.advance(61_000)
      await on.sweep()
      await pump()
      expect(await on.runRecord(run)).toMatchObject({ status: 'cancelled' })
    })
  })

  it('Reject ends it, says by whom, and tells', async () => {
    const { run } = await ask()
    await click('reject', run, bob)
    expect(message(run).text).toBe('deploy rejected by bob')
    await pump()
    expect(await on.runRecord(run)).toMatchObject({ status: 'cancelled', reason: 'rejected by bob' })
    expect(message(run).text).toBe('deploy was rejected by bob')
    expect(await started(run)).toBe(0)
    expect(await on.openRuns()).toEqual([])
  })

  it('whoever asked may cancel it while it waits', async () => {
    const { run } = await ask()
    expect((await type('/deploy', `cancel ${run}`, ann)).text).toBe('deploy is being cancelled by ann')
    await pump()
    expect(await on.runRecord(run)).toMatchObject({ status: 'cancelled', reason: 'cancelled by ann' })
    expect(message(run).text).toBe('deploy was cancelled by ann')
  })

  it('a repetition waits again, for somebody who has not asked for it, in a message of its own', async () => {
    const { run } = await ask()
    await click('approve', run, bob)
    await pump()
    await on.settleToEnd(run)
    const end = message(run)
    await click('rerun', run, bob)
    const [{ run: again = '' } = {}] = await pump()
    expect(again).not.toBe(run)
    expect(await on.runRecord(again)).toMatchObject({ ...waiting, rerunOf: run, actor: 'U0BOB' })
    expect(await on.runRecord(again)).not.toHaveProperty('approvedBy')
    const all = slack.messagesIn('C0DATA')
    expect(all).toHaveLength(2)
    expect(all.map(({ text }) => text)).toEqual([end.text, 'deploy waits for approval'])
    const where = all[1]
    expect((await click('approve', again, bob, where)).whisper).toContain('you requested it')
    await click('approve', again, ann, where)
    await pump()
    expect(await started(again)).toBe(1)
  })

  it('counts since it was approved where the newest run cancels the others', async () => {
    const { run } = await ask('/newest')
    on.advance(60_000)
    const { run: other } = await ask('/at-once')
    await eventually(async () => (await started(other)) === 1)
    on.advance(60_000)
    await type('/newest', `approve ${run}`, bob)
    await pump()
    expect(await on.runRecord(other)).toMatchObject({ cancelBy: 'a newer run' })
    expect((await on.runRecord(run)).cancelBy).toBeUndefined()
    for (const event of await eventually(
      () => on.eventsOf(other).at(-1)?.detail?.lastStatus === 'STOPPED' && on.eventsOf(other),
    ))
      await on.bridge.settle(event)
    await pump()
    expect(await on.runRecord(other)).toMatchObject({ status: 'cancelled', reason: 'cancelled by a newer run' })
    expect(await started(run)).toBe(1)
  })

  it('holds no slot while it waits, and stands in the line once it is approved: the message says so', async () => {
    const { run } = await ask('/limited')
    const { run: other } = await ask('/now')
    expect(await started(other)).toBe(1)
    await click('approve', run, bob)
    await pump()
    expect(await on.runRecord(run)).toMatchObject({
      status: 'queued',
      reason: '1st in line, 1 at a time',
      approvedBy: 'bob',
    })
    expect(message(run).text).toBe('limited queued, 1st in line, 1 at a time')
    expect(buttonActions(message(run))).toEqual(['taskhook:cancel', 'taskhook:show'])
    expect(await started(run)).toBe(0)
    // A no that comes after the yes is none.
    expect((await click('reject', run, bob)).whisper).toBe('Nothing was done. It has already been approved by bob')
    await deliver({ verb: 'reject', run, by: 'zoe' })
    expect(await on.runRecord(run)).toMatchObject({ status: 'queued', approvedBy: 'bob' })
    await on.stopTask((await on.runRecord(other)).taskArn ?? '')
    for (const event of await eventually(
      () => on.eventsOf(other).at(-1)?.detail?.lastStatus === 'STOPPED' && on.eventsOf(other),
    ))
      await on.bridge.settle(event)
    await pump()
    expect(await started(run)).toBe(1)
  })

  it('a start that died while it looked does not keep it from being cancelled', async () => {
    await type('/deploy')
    const [body = ''] = await on.takeMessages()
    const { run } = JSON.parse(body) as { run: string }
    on.dynamo.intercept(({ action, input }) =>
      action === 'UpdateItem' && JSON.stringify(input).includes('"waits for approval"') ? accessDenied : undefined,
    )
    expect((await deliver(body)).batchItemFailures).toHaveLength(1)
    on.dynamo.intercept()
    on.advance(91_000)
    await deliver(body)
    expect(await on.runRecord(run)).toMatchObject(waiting)
    await type('/deploy', `cancel ${run}`, ann)
    await pump()
    expect(await on.runRecord(run)).toMatchObject({ status: 'cancelled', reason: 'cancelled by ann' })
  })

  it('where the bot is not in the channel, the response_url says it there', async () => {
    slack.channelsWithoutBot.add('C0DATA')
    const { run } = await ask()
    expect(message(run).text).toBe('deploy waits for approval')
    expect(slack.callsOf('response_url')).toMatchObject([{ status: 'ok', body: { response_type: 'in_channel' } }])
    await click('approve', run, bob)
    expect(message(run).text).toBe('deploy approved by bob')
    await pump()
    await on.settleToEnd(run)
    expect(slack.messagesIn('DU0ANN')).toMatchObject([{ text: expect.stringMatching(/^deploy succeeded/) }])
  })
})

it('asked for with a form, where the bot is not in the channel: the person is told, and can tell others', async () => {
  await begin()
  slack.channelsWithoutBot.add('C0DATA')
  await on.post('/slack', slack.typeCommand('/form', ''))
  await pump()
  const form = slack.openForms.at(-1)
  if (form === undefined) throw new Error('no form')
  await on.post('/slack', slack.submitForm(form, { dataset: 'sales' }))
  const [{ run = '' } = {}] = await pump()
  expect(slack.messagesIn('DU0ANN')).toMatchObject([{ text: 'asking waits for approval' }])
  expect(JSON.stringify(slack.messagesIn('DU0ANN'))).toContain(run)
  await type('/form', `approve ${run}`, bob)
  await pump()
  await on.settleToEnd(run)
  expect(slack.messagesIn('DU0ANN')).toMatchObject([{ text: expect.stringMatching(/^asking succeeded/) }])
})

/** Every call that approving makes, counted: the function dies at each in turn, and what was not taken is brought again. */
it('dies between any two steps of approving, and starts exactly once', async () => {
  await begin()
  const quiet = () => {
    for (const relay of [on.dynamo, on.sqs, on.ecs]) relay.intercept()
  }
  const life = async (left: number) => {
    const { run } = await ask()
    await click('approve', run, bob)
    let calls = 0
    let dead = false
    for (const relay of [on.dynamo, on.sqs, on.ecs])
      relay.intercept(() => {
        dead ||= calls++ >= left
        return dead ? accessDenied : undefined
      })
    for (let bodies = await on.takeMessages(); bodies.length > 0; bodies = await on.takeMessages())
      for (const body of bodies)
        for (let tries = 0; (await deliver(body)).batchItemFailures.length > 0 && tries < 5; tries++) {
          // It was one invocation that died; the next one lives, once the lease has ended.
          left = Number.POSITIVE_INFINITY
          dead = false
          on.advance(91_000)
        }
    quiet()
    expect(await started(run), `died at call ${left}`).toBe(1)
    expect(await on.runRecord(run)).toMatchObject({ approvedBy: 'bob' })
    await on.settleToEnd(run)
    // Whoever died while he told keeps others from it for a moment; then the sweep tells.
    on.advance(700_000)
    await on.sweep()
    await pump()
    expect(message(run).text).toMatch(/^deploy succeeded/)
    expect(await on.openRuns()).toEqual([])
    return calls
  }
  const calls = await life(Number.POSITIVE_INFINITY)
  expect(calls).toBeGreaterThan(4)
  for (let at = 0; at < calls; at++) await life(at)
})

describe('without a bot token', () => {
  beforeEach(() => begin(false))

  it('the response_url says it in the channel, and later news goes to whoever asked', async () => {
    const { run } = await ask()
    const said = message(run)
    expect(said.text).toBe('deploy waits for approval')
    expect(buttonActions(said)).toEqual(['taskhook:approve', 'taskhook:reject'])
    expect(renderedTexts(said).join()).toContain('Slack takes no news after 30 minutes')
    await click('approve', run, bob, said)
    expect(message(run).text).toBe('deploy approved by bob')
    await pump()
    await on.settleToEnd(run)
    expect(message(run).text).toBe('deploy approved by bob')
    expect(slack.ephemerals.at(-1)).toMatchObject({ user: 'U0ANN', text: expect.stringMatching(/^deploy succeeded/) })
    expect(slack.callsOf('response_url').map(({ status }) => status)).not.toContain('used_url')
  })

  it('five messages are enough: the last is for the end', async () => {
    const { run } = await ask('/limited')
    await ask('/now')
    await click('approve', run, bob)
    await pump()
    await type('/limited', `cancel ${run}`, ann)
    await pump()
    expect(slack.ephemerals.at(-1)).toMatchObject({ user: 'U0ANN', text: 'limited was cancelled by ann' })
  })

  it('Reject and the end of its time are told', async () => {
    const { run } = await ask()
    await click('reject', run, bob)
    await pump()
    expect(slack.ephemerals.at(-1)).toMatchObject({ user: 'U0ANN', text: 'deploy was rejected by bob' })
    expect(await on.openRuns()).toEqual([])
  })
})
