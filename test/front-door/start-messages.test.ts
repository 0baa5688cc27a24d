/** docs/architecture.md: the queue delivers at least once. A message that comes twice starts one task, and one bad message holds up no other. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { accessDenied } from '../support/relay.ts'
import { allTaken, type StartStage, startStartStage } from './start-stage.ts'

let stage: StartStage
beforeEach(async () => {
  stage = await startStartStage()
})
afterEach(() => stage.close())

it('the same message twice at once: RunTask is called once, and one message is delivered again', async () => {
  const { run } = await stage.acceptPush('plain')
  stage.faults.inject({ kind: 'delay', ms: 150 })
  const results = await Promise.all([stage.start(run), stage.start(run)])
  expect(stage.runTaskCalls(run)).toHaveLength(1)
  expect(results.flatMap(({ batchItemFailures }) => batchItemFailures)).toEqual([{ itemIdentifier: run }])
  expect(await stage.start(run)).toEqual(allTaken)
  await stage.expectStartedOnce(run)
  expect(stage.runTaskCalls(run)).toHaveLength(1)
})

it.each([
  'not json',
  '',
  'null',
  '[]',
  '{}',
  '{"verb":"start"}',
  '{"verb":"start","run":"../../etc"}',
  '{"verb":"explode","run":"00000000000000000000"}',
])('the message %j is dropped and logged', async (body) => {
  expect(await stage.deliver(body)).toEqual(allTaken)
  expect(stage.logs.join()).toContain('dropped a message in the queue that taskhook did not send')
  expect(stage.dynamo.calls).toEqual([])
})

it('a message about a run that the table no longer has is dropped', async () => {
  expect(await stage.start('0'.repeat(20))).toEqual(allTaken)
  expect(stage.ecs.callsOf('RunTask')).toEqual([])
})

it('of a batch, only the message that failed is delivered again', async () => {
  const [good, broken, other] = [
    (await stage.acceptPush('plain')).run,
    (await stage.acceptPush('plain')).run,
    (await stage.acceptPush('bare')).run,
  ]
  stage.dynamo.intercept(({ input }) => (JSON.stringify(input).includes(`run#${broken}`) ? accessDenied : undefined))
  const { batchItemFailures } = await stage.bridge.start({
    Records: [
      { messageId: 'good', body: JSON.stringify({ verb: 'start', run: good }) },
      { messageId: 'broken', body: JSON.stringify({ verb: 'start', run: broken }) },
      { messageId: 'junk', body: 'junk' },
      { messageId: 'other', body: JSON.stringify({ verb: 'start', run: other }) },
    ],
  })
  expect(batchItemFailures).toEqual([{ itemIdentifier: 'broken' }])
  await Promise.all([stage.expectStartedOnce(good), stage.expectStartedOnce(other)])
  expect(stage.runTaskCalls(broken)).toEqual([])

  stage.dynamo.intercept()
  expect(await stage.start(broken)).toEqual(allTaken)
  await stage.expectStartedOnce(broken)
})

it('if the message for the next try cannot be sent, the present one is delivered again', async () => {
  const { run } = await stage.acceptPush('plain')
  stage.faults.inject({ kind: 'error', type: 'InvalidParameterException', message: 'Rate exceeded', status: 400 })
  stage.sqs.intercept(() => accessDenied)
  expect(await stage.start(run)).toEqual({ batchItemFailures: [{ itemIdentifier: run }] })
  stage.sqs.intercept()
  expect(await stage.start(run)).toEqual(allTaken)
  await stage.expectStartedOnce(run)
})
