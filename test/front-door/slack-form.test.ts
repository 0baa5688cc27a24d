/** docs: a Slack command that lacks parameters opens a form; what a person submits runs the task once, and one message follows it to the end. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ann, bob } from '../support/slack/people.ts'
import { buttonActions, renderedTexts } from '../support/slack/rendered.ts'
import { stageSecrets } from '../support/stage-deliveries.ts'
import { botToken, type FormStage, initialValue, startFormStage } from './slack-form-stage.ts'

let on: FormStage
beforeEach(async () => {
  on = await startFormStage()
})
afterEach(() => on.stage.close())

const tasksStarted = async () => (await on.stage.tasks()).length

describe('a command that lacks parameters', () => {
  it('gets a reply that names what is missing, and opens one form', async () => {
    const reply = await on.type('note="a b"')
    expect(reply).toMatchObject({ response_type: 'ephemeral', text: 'A form opens and asks for what is missing.' })
    const [first, second] = renderedTexts(reply)
    expect(first).toContain('•  *dataset* is missing: text like ^[a-z]{1,20}$')
    expect(first).toContain('•  *region* is missing: one of eu, us')
    expect(second).toContain('/analyze dataset=… region=…')
    expect(on.slack.callsOf('views.open')).toMatchObject([{ status: 'ok' }])
    expect(on.slack.openForms).toHaveLength(1)
    expect(on.slack.openForms[0]?.view.blocks).toHaveLength(7)
    expect(await tasksStarted()).toBe(0)
  })

  it('opens a form that contains what was typed, but no secret', async () => {
    const form = await on.openForm('region=us depth=7 dry=yes note="a <b> & c" key=hunter2hunter2')
    expect(['dataset', 'region', 'depth', 'dry', 'note', 'key'].map((name) => initialValue(form, name))).toEqual([
      undefined,
      'us',
      '7',
      'true',
      'a <b> & c',
      undefined,
    ])
    expect(on.queued()).not.toContain('hunter2')
  })
})

describe('a submitted form', () => {
  it('runs the task once with exactly its values, and one message is edited to the end', async () => {
    const form = await on.openForm('', '/analyze', bob, 'C0FORM')
    const submission = on.slack.submitForm(form, { dataset: 'sales', region: 'eu', depth: '4', note: 'a & <b>' })
    // Slack may send it twice.
    for (let time = 0; time < 2; time++) expect(await on.post(submission)).toMatchObject({ statusCode: 200, body: '' })
    const [run = '', ...others] = await on.drain()
    expect(others).toEqual([])
    expect(await tasksStarted()).toBe(1)
    expect((await on.stage.runRecord(run)).plan.params).toEqual({
      ...{ dataset: 'sales', region: 'eu', depth: 4, note: 'a & <b>' },
    })
    const [message, ...more] = on.slack.messagesIn('C0FORM')
    if (message === undefined) throw new Error('no message')
    expect(more).toEqual([])
    expect(message).toMatchObject({ text: 'analyze starting', edits: 0 })
    expect(renderedTexts(message).join()).toContain('<@U0BOB>')
    await on.stage.settleToEnd(run)
    expect(on.stage.output.join()).toContain('ran sales/eu/4//a & <b> for U0BOB')
    expect(on.slack.messagesIn('C0FORM')).toMatchObject([
      { ts: message.ts, text: expect.stringMatching(/^analyze succeeded/) },
    ])
    expect(on.slack.messagesIn('C0FORM')[0]?.edits).toBeGreaterThan(0)
  })

  it('is answered in a direct message if the bot is not in the channel', async () => {
    on.slack.channelsWithoutBot.add('C0CLOSED')
    const form = await on.openForm('', '/analyze', bob, 'C0CLOSED')
    await on.post(on.slack.submitForm(form, { dataset: 'sales', region: 'eu' }))
    const [run = ''] = await on.drain()
    await on.stage.settleToEnd(run)
    expect(on.slack.messagesIn('C0CLOSED')).toEqual([])
    expect(on.slack.messagesIn('DU0BOB')).toMatchObject([{ text: expect.stringMatching(/^analyze succeeded/) }])
  })

  it('gives a message with the buttons of the run’s status', async () => {
    const form = await on.openForm('', '/analyze', bob, 'C0BUTTONS')
    await on.post(on.slack.submitForm(form, { dataset: 'sales', region: 'eu' }))
    const [run = ''] = await on.drain()
    expect(on.slack.messagesIn('C0BUTTONS').map(buttonActions)).toEqual([['taskhook:cancel', 'taskhook:show']])
    await on.stage.settleToEnd(run)
    expect(on.slack.messagesIn('C0BUTTONS').map(buttonActions)).toEqual([['taskhook:rerun']])
  })

  it('leaves no trigger id, response_url or token in the log or the table; the queue has trigger ids only', async () => {
    const form = await on.openForm('', '/analyze', bob, 'C0KEYS')
    await on.post(on.slack.submitForm(form, { dataset: 'sales', region: 'eu', key: 'hunter2hunter2' }))
    const [run = ''] = await on.drain()
    await on.stage.settleToEnd(run)
    const logs = on.stage.logs.join('\n')
    const record = await on.stage.runRecord(run)
    const isTrigger = (secret: string) => secret.includes('.738474920.')
    for (const secret of [...on.slack.issuedSecrets, botToken, stageSecrets.SLACK]) {
      expect(logs).not.toContain(secret)
      expect(JSON.stringify(record)).not.toContain(secret)
      if (!isTrigger(secret)) expect(on.queued()).not.toContain(secret)
    }
    expect(logs).not.toContain('hunter2')
    expect(JSON.stringify(on.slack.calls)).not.toContain('hunter2')
    // The test can fail: the trigger id went through the queue, and the table has the channel.
    expect(on.slack.issuedSecrets.some(isTrigger)).toBe(true)
    expect(on.queued()).toContain('.738474920.')
    expect(JSON.stringify(record.replyAddress)).toContain('C0KEYS')
  })
})

describe('the queue delivers at least once', () => {
  it('an expired trigger id is given up at once', async () => {
    await on.post(on.slack.typeCommand('/analyze', ''))
    on.stage.advance(4_000)
    expect(await on.stage.deliver(...(await on.stage.takeMessages()))).toEqual({ batchItemFailures: [] })
    expect(on.slack.callsOf('views.open')).toMatchObject([{ status: 'expired_trigger_id' }])
  })

  it('a message that is delivered twice opens one form', async () => {
    await on.post(on.slack.typeCommand('/analyze', ''))
    const [message = ''] = await on.stage.takeMessages()
    for (let time = 0; time < 2; time++) expect(await on.stage.deliver(message)).toEqual({ batchItemFailures: [] })
    expect(on.slack.openForms).toHaveLength(1)
  })

  it('an error of Slack is logged and tried again, until the trigger id has expired', async () => {
    on.slack.failMethod('views.open', 'internal_error')
    await on.post(on.slack.typeCommand('/analyze', '', ann))
    const [message = ''] = await on.stage.takeMessages()
    expect((await on.stage.deliver(message)).batchItemFailures).toHaveLength(1)
    expect(on.stage.logs.at(-1)).toContain('Slack refused views.open: internal_error')
    on.slack.failMethod('views.open')
    on.stage.advance(100_000)
    expect(await on.stage.deliver(message)).toEqual({ batchItemFailures: [] })
    expect(on.slack.openForms).toEqual([])
  })
})
