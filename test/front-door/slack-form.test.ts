/** A command that lacks parameters, with a Slack that has a memory: the form that opens, what comes back, and the message that follows. */
import type { KnownBlock } from '@slack/types'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Delivery } from '../support/deliveries.ts'
import { bodyOf } from '../support/function-url.ts'
import { createSlack, type Slack } from '../support/slack/fake-slack.ts'
import { ann, bob, eve } from '../support/slack/people.ts'
import { buttonActions, renderedTexts } from '../support/slack/rendered.ts'
import type { OpenForm } from '../support/slack/requests.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { stageSecrets } from '../support/stage-deliveries.ts'

const botToken = 'xoxb-token-of-the-form'
const task = (name: string, params: string) => `
  ${name}:
    description: Looks into a data set
    cluster: c
    taskDefinition: ${name}
    container: app
    subnets: [s]
    params: ${params}
    local: { command: [sh, -c, 'echo "ran $DATASET/$REGION/$DEPTH/$DRY/$NOTE for $TASKHOOK_ACTOR"'] }`
const config = (token: boolean) => `
sources:
  slack: { adapter: slack, signingSecret: "env:SLACK"${token ? ', botToken: "env:SLACK_BOT"' : ''} }
tasks:
${task(
  'analyze',
  `
      dataset: { type: string, pattern: "^[a-z]{1,20}$", required: true, description: Which one }
      region: { type: string, enum: [eu, us], required: true }
      depth: { type: integer, min: 1, max: 10, default: 3 }
      dry: { type: boolean }
      note: { type: string }
      key: { type: string, secret: true }`,
)}
${task('other', '{ dataset: { type: string, required: true } }')}
${task('free', '{ note: { type: string } }')}
routes:
  - { on: slack, command: /analyze, run: analyze }
  - { on: slack, command: /both, run: analyze }
  - { on: slack, command: /both, run: other }
  - { on: slack, command: /mixed, run: other }
  - { on: slack, command: /mixed, run: free }
  - { on: slack, command: /computed, run: analyze, with: { dataset: "\${event.nothing}" } }
  - { on: slack, command: /closed, run: other, allow: { users: [U0ANN], channels: [C0DATA] } }
`

/** One world for all: what is told is told apart by the channel. */
const world = (token: boolean) => {
  let on: Stage
  let slack: Slack
  const state = {
    get on() {
      return on
    },
    get slack() {
      return slack
    },
    /** What the queue has held. */
    queued: [] as string[],
    post: (delivery: Delivery) => on.post('/slack', delivery),
    async pump(): Promise<readonly string[]> {
      const bodies = await on.takeMessages()
      state.queued.push(...bodies)
      for (const body of bodies) await on.bridge.start({ Records: [{ messageId: 'm', body }] })
      return bodies
    },
  }
  beforeAll(async () => {
    slack = createSlack({
      signingSecret: stageSecrets.SLACK,
      now: () => on?.now() ?? Date.now(),
      ...(token && { botToken }),
    })
    on = await startStage({
      config: config(token),
      env: { ...stageSecrets, SLACK_BOT: botToken },
      fetch: slack.fetch,
    })
  })
  afterAll(() => on?.close())
  return state
}

