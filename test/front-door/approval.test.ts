/** docs: a route can require that a second person approves a run. The run waits in the channel, and everyone there sees what becomes of it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ann, bob } from '../support/slack/people.ts'
import { buttonActions, renderedTexts } from '../support/slack/rendered.ts'
import { type ApprovalStage, startApprovalStage, waitingForApproval } from './approval-stage.ts'

let on: ApprovalStage
beforeEach(async () => {
  on = await startApprovalStage()
})
afterEach(() => on.stage.close())

it('a run waits in the channel with its approvers, its time limit, and the buttons Approve and Reject', async () => {
  const { run, reply } = await on.request('/deploy', ann, 'dataset=sales')
  expect(await on.stage.runRecord(run)).toMatchObject(waitingForApproval)
  expect(await on.tasksStarted(run)).toBe(0)
  const message = on.messageOf(run)
  expect(message.text).toBe('deploy waits for approval')
  expect(renderedTexts(message)[1]).toMatch(
    /^<@U0ANN> or <@U0BOB> or <!subteam\^S0OPS> can approve it until <!date\^\d+\^\{date_short_pretty\} \{time\}\|20.*Z>\.$/,
  )
  expect(renderedTexts(message)[2]).toContain('<@U0ANN>')
  expect(buttonActions(message)).toEqual(['taskhook:approve', 'taskhook:reject'])
  // The requester cannot approve it, so the reply to the requester has no such button.
  expect(reply.text).toBe('deploy waits for approval')
  expect(buttonActions(reply)).toEqual(['taskhook:cancel', 'taskhook:show'])
})

describe('Approve', () => {
  it('starts the run once, and its message says who approved it, and is edited to the end', async () => {
    const { run } = await on.request()
    expect(await on.click('approve', run, bob)).toEqual({ status: 200, reply: undefined })
    expect(on.messageOf(run).text).toBe('deploy approved by bob')
    expect(buttonActions(on.messageOf(run))).toEqual([])
    await on.drain()
    expect(await on.stage.runRecord(run)).toMatchObject({ approvedBy: 'bob', status: 'starting' })
    expect(await on.tasksStarted(run)).toBe(1)
    await on.stage.settleToEnd(run)
    expect(on.messageOf(run).text).toMatch(/^deploy succeeded/)
    expect(renderedTexts(on.messageOf(run)).join()).toContain('approved by bob')
    expect(on.slack.callsOf('chat.postMessage')).toHaveLength(1)
  })

  it('can be typed as a command, and the message in the channel no longer has its buttons', async () => {
    const { run } = await on.request()
    expect((await on.type('/deploy', `approve ${run}`, bob)).text).toBe('deploy approved by bob')
    await on.drain()
    expect(await on.tasksStarted(run)).toBe(1)
    expect(on.messageOf(run).text).not.toContain('waits')
    expect(buttonActions(on.messageOf(run))).toEqual(['taskhook:cancel', 'taskhook:show'])
    expect(renderedTexts(on.messageOf(run)).join()).toContain('approved by bob')
  })
})

describe('Reject', () => {
  it('ends the run, and its message says who rejected it', async () => {
    const { run } = await on.request()
    await on.click('reject', run, bob)
    expect(on.messageOf(run).text).toBe('deploy rejected by bob')
    await on.drain()
    expect(await on.stage.runRecord(run)).toMatchObject({ status: 'cancelled', reason: 'rejected by bob' })
    expect(on.messageOf(run).text).toBe('deploy was rejected by bob')
    expect(await on.tasksStarted(run)).toBe(0)
    expect(await on.stage.openRuns()).toEqual([])
  })
})

describe('a waiting run', () => {
  it('can be cancelled by its requester', async () => {
    const { run } = await on.request()
    expect((await on.type('/deploy', `cancel ${run}`, ann)).text).toBe('deploy is being cancelled by ann')
    await on.drain()
    expect(await on.stage.runRecord(run)).toMatchObject({ status: 'cancelled', reason: 'cancelled by ann' })
    expect(on.messageOf(run).text).toBe('deploy was cancelled by ann')
  })

  it('holds no concurrency slot; once approved it is queued for one, and its message says so', async () => {
    const { run } = await on.request('/limited')
    const { run: other } = await on.request('/now')
    expect(await on.tasksStarted(other)).toBe(1)
    await on.click('approve', run, bob)
    await on.drain()
    expect(await on.stage.runRecord(run)).toMatchObject({
      ...{ status: 'queued', reason: '1st in line, 1 at a time', approvedBy: 'bob' },
    })
    expect(on.messageOf(run).text).toBe('limited queued, 1st in line, 1 at a time')
    expect(buttonActions(on.messageOf(run))).toEqual(['taskhook:cancel', 'taskhook:show'])
    expect(await on.tasksStarted(run)).toBe(0)
    // It cannot be rejected after it was approved.
    expect((await on.click('reject', run, bob)).reply).toBe('Nothing was done. It has already been approved by bob')
    await on.stage.deliver({ verb: 'reject', run, by: 'zoe' })
    expect(await on.stage.runRecord(run)).toMatchObject({ status: 'queued', approvedBy: 'bob' })
    await on.stage.stopTask((await on.stage.runRecord(other)).taskArn ?? '')
    await on.stage.settleToEnd(other)
    await on.drain()
    expect(await on.tasksStarted(run)).toBe(1)
  })

  it('counts as new from its approval, so it cancels the older run of a cancel-oldest group', async () => {
    const { run } = await on.request('/newest')
    on.stage.advance(60_000)
    const { run: other } = await on.request('/at-once')
    expect(await on.tasksStarted(other)).toBe(1)
    on.stage.advance(60_000)
    await on.type('/newest', `approve ${run}`, bob)
    await on.drain()
    expect(await on.stage.runRecord(other)).toMatchObject({ cancelBy: 'a newer run' })
    expect((await on.stage.runRecord(run)).cancelBy).toBeUndefined()
    await on.stage.settleToEnd(other)
    await on.drain()
    expect(await on.stage.runRecord(other)).toMatchObject({ status: 'cancelled', reason: 'cancelled by a newer run' })
    expect(await on.tasksStarted(run)).toBe(1)
  })
})

it('a rerun needs an approval of its own, from a person who did not request it, in a message of its own', async () => {
  const { run } = await on.request()
  await on.click('approve', run, bob)
  await on.drain()
  await on.stage.settleToEnd(run)
  const end = on.messageOf(run)
  await on.click('rerun', run, bob)
  const [again = ''] = await on.drain()
  expect(again).not.toBe(run)
  expect(await on.stage.runRecord(again)).toMatchObject({ ...waitingForApproval, rerunOf: run, actor: 'U0BOB' })
  expect(await on.stage.runRecord(again)).not.toHaveProperty('approvedBy')
  const messages = on.slack.messagesIn('C0DATA')
  expect(messages.map(({ text }) => text)).toEqual([end.text, 'deploy waits for approval'])
  const second = messages[1]
  expect((await on.click('approve', again, bob, second)).reply).toContain('you requested it')
  await on.click('approve', again, ann, second)
  await on.drain()
  expect(await on.tasksStarted(again)).toBe(1)
})
