/** docs: an approved run starts exactly once, even if two people approve it at the same time or a function dies. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { accessDenied, type Call } from '../support/relay.ts'
import { ann, bob } from '../support/slack/people.ts'
import { type ApprovalStage, startApprovalStage, waitingForApproval, zoe } from './approval-stage.ts'

let on: ApprovalStage
beforeEach(async () => {
  on = await startApprovalStage()
})
afterEach(() => on.stage.close())

/** The write that puts a claimed run back to wait for its approval. */
const putsBack = ({ action, input }: Call) =>
  action === 'UpdateItem' && JSON.stringify(input).includes('"waits for approval"')

/** A run whose start message has not been delivered. */
async function requestQueued() {
  await on.type('/deploy')
  const [start = ''] = await on.stage.takeMessages()
  return { start, run: (JSON.parse(start) as { run: string }).run }
}

describe('approved twice, a run starts one task', () => {
  const expectStartedOnce = async (run: string) => {
    await on.drain()
    expect(await on.tasksStarted(run)).toBe(1)
    expect(on.stage.ecs.callsOf('RunTask')).toHaveLength(1)
  }

  it('if two people approve it at the same time', async () => {
    const { run } = await on.request()
    const message = on.messageOf(run)
    await Promise.all([on.click('approve', run, bob, message), on.click('approve', run, zoe, message)])
    const bodies = await on.stage.takeMessages()
    expect(bodies).toHaveLength(2)
    await Promise.all(bodies.map((body) => on.stage.deliver(body)))
    await expectStartedOnce(run)
    expect((await on.stage.runRecord(run)).approvedBy).toMatch(/^(bob|zoe)$/)
  })

  it('if the queue delivers a message twice, before and after the start', async () => {
    const { run } = await on.request()
    await on.click('approve', run, bob)
    const [approve = ''] = await on.stage.takeMessages()
    await Promise.all([on.stage.deliver(approve), on.stage.deliver(approve)])
    const starts = await on.stage.takeMessages()
    await Promise.all([...starts, ...starts].map((start) => on.stage.deliver(start)))
    await on.stage.deliver(approve)
    await expectStartedOnce(run)
  })

  it('if it is approved while `start` puts it back to wait', async () => {
    const { start, run } = await requestQueued()
    let approved = false
    on.stage.dynamo.intercept(async (call) => {
      if (approved || !putsBack(call)) return undefined
      approved = true
      expect((await on.stage.runRecord(run)).status).toBe('starting')
      await on.type('/deploy', `approve ${run}`, bob)
      await on.stage.deliverQueue()
      return undefined
    })
    await on.stage.deliver(start)
    on.stage.dynamo.intercept()
    expect(approved).toBe(true)
    await expectStartedOnce(run)
  })
})

it('a rejection that arrives while `start` has the run is delivered again, and then ends it', async () => {
  const { start, run } = await requestQueued()
  const reject = { verb: 'reject', run, by: 'bob' }
  let failures: unknown[] = []
  on.stage.dynamo.intercept(async (call) => {
    if (failures.length === 0 && putsBack(call)) failures = (await on.stage.deliver(reject)).batchItemFailures
    return undefined
  })
  await on.stage.deliver(start)
  on.stage.dynamo.intercept()
  expect(failures).toHaveLength(1)
  await on.stage.deliver(reject)
  expect(await on.stage.runRecord(run)).toMatchObject({ status: 'cancelled', reason: 'rejected by bob' })
})

it('a run can be cancelled after `start` died before it put the run back to wait', async () => {
  const { start, run } = await requestQueued()
  on.stage.dynamo.intercept((call) => (putsBack(call) ? accessDenied : undefined))
  expect((await on.stage.deliver(start)).batchItemFailures).toHaveLength(1)
  on.stage.dynamo.intercept()
  on.stage.advance(91_000)
  await on.stage.deliver(start)
  expect(await on.stage.runRecord(run)).toMatchObject(waitingForApproval)
  await on.type('/deploy', `cancel ${run}`, ann)
  await on.drain()
  expect(await on.stage.runRecord(run)).toMatchObject({ status: 'cancelled', reason: 'cancelled by ann' })
})

/** Takes a run through its approval; the function dies at call `dieAt`, and what it did not take is delivered again. @returns the calls */
async function approveAndDie(dieAt: number): Promise<number> {
  const { stage } = on
  const { run } = await on.request()
  await on.click('approve', run, bob)
  const relays = [stage.dynamo, stage.sqs, stage.ecs]
  let [calls, dead, left] = [0, false, dieAt]
  for (const relay of relays)
    relay.intercept(() => {
      dead ||= calls++ >= left
      return dead ? accessDenied : undefined
    })
  for (let bodies = await stage.takeMessages(); bodies.length > 0; bodies = await stage.takeMessages())
    for (const body of bodies)
      for (let tries = 0; (await stage.deliver(body)).batchItemFailures.length > 0 && tries < 5; tries++) {
        // One invocation has died. The next one lives, once the lease of the dead one has expired.
        left = Number.POSITIVE_INFINITY
        dead = false
        stage.advance(91_000)
      }
  for (const relay of relays) relay.intercept()
  expect(await on.tasksStarted(run), `died at call ${dieAt}`).toBe(1)
  expect(await stage.runRecord(run)).toMatchObject({ approvedBy: 'bob' })
  await stage.settleToEnd(run)
  // A function that died while it notified Slack still has the claim; when that has expired, the sweep notifies.
  stage.advance(700_000)
  await stage.sweep()
  await on.drain()
  expect(on.messageOf(run).text).toMatch(/^deploy succeeded/)
  expect(await stage.openRuns()).toEqual([])
  return calls
}

it('a run starts exactly once if `start` dies at any of its calls after the approval', async () => {
  const calls = await approveAndDie(Number.POSITIVE_INFINITY)
  expect(calls).toBeGreaterThan(4)
  for (let at = 0; at < calls; at++) await approveAndDie(at)
}, 60_000)
