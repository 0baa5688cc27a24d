/** docs: a run that is not approved in time is cancelled, and its message says so. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { bob } from '../support/slack/people.ts'
import { buttonActions } from '../support/slack/rendered.ts'
import { type ApprovalStage, hours, startApprovalStage, waitingForApproval } from './approval-stage.ts'

let on: ApprovalStage
beforeEach(async () => {
  on = await startApprovalStage()
})
afterEach(() => on.stage.close())

it('after `expires` a run can be neither approved nor rejected, and one sweep ends it', async () => {
  const { run } = await on.request()
  on.stage.advance(hours(2) - 60_000)
  await on.stage.sweep()
  await on.drain()
  expect(await on.stage.runRecord(run)).toMatchObject(waitingForApproval)
  on.stage.advance(61_000)
  for (const verb of ['approve', 'reject'])
    expect((await on.click(verb, run, bob)).reply).toBe('Nothing was done. The time to approve it is over')
  expect(await on.drain()).toEqual([])
  await on.stage.sweep()
  await on.drain()
  expect(await on.stage.runRecord(run)).toMatchObject({ status: 'cancelled', reason: 'it was not approved in time' })
  expect(on.messageOf(run).text).toBe('deploy was cancelled: it was not approved in time')
  expect(buttonActions(on.messageOf(run))).toEqual(['taskhook:rerun'])
  expect(await on.stage.openRuns()).toEqual([])
  expect(await on.tasksStarted(run)).toBe(0)
})

it('an approval in time counts, even if the queue delivers it late', async () => {
  const { run } = await on.request()
  on.stage.advance(hours(2) - 1_000)
  await on.click('approve', run, bob)
  on.stage.advance(2_000)
  await on.drain()
  expect(await on.tasksStarted(run)).toBe(1)
})

it('without `expires` a run waits for 24 hours', async () => {
  const { run } = await on.request('/long')
  on.stage.advance(hours(24) - 60_000)
  await on.stage.sweep()
  expect(await on.drain()).toEqual([])
  on.stage.advance(61_000)
  await on.stage.sweep()
  await on.drain()
  expect(await on.stage.runRecord(run)).toMatchObject({ status: 'cancelled' })
})
