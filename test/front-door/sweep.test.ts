/** docs/operations.md: the sweep recovers from lost messages, dead functions and lost events, and one stuck run does not hold it up. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { bodyOf } from '../support/function-url.ts'
import { accessDenied, type Call } from '../support/relay.ts'
import { partnerDelivery, pushTo } from '../support/stage-deliveries.ts'
import { minutes, type PushStage, startPushStage } from './push-stage.ts'

let stage: PushStage
beforeEach(async () => {
  stage = await startPushStage()
})
afterEach(() => stage.close())

const runsOf = (messages: readonly string[]) => messages.map((body) => (JSON.parse(body) as { run: string }).run)
const deliverQueue = async () => runsOf(await stage.deliverQueue())

it('starts a run that was stored and never queued', async () => {
  const { delivery, sha } = pushTo('quick')
  stage.sqs.intercept(() => accessDenied)
  expect((await stage.post('/github', delivery)).statusCode).toBe(500)
  stage.sqs.intercept()
  const [run = ''] = await stage.openRuns()

  stage.advance(minutes(1))
  await stage.sweep()
  expect(await deliverQueue()).toEqual([])
  stage.advance(minutes(1) + 1000)
  await stage.sweep()
  expect(await deliverQueue()).toEqual([run])
  await stage.settleToEnd(run)
  expect(await stage.statusOf(run)).toBe('succeeded')
  expect(stage.statesAt(sha).at(-1)).toBe('success')
  expect(await stage.tasksAndProcesses(run)).toEqual([1, 1])
})

it('leaves nothing to do if the sender delivers again: that queues the stored run', async () => {
  const delivery = partnerDelivery(stage.now())
  stage.sqs.intercept(() => accessDenied)
  expect((await stage.post('/partner', delivery)).statusCode).toBe(500)
  stage.sqs.intercept()
  stage.advance(11_000)
  const again = await stage.post('/partner', delivery)
  expect(again.statusCode).toBe(200)
  const run = String(bodyOf(again).run)
  expect(await deliverQueue()).toEqual([run])
  await stage.settleToEnd(run)
  expect(await stage.tasksAndProcesses(run)).toEqual([1, 1])
})

it.each<[string, (input: Call['input']) => boolean]>([
  ['before RunTask', ({ UpdateExpression }) => String(UpdateExpression).includes('#attempt =')],
  ['after RunTask', ({ UpdateExpression }) => String(UpdateExpression).includes('#taskArn =')],
])('starts a run once if `start` died %s', async (_name, dies) => {
  const { run } = await stage.push('quick')
  stage.dynamo.intercept(({ action, input }) => (action === 'UpdateItem' && dies(input) ? accessDenied : undefined))
  const notTaken = { batchItemFailures: [{ itemIdentifier: run }] }
  expect(await stage.start(run)).toEqual(notTaken)
  stage.dynamo.intercept()
  // While the lease lasts, the function that claimed the run may still be at work.
  expect(await stage.start(run)).toEqual(notTaken)
  await stage.sweep()
  expect(await deliverQueue()).toEqual([])

  stage.advance(91_000)
  await stage.sweep()
  expect(await deliverQueue()).toEqual([run])
  await stage.settleToEnd(run)
  expect(await stage.statusOf(run)).toBe('succeeded')
  expect(await stage.tasksAndProcesses(run)).toEqual([1, 1])
})

it('asks ECS about a run whose events do not come', async () => {
  const { sha, run } = await stage.pushAndStart('quick')
  await stage.waitUntilStopped(run)
  stage.advance(minutes(9))
  await stage.sweep()
  expect(await stage.statusOf(run)).toBe('starting')
  stage.advance(minutes(1) + 1000)
  await stage.sweep()
  expect(await stage.runRecord(run)).toMatchObject({ status: 'succeeded', exitCode: 0 })
  expect(stage.statesAt(sha)).toEqual(['pending', 'success'])
  // The events come after all.
  await stage.settleToEnd(run)
  expect(stage.statesAt(sha)).toEqual(['pending', 'success'])
})

it('fails a run whose task ECS no longer knows, with that as the reason', async () => {
  const { sha, run } = await stage.pushAndStart('quick')
  await stage.waitUntilStopped(run)
  stage.advance(minutes(61))
  await stage.sweep()
  expect(await stage.runRecord(run)).toMatchObject({
    status: 'failed',
    reason: 'ECS no longer knows the task, and no event reported how it ended',
  })
  expect(stage.statesAt(sha)).toEqual(['pending', 'failure'])
})

it('leaves a running task alone', async () => {
  const { sha, run } = await stage.pushAndStart('long')
  for (const event of await stage.waitForEvents(run, 2)) await stage.bridge.settle(event)
  stage.advance(minutes(120))
  await stage.sweep()
  expect(await stage.statusOf(run)).toBe('running')
  expect(stage.statesAt(sha)).toEqual(['pending', 'pending'])
  expect(await stage.openRuns()).toContain(run)
})

it('reviews other runs if one cannot be reviewed, and that one again ten minutes later', async () => {
  const [stuck, fine] = [await stage.pushAndStart('quick'), await stage.pushAndStart('quick')]
  await Promise.all([stage.waitUntilStopped(stuck.run), stage.waitUntilStopped(fine.run)])
  const { taskArn } = await stage.runRecord(stuck.run)
  stage.ecs.intercept(({ input }) => (JSON.stringify(input).includes(String(taskArn)) ? accessDenied : undefined))
  stage.advance(minutes(10) + 1000)
  await stage.sweep()
  expect(await stage.statusOf(fine.run)).toBe('succeeded')
  expect(stage.logs.join()).toContain('could not repair a run')
  // Its next review is postponed. Otherwise a hundred runs like it would be all that a sweep ever reviews.
  const calls = stage.ecs.callsOf('DescribeTasks').length
  await stage.sweep()
  expect(stage.ecs.callsOf('DescribeTasks')).toHaveLength(calls)

  stage.ecs.intercept()
  stage.advance(minutes(10) + 1000)
  await stage.sweep()
  expect(await stage.statusOf(stuck.run)).toBe('succeeded')
})
