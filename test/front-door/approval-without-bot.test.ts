/** docs: approvals work without a bot token, and in channels where the bot is not: Slack's response_url carries the messages. */
import { afterEach, describe, expect, it } from 'vitest'
import { ann, bob } from '../support/slack/people.ts'
import { buttonActions, renderedTexts } from '../support/slack/rendered.ts'
import { type ApprovalStage, startApprovalStage } from './approval-stage.ts'

let on: ApprovalStage
const begin = async (token: boolean) => {
  on = await startApprovalStage(token)
}
afterEach(() => on.stage.close())

describe('in a channel where the bot is not', () => {
  it('the response_url shows the waiting run to everyone, and the end goes to the requester', async () => {
    await begin(true)
    on.slack.channelsWithoutBot.add('C0DATA')
    const { run } = await on.request()
    expect(on.messageOf(run).text).toBe('deploy waits for approval')
    expect(on.slack.callsOf('response_url')).toMatchObject([{ status: 'ok', body: { response_type: 'in_channel' } }])
    await on.click('approve', run, bob)
    expect(on.messageOf(run).text).toBe('deploy approved by bob')
    await on.drain()
    await on.stage.settleToEnd(run)
    expect(on.slack.messagesIn('DU0ANN')).toMatchObject([{ text: expect.stringMatching(/^deploy succeeded/) }])
  })

  it('a run that was requested with a form waits in a direct message, which the requester can pass on', async () => {
    await begin(true)
    on.slack.channelsWithoutBot.add('C0DATA')
    await on.type('/form')
    await on.drain()
    const [form] = on.slack.openForms
    if (form === undefined) throw new Error('no form')
    await on.stage.post('/slack', on.slack.submitForm(form, { dataset: 'sales' }))
    const [run = ''] = await on.drain()
    expect(on.slack.messagesIn('DU0ANN')).toMatchObject([{ text: 'asking waits for approval' }])
    expect(JSON.stringify(on.slack.messagesIn('DU0ANN'))).toContain(run)
    await on.type('/form', `approve ${run}`, bob)
    await on.drain()
    await on.stage.settleToEnd(run)
    expect(on.slack.messagesIn('DU0ANN')).toMatchObject([{ text: expect.stringMatching(/^asking succeeded/) }])
  })
})

describe('without a bot token', () => {
  it('the response_url shows the waiting run to everyone, and later messages only to the requester', async () => {
    await begin(false)
    const { run } = await on.request()
    const message = on.messageOf(run)
    expect(message.text).toBe('deploy waits for approval')
    expect(buttonActions(message)).toEqual(['taskhook:approve', 'taskhook:reject'])
    expect(renderedTexts(message).join()).toContain('Slack accepts updates for 30 minutes only')
    await on.click('approve', run, bob, message)
    expect(on.messageOf(run).text).toBe('deploy approved by bob')
    await on.drain()
    await on.stage.settleToEnd(run)
    expect(on.messageOf(run).text).toBe('deploy approved by bob')
    expect(on.slack.ephemerals.at(-1)).toMatchObject({ user: ann.id, text: expect.stringMatching(/^deploy succeeded/) })
    expect(on.slack.callsOf('response_url').map(({ status }) => status)).not.toContain('used_url')
  })

  it('the last of the five uses of the response_url is kept for the end', async () => {
    await begin(false)
    const { run } = await on.request('/limited')
    await on.request('/now')
    await on.click('approve', run, bob)
    await on.drain()
    await on.type('/limited', `cancel ${run}`, ann)
    await on.drain()
    expect(on.slack.ephemerals.at(-1)).toMatchObject({ user: ann.id, text: 'limited was cancelled by ann' })
  })

  it('a rejection is notified to the requester', async () => {
    await begin(false)
    const { run } = await on.request()
    await on.click('reject', run, bob)
    await on.drain()
    expect(on.slack.ephemerals.at(-1)).toMatchObject({ user: ann.id, text: 'deploy was rejected by bob' })
    expect(await on.stage.openRuns()).toEqual([])
  })
})
