/** docs/architecture.md: a run that has ended holds no concurrency slot, wherever a function died; and only its own task can end it. */
import { afterEach, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { accessDenied, type Call } from '../support/relay.ts'
import { type ConcurrencyStage, isOfGroup, startConcurrencyStage } from './concurrency-stage.ts'

let stage: ConcurrencyStage
afterEach(() => stage.close())

/** The write after RunTask: `start` dies there. */
const recordsLaunch = ({ action, input }: Call) =>
  action === 'UpdateItem' && JSON.stringify(input.ExpressionAttributeNames ?? {}).includes('launchedAt')

it('a slot is released if the task ends while `start` starts its run again', async () => {
  stage = await startConcurrencyStage('{}', 'true')
  const run = await stage.request('a')
  stage.dynamo.intercept((call) => (recordsLaunch(call) ? accessDenied : undefined))
  await stage.start(run)
  const events = await stage.waitUntilStopped(run)
  stage.advance(91_000)
  let ended = false
  stage.dynamo.intercept(async (call) => {
    if (!ended && call.action === 'GetItem' && isOfGroup(call)) {
      ended = true
      for (const event of events) await stage.bridge.settle(event)
    }
    return undefined
  })
  await stage.start(run)
  stage.dynamo.intercept()
  expect(ended).toBe(true)
  const second = await stage.request('b')
  await stage.start(second)
  expect(await stage.runRecord(second)).toMatchObject({ status: 'starting' })
})

it('a slot is released if `settle` dies before it does so, while `start` still notifies', async () => {
  stage = await startConcurrencyStage('{}', 'true')
  const run = await stage.request('a')
  let [settled, dead] = [false, false]
  stage.dynamo.intercept(async (call) => {
    if (dead && call.action === 'UpdateItem' && isOfGroup(call)) return accessDenied
    if (!settled && JSON.stringify(call.input).includes('":set_told":{"S":"starting"}')) {
      settled = true
      dead = true
      for (const event of await stage.waitUntilStopped(run)) await stage.bridge.settle(event).catch(() => {})
      dead = false
    }
    return undefined
  })
  await stage.start(run)
  stage.dynamo.intercept()
  expect(settled).toBe(true)
  const second = await stage.request('b')
  await stage.start(second)
  for (let round = 0; round < 3; round++) {
    stage.advance(700_000)
    await stage.sweep()
    await stage.deliverQueue()
  }
  expect(await stage.runRecord(run)).toMatchObject({ status: 'succeeded' })
  expect((await stage.runRecord(second)).status).not.toBe('queued')
})

it.each(['queue', 'reject', 'cancel-oldest'])(
  'whenFull: %s: a slot that a dead function gave to a run that had ended is free',
  async (whenFull) => {
    stage = await startConcurrencyStage(`{ whenFull: ${whenFull} }`)
    const ended = await stage.request('a')
    const slow = createGate()
    stage.dynamo.intercept(async (call) => {
      if (isOfGroup(call) && !slow.isReached()) await slow.pass()
      return undefined
    })
    const dying = stage.start(ended)
    await eventually(slow.isReached)

    // Another invocation takes over.
    stage.advance(91_000)
    await stage.start(ended)
    await stage.stopAndSettle(ended)
    expect(await stage.runRecord(ended)).toMatchObject({ status: 'cancelled' })
    expect(await stage.openRuns()).toEqual([])

    let given = false
    stage.dynamo.intercept((call) => {
      if (given) return accessDenied
      given = call.action === 'UpdateItem' && isOfGroup(call)
      return undefined
    })
    slow.open()
    await dying
    expect(given).toBe(true)
    stage.dynamo.intercept()

    const [next, last] = [await stage.request('b'), await stage.request('c')]
    await stage.start(next)
    expect(await stage.runningRuns()).toEqual([next])
    await stage.start(last)
    expect(await stage.runRecord(last)).toMatchObject({ status: whenFull === 'reject' ? 'failed-to-start' : 'queued' })
  },
)

/** Holds what passes it until it is open. */
function createGate() {
  let open = () => {}
  let reached = false
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return {
    open: () => open(),
    isReached: () => reached,
    pass: () => {
      reached = true
      return opened
    },
  }
}

it('an event of a task on another cluster does not end a queued run', async () => {
  stage = await startConcurrencyStage('{}')
  const [first, second] = [await stage.request('a'), await stage.request('b')]
  for (const run of [first, second]) await stage.start(run)
  const clusterArn = 'arn:aws:ecs:us-east-1:666666666666:cluster/elsewhere'
  await stage.bridge.settle({
    source: 'aws.ecs',
    'detail-type': 'ECS Task State Change',
    detail: {
      clusterArn,
      taskArn: `${clusterArn.replace('cluster', 'task')}/x`,
      startedBy: `taskhook/${second}`,
      lastStatus: 'STOPPED',
      version: 9,
      containers: [{ name: 'app', exitCode: 0 }],
    },
  })
  expect(await stage.runRecord(second)).toMatchObject({ status: 'queued' })
})
