/** docs: only a person in `from` can approve or reject, and never the requester. Everybody else changes nothing. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { slackDelivery } from '../support/deliveries.ts'
import { ann, bob, eve } from '../support/slack/people.ts'
import { buttonActions } from '../support/slack/rendered.ts'
import { type ApprovalStage, otherSecret, startApprovalStage, waitingForApproval, zoe } from './approval-stage.ts'

let on: ApprovalStage
beforeEach(async () => {
  on = await startApprovalStage()
})
afterEach(() => on.stage.close())

describe('a run is approved', () => {
  it('by a member of a user group in `from`', async () => {
    const { run } = await on.request()
    await on.click('approve', run, zoe)
    await on.drain()
    expect(await on.stage.runRecord(run)).toMatchObject({ approvedBy: 'zoe' })
  })

  it('by a person whom `from` names, even if Slack does not list the members of its groups', async () => {
    const { run } = await on.request()
    on.slack.failMethod('usergroups.users.list', 'missing_scope')
    expect((await on.click('approve', run, zoe)).reply).toMatch(/^Something went wrong on our side/)
    await on.click('approve', run, bob)
    await on.drain()
    expect(await on.stage.runRecord(run)).toMatchObject({ approvedBy: 'bob' })
  })
})

describe('a run stays as it is', () => {
  const expectUntouched = async (run: string) => {
    await on.drain()
    expect(await on.stage.runRecord(run)).toMatchObject(waitingForApproval)
    expect(await on.stage.runRecord(run)).not.toHaveProperty('approvedBy')
    expect(await on.tasksStarted(run)).toBe(0)
  }

  it.each(['approve', 'reject'])('if its requester wants to %s it', async (verb) => {
    const { run } = await on.request('/deploy', ann)
    const refused =
      'Nothing was done. deploy: you requested it, so another person must approve or reject it; you can cancel it'
    expect((await on.click(verb, run, ann)).reply).toBe(refused)
    expect((await on.type('/deploy', `${verb} ${run}`, ann)).text).toBe(refused)
    // Nor by a message that is in the queue nevertheless.
    if (verb === 'approve') await on.stage.deliver({ verb, run, by: 'ann', actor: ann.id })
    await expectUntouched(run)
    expect(buttonActions(on.messageOf(run))).toEqual(['taskhook:approve', 'taskhook:reject'])
  })

  it.each(['approve', 'reject'])('if a person who is not in `from` wants to %s it', async (verb) => {
    const { run } = await on.request()
    const refused = 'Nothing was done. deploy: you are not one of its approvers'
    expect((await on.click(verb, run, eve)).reply).toBe(refused)
    expect((await on.type('/free', `${verb} ${run}`, eve)).text).toBe(refused)
    await expectUntouched(run)
  })

  it('if the click is not signed by Slack', async () => {
    const { run } = await on.request()
    const forged = on.slack.clickButton('taskhook:approve', run, bob, on.messageOf(run), 'not-the-secret')
    expect((await on.stage.post('/slack', forged)).statusCode).toBe(401)
    await expectUntouched(run)
  })

  it('if the click comes from another workspace', async () => {
    const { run } = await on.request()
    const { body } = on.slack.clickButton('taskhook:approve', run, bob)
    await on.stage.post('/other', slackDelivery(otherSecret, body, on.stage.now() / 1000))
    expect(on.slack.ephemerals.at(-1)?.text).toBe('Nothing was done. There is no such run (any more)')
    await expectUntouched(run)
  })
})

it.each(['approve', 'reject'])('%s changes nothing of a run that needs no approval', async (verb) => {
  const { run } = await on.request('/free')
  const before = await on.stage.runRecord(run)
  expect((await on.click(verb, run, bob, 'ephemeral')).reply).toBe(
    'Nothing was done. long: you are not one of its approvers',
  )
  expect(await on.drain()).toEqual([])
  expect(await on.stage.runRecord(run)).toEqual(before)
})

it.each(['approve', 'reject'])('%s changes nothing of a run that is approved, running or ended', async (verb) => {
  const { run } = await on.request()
  await on.click('approve', run, bob)
  await on.drain()
  expect((await on.click(verb, run, zoe)).reply).toBe('Nothing was done. It has already been approved by bob')
  await on.stage.deliver({ verb, run, by: 'zoe', actor: zoe.id })
  await on.stage.settleToEnd(run)
  await on.stage.deliver({ verb, run, by: 'zoe', actor: zoe.id })
  await on.drain()
  expect(await on.stage.runRecord(run)).toMatchObject({ status: 'succeeded', approvedBy: 'bob' })
  expect(await on.tasksStarted(run)).toBe(1)
})

it.each(['approve', 'reject'])('%s changes nothing of a run that was rejected', async (verb) => {
  const { run } = await on.request()
  await on.click('reject', run, bob)
  await on.drain()
  expect((await on.click(verb, run, zoe)).reply).toBe('Nothing was done. It is cancelled')
  await on.stage.deliver({ verb, run, by: 'zoe', actor: zoe.id })
  await on.drain()
  expect(await on.stage.runRecord(run)).toMatchObject({ status: 'cancelled', reason: 'rejected by bob' })
  expect(await on.tasksStarted(run)).toBe(0)
})