describe('with a bot token', () => {
  const w = world(true)
  beforeEach(() => {
    w.slack.failMethod('views.open')
    w.slack.openForms.length = 0
    w.slack.calls.length = 0
  })
  const open = async (text = '', command = '/analyze', by = ann, channel = 'C0DATA') => {
    const answer = bodyOf(await w.post(w.slack.typeCommand(command, text, by, channel)))
    await w.pump()
    return { answer, form: w.slack.openForms.at(-1) as OpenForm }
  }
  const started = async () => (await w.on.tasks()).length
  const runsIn = (bodies: readonly string[]) => bodies.flatMap((body) => JSON.parse(body).run ?? [])
  const elementOf = ({ view }: OpenForm, name: string) => {
    const block = (view.blocks as readonly KnownBlock[]).find(({ block_id }) => block_id === `p:${name}`)
    return block?.type === 'input'
      ? (block.element as { initial_value?: string; initial_option?: { value: string } })
      : undefined
  }
  const initial = (form: OpenForm, name: string) =>
    elementOf(form, name)?.initial_value ?? elementOf(form, name)?.initial_option?.value

  it('says that a form opens and what is missing, and opens one, once', async () => {
    const before = await started()
    const { answer, form } = await open('note="a b"')
    expect(answer).toMatchObject({ response_type: 'ephemeral', text: 'A form opens, and asks for what is missing.' })
    const [first, second] = renderedTexts(answer as never)
    expect(first).toContain('•  *dataset* is missing: text like ^[a-z]{1,20}$')
    expect(first).toContain('•  *region* is missing: one of eu, us')
    expect(second).toContain('/analyze dataset=… region=…')
    expect(w.slack.callsOf('views.open')).toMatchObject([{ status: 'ok' }])
    expect(w.slack.openForms).toHaveLength(1)
    expect(form.view.blocks).toHaveLength(7)
    expect(await started()).toBe(before)
  })

  it('holds what was typed already, but no secret', async () => {
    const { form } = await open('region=us depth=7 dry=yes note="a <b> & c" key=hunter2hunter2')
    expect(['dataset', 'region', 'depth', 'dry', 'note', 'key'].map((name) => initial(form, name))).toEqual([
      undefined,
      'us',
      '7',
      'true',
      'a <b> & c',
      undefined,
    ])
    expect(w.queued.join()).not.toContain('hunter2')
  })

  it('the submission runs the task once, with exactly these values; a message appears at once and is edited to the end', async () => {
    const { form } = await open('', '/analyze', bob, 'C0FORM')
    const before = await started()
    const handedIn = w.slack.submitForm(form, { dataset: 'sales', region: 'eu', depth: '4', note: 'a & <b>' })
    const answer = await w.post(handedIn)
    expect(answer).toMatchObject({ statusCode: 200, body: '' })
    // The same, brought again.
    expect(await w.post(handedIn)).toMatchObject({ statusCode: 200, body: '' })
    const [run = '', ...others] = runsIn(await w.pump())
    expect(others).toEqual([])
    expect(await started()).toBe(before + 1)
    expect((await w.on.runRecord(run)).plan.params).toEqual({
      dataset: 'sales',
      region: 'eu',
      depth: 4,
      note: 'a & <b>',
    })

    const [message, ...more] = w.slack.messagesIn('C0FORM')
    expect(more).toEqual([])
    expect(message).toMatchObject({ text: 'analyze starting', edits: 0 })
    expect(renderedTexts(message as never).join()).toContain('<@U0BOB>')
    await w.on.settleToEnd(run)
    expect(w.on.output.join()).toContain('ran sales/eu/4//a & <b> for U0BOB')
    expect(w.slack.messagesIn('C0FORM')).toMatchObject([
      { ts: message?.ts, text: expect.stringMatching(/^analyze succeeded/) },
    ])
    expect(w.slack.messagesIn('C0FORM')[0]?.edits).toBeGreaterThan(0)
  })

  it('where the bot is not in the channel, the person is written to', async () => {
    w.slack.channelsWithoutBot.add('C0CLOSED')
    const { form } = await open('', '/analyze', bob, 'C0CLOSED')
    await w.post(w.slack.submitForm(form, { dataset: 'sales', region: 'eu' }))
    const [run = ''] = runsIn(await w.pump())
    await w.on.settleToEnd(run)
    expect(w.slack.messagesIn('C0CLOSED')).toEqual([])
    expect(w.slack.messagesIn('DU0BOB')).toMatchObject([{ text: expect.stringMatching(/^analyze succeeded/) }])
  })

  it('marks wrong values at their fields, and runs nothing', async () => {
    const { form } = await open()
    const before = await started()
    const answer = await w.post(w.slack.submitForm(form, { dataset: 'SALES!', region: 'mars', depth: '99' }))
    expect(answer.statusCode).toBe(200)
    expect(bodyOf(answer)).toEqual({
      response_action: 'errors',
      errors: {
        'p:dataset': 'is "SALES!", which does not match ^[a-z]{1,20}$',
        'p:region': 'is "mars"; must be one of eu, us',
        'p:depth': 'is 99; the largest is 10',
      },
    })
    expect(await w.pump()).toEqual([])
    expect(await started()).toBe(before)
  })

  it('marks what is still missing, and opens no second form', async () => {
    const { form } = await open()
    const answer = await w.post(w.slack.submitForm(form, { dataset: 'sales' }))
    expect(bodyOf(answer)).toEqual({
      response_action: 'errors',
      errors: { 'p:region': 'is missing: one of eu, us' },
    })
    expect(await w.pump()).toEqual([])
  })

  it.each([
    ['/both', ''],
    ['/mixed', ''],
  ])('%s, which two routes take, explains and opens nothing', async (command, text) => {
    const { answer } = await open(text, command)
    expect(answer.text).toMatch(/^Nothing was started\. other: |^Nothing was started\. analyze: /)
    expect(renderedTexts(answer as never).join()).toContain('*dataset* is missing')
    expect(w.slack.callsOf('views.open')).toEqual([])
  })

  it('explains where it is the route that does not give a parameter: a form could not ask for it', async () => {
    const { answer } = await open('region=eu', '/computed')
    expect(renderedTexts(answer as never)[0]).toContain('*dataset* is missing')
    expect(w.slack.callsOf('views.open')).toEqual([])
  })

  it('explains where something else is wrong as well', async () => {
    const { answer } = await open('depth=99')
    expect(renderedTexts(answer as never)[0]).toContain('*depth* is 99; the largest is 10')
    expect(w.slack.callsOf('views.open')).toEqual([])
  })

  describe('a person whom the route does not let in', () => {
    it.each([
      ['another person', eve, 'C0DATA', 'this is not open to you'],
      ['another channel', ann, 'C0ELSE', 'this is not open in this channel'],
    ] as const)('gets no form: %s', async (_, by, channel, why) => {
      const { answer } = await open('', '/closed', by, channel)
      expect(answer.text).toBe(`Nothing was started. other: ${why}`)
      expect(w.slack.callsOf('views.open')).toEqual([])
    })

    it('runs nothing with a form that somebody else opened', async () => {
      const { form } = await open('', '/closed')
      const before = await started()
      const answer = bodyOf(await w.post(w.slack.submitForm(form, { dataset: 'sales' }, eve)))
      expect(answer).toMatchObject({ response_action: 'update', view: { title: { text: 'other' } } })
      expect(JSON.stringify(answer)).toContain('this is not open to you')
      expect(await w.pump()).toEqual([])
      expect(await started()).toBe(before)
      // The one who may, may.
      expect((await w.post(w.slack.submitForm(form, { dataset: 'sales' }))).body).toBe('')
      expect(await w.pump()).toHaveLength(1)
      expect(await started()).toBe(before + 1)
    })
  })

  const changed = ({ view, ...form }: OpenForm, metadata: object): OpenForm => ({
    ...form,
    view: { ...view, private_metadata: JSON.stringify({ ...JSON.parse(view.private_metadata ?? ''), ...metadata }) },
  })
  it('a form for a command that is not in the config any more says so', async () => {
    const { form } = await open()
    const gone = changed(form, { command: '/gone' })
    const answer = bodyOf(await w.post(w.slack.submitForm(gone, { dataset: 'sales', region: 'eu' })))
    expect(answer).toMatchObject({ response_action: 'update' })
    expect(JSON.stringify(answer)).toContain('Nothing was started: no route takes /gone')
    expect(await w.pump()).toEqual([])
  })

  it('values of parameters that there are not are named at the first field', async () => {
    const { form } = await open()
    const blocks = [...form.view.blocks, { ...(form.view.blocks.at(-1) as object), block_id: 'p:PATH' }] as never
    const more = { ...form, view: { ...form.view, blocks } }
    const answer = bodyOf(await w.post(w.slack.submitForm(more, { dataset: 'sales', region: 'eu', PATH: '/tmp' })))
    expect(answer.response_action).toBe('errors')
    expect(JSON.stringify(answer)).toContain('PATH is not a parameter')
    expect(await w.pump()).toEqual([])
  })

  it('a submission that Slack did not sign is none', async () => {
    const { form } = await open()
    const { headers, body } = w.slack.submitForm(form, { dataset: 'sales', region: 'eu' })
    const forged = { headers: { ...headers, 'x-slack-signature': `v0=${'0'.repeat(64)}` }, body }
    expect((await w.post(forged)).statusCode).toBe(401)
    expect(await w.pump()).toEqual([])
  })

  describe('a trigger that is used up', () => {
    it('too late is given up at the first try, and a second delivery of the queue opens no second form', async () => {
      await w.post(w.slack.typeCommand('/analyze', ''))
      const [late = ''] = await w.on.takeMessages()
      w.on.advance(4_000)
      const deliver = (body: string) => w.on.bridge.start({ Records: [{ messageId: 'm', body }] })
      expect(await deliver(late)).toEqual({ batchItemFailures: [] })
      expect(w.slack.callsOf('views.open')).toMatchObject([{ status: 'expired_trigger_id' }])

      await w.post(w.slack.typeCommand('/analyze', ''))
      const [twice = ''] = await w.on.takeMessages()
      expect(await deliver(twice)).toEqual({ batchItemFailures: [] })
      expect(await deliver(twice)).toEqual({ batchItemFailures: [] })
      expect(w.slack.openForms).toHaveLength(1)
    })

    it('what Slack refuses is logged, and over when the queue brings it again', async () => {
      w.slack.failMethod('views.open', 'internal_error')
      await w.post(w.slack.typeCommand('/analyze', ''))
      const [body = ''] = await w.on.takeMessages()
      const deliver = () => w.on.bridge.start({ Records: [{ messageId: 'm', body }] })
      expect((await deliver()).batchItemFailures).toHaveLength(1)
      expect(w.on.logs.at(-1)).toContain('Slack refused views.open: internal_error')
      w.slack.failMethod('views.open')
      w.on.advance(100_000)
      expect(await deliver()).toEqual({ batchItemFailures: [] })
      expect(w.slack.openForms).toEqual([])
    })
  })

  it('no trigger id, response_url or token is in a log or the ledger, and the queue holds trigger ids alone', async () => {
    const { form } = await open('', '/analyze', bob, 'C0KEYS')
    await w.post(w.slack.submitForm(form, { dataset: 'sales', region: 'eu', key: 'hunter2hunter2' }))
    const [run = ''] = runsIn(await w.pump())
    await w.on.settleToEnd(run)
    const logs = w.on.logs.join('\n')
    const { replyAddress, memory, plan, ...row } = await w.on.runRecord(run)
    for (const key of [...w.slack.issuedSecrets, botToken, stageSecrets.SLACK]) {
      expect(logs).not.toContain(key)
      expect(JSON.stringify([replyAddress, memory, plan, row])).not.toContain(key)
      if (!key.includes('.738474920.')) expect(w.queued.join()).not.toContain(key)
    }
    expect(logs).not.toContain('hunter2')
    expect(JSON.stringify(w.slack.calls)).not.toContain('hunter2')
    // It can fail: the trigger id went through the queue, and the ledger knows the channel.
    expect(w.queued.join()).toContain('.738474920.')
    expect(JSON.stringify(replyAddress)).toContain('C0KEYS')
  })

  it('the message of a run that others see has the buttons of its state', async () => {
    const { form } = await open('', '/analyze', bob, 'C0BUTTONS')
    await w.post(w.slack.submitForm(form, { dataset: 'sales', region: 'eu' }))
    const [run = ''] = runsIn(await w.pump())
    expect(w.slack.messagesIn('C0BUTTONS').map(buttonActions)).toEqual([['taskhook:cancel', 'taskhook:show']])
    await w.on.settleToEnd(run)
    expect(w.slack.messagesIn('C0BUTTONS').map(buttonActions)).toEqual([['taskhook:rerun']])
  })
})

describe('without one', () => {
  const w = world(false)
  it('explains what is missing, and opens nothing', async () => {
    const answer = bodyOf(await w.post(w.slack.typeCommand('/analyze', 'region=eu')))
    expect(answer.text).toBe('Nothing was started. analyze: a parameter is wrong')
    expect(renderedTexts(answer as never)[0]).toContain('*dataset* is missing: text like')
    expect(await w.pump()).toEqual([])
    expect(w.slack.calls).toEqual([])
  })
})
