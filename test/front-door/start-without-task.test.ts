/** docs/architecture.md: a run without a task can be cancelled, given up or delayed at once; a run that may have one is never started twice. */
import { afterEach, describe, expect, it } from 'vitest'
import { accessDenied, type Call } from '../support/relay.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { partnerDelivery, stageSecrets } from '../support/stage-deliveries.ts'

const config = (more: string): string => `
sources:
  partner: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER" }
tasks:
  analyze:
    cluster: c
    taskDefinition: t
    container: app
    subnets: [s1, s2]
    local: { command: [sh, -c, 'sleep 60'] }
    ${more}
routes:
  - { on: partner, run: analyze }
`

let stage: Stage
afterEach(() => stage.close())
const begin = async (more = ''): Promise<void> => {
  stage = await startStage({ config: config(more), env: stageSecrets })
}
const request = (): Promise<string> => {
  stage.advance(1000)
  return stage.accept('/partner', partnerDelivery(stage.now()))
}
const cancel = (run: string, by = 'ann') => stage.deliver({ verb: 'cancel', run, by })
const runTaskCalls = (run: string) =>
  stage.ecs
    .callsOf('RunTask')
    .map(({ input }) => input)
    .filter(({ startedBy }) => startedBy === `taskhook/${run}`)
const clientTokens = (run: string) => new Set(runTaskCalls(run).map(({ clientToken }) => clientToken))

/** `start` dies at a request. */
async function startAndDie(run: string, at: (call: Call) => boolean): Promise<void> {
  stage.dynamo.intercept((call) => (at(call) ? accessDenied : undefined))
  expect((await stage.start(run)).batchItemFailures).toHaveLength(1)
  stage.dynamo.intercept()
}
const letLeaseExpire = () => stage.advance(91_000)
const reads =
  (key: string) =>
  ({ action, input }: Call): boolean =>
    action === 'GetItem' && JSON.stringify(input.Key).includes(key)
const recordsLaunch = ({ action, input }: Call): boolean =>
  action === 'UpdateItem' && String(input.UpdateExpression).includes('launchedAt')

const pauseForUpgrade = () => stage.pause({ '*': { message: 'upgrade', by: 'ann', since: stage.now() } })

describe('if `start` died before RunTask,', () => {
  it('a run that waits for a slot is cancelled at once', async () => {
    await begin('concurrency: {}')
    const [first, second] = [await request(), await request()]
    await stage.start(first)
    await startAndDie(second, reads('group#'))
    letLeaseExpire()
    await stage.start(second)
    expect(await stage.runRecord(second)).toMatchObject({ status: 'queued', reason: '1st in line, 1 at a time' })
    await cancel(second)
    expect(await stage.runRecord(second)).toMatchObject({ status: 'cancelled', reason: 'cancelled by ann' })
    expect(runTaskCalls(second)).toEqual([])
  })

  it('a run of a paused task is cancelled at once, and never starts', async () => {
    await begin()
    const run = await request()
    await pauseForUpgrade()
    await startAndDie(run, reads('"pause"'))
    letLeaseExpire()
    await stage.start(run)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'queued', reason: 'paused: upgrade' })
    await cancel(run)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'cancelled' })
    await stage.start(run)
    expect(runTaskCalls(run)).toEqual([])
  })

  it('a run is given up after startWithin', async () => {
    await begin('startWithin: 10m\n    concurrency: {}')
    const run = await request()
    await startAndDie(run, reads('group#'))
    stage.advance(3_600_000)
    await stage.start(run)
    expect(await stage.runRecord(run)).toMatchObject({
      ...{ status: 'failed-to-start', reason: 'it was not started within 10 min' },
    })
    expect(runTaskCalls(run)).toEqual([])
  })
})

describe('if `start` died after RunTask,', () => {
  it('RunTask is called again with the same token, even after startWithin', async () => {
    await begin('startWithin: 10m')
    const run = await request()
    await startAndDie(run, recordsLaunch)
    stage.advance(3_600_000)
    await stage.start(run)
    expect(runTaskCalls(run)).toHaveLength(2)
    expect(clientTokens(run).size).toBe(1)
    expect(await stage.tasks(run)).toHaveLength(1)
  })

  it('a subnet that is refused then does not move the run to another place', async () => {
    await begin()
    const run = await request()
    await startAndDie(run, recordsLaunch)
    letLeaseExpire()
    const message = "The subnet ID 's1' does not exist"
    stage.ecs.intercept(({ action }) =>
      action === 'RunTask' ? { type: 'InvalidParameterException', message } : undefined,
    )
    await stage.start(run)
    stage.ecs.intercept()
    stage.advance(900_000)
    await stage.start(run)
    expect(clientTokens(run).size).toBe(1)
    expect(await stage.tasks(run)).toHaveLength(1)
  })

  it.each(['ann', 'a newer run'])('and %s cancels the run: its task is found and stopped', async (by) => {
    await begin('concurrency: {}')
    const run = await request()
    await startAndDie(run, recordsLaunch)
    await cancel(run, by)
    letLeaseExpire()
    await stage.start(run)
    await stage.settleToEnd(run)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'cancelled', reason: `cancelled by ${by}` })
    expect((await stage.tasks(run)).map(({ lastStatus }) => lastStatus)).toEqual(['STOPPED'])
  })
})

it('time in a pause or in the queue of a group does not count against the hour in which ECS may have no capacity', async () => {
  await begin('concurrency: {}')
  const [first, second] = [await request(), await request()]
  await stage.start(first)
  await pauseForUpgrade()
  await stage.start(second)
  await stage.pause({})
  stage.advance(60_000)
  await stage.start(second)
  await stage.takeMessages()
  stage.advance(2 * 3_600_000)
  await stage.sweep()
  expect((await stage.takeMessages()).filter((body) => body.includes(second))).toHaveLength(1)
  await stage.sweep()
  expect((await stage.takeMessages()).filter((body) => body.includes(second))).toEqual([])

  await stage.stopTask((await stage.runRecord(first)).taskArn ?? '')
  await stage.settleToEnd(first)
  const message = 'Capacity is unavailable at this time'
  stage.ecs.intercept(({ action }) => (action === 'RunTask' ? { type: 'ClientException', message } : undefined))
  await stage.deliverQueue()
  expect(await stage.runRecord(second)).toMatchObject({ status: 'queued', refusals: 1 })
})

it('runs that end without a slot do not postpone the timeout of a run that has one', async () => {
  await begin('timeout: 5m\n    concurrency: {}')
  const long = await request()
  await stage.start(long)
  for (const event of await stage.waitForEvents(long, 2)) await stage.bridge.settle(event)
  for (let minutes = 0; minutes < 8; minutes++) {
    await cancel(await request())
    stage.advance(60_000)
    await stage.sweep()
    await stage.deliverQueue()
  }
  expect(stage.ecs.callsOf('StopTask')).toHaveLength(1)
})
