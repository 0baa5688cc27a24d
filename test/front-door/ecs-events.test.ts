/** docs/architecture.md: events of ECS come at least once and in any order; a run ends once, and its sender is notified of the true end. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EcsEvent, EcsTask } from '../../src/core/model/ecs-task.ts'
import { accessDenied } from '../support/relay.ts'
import { type PushStage, startPushStage } from './push-stage.ts'

let stage: PushStage
beforeEach(async () => {
  stage = await startPushStage()
})
afterEach(() => stage.close())

const taskEvent = (detail: EcsTask): EcsEvent => ({
  source: 'aws.ecs',
  'detail-type': 'ECS Task State Change',
  detail,
})

it.each([
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
])('events in the order %i %i %i, each twice, give one success', async (...order) => {
  const { sha, run } = await stage.pushAndStart('quick')
  const events = await stage.waitUntilStopped(run)
  expect(events.map(({ detail }) => detail?.lastStatus)).toEqual(['PENDING', 'RUNNING', 'STOPPED'])
  const [running, ended] = [order.indexOf(1), order.indexOf(2)]
  for (const [step, at] of order.entries()) {
    for (const event of [events[at], events[at]]) if (event !== undefined) await stage.bridge.settle(event)
    expect(await stage.statusOf(run)).toBe(step >= ended ? 'succeeded' : step >= running ? 'running' : 'starting')
  }
  expect(stage.statesAt(sha)).toEqual(running < ended ? ['pending', 'pending', 'success'] : ['pending', 'success'])
  expect(await stage.runRecord(run)).toMatchObject({ exitCode: 0, notified: 'succeeded' })
})

it('a terminal status never changes, not even by an event with a higher version', async () => {
  const { sha, run } = await stage.pushAndStart('quick')
  await stage.settleToEnd(run)
  const record = await stage.runRecord(run)
  const detail: EcsTask = {
    taskArn: record.taskArn,
    startedBy: `taskhook/${run}`,
    lastStatus: 'STOPPED',
    version: 99,
    containers: [{ name: 'app', exitCode: 1 }],
  }
  await stage.bridge.settle(taskEvent(detail))
  await stage.bridge.settle(taskEvent({ ...detail, lastStatus: 'RUNNING', version: 100 }))
  expect(await stage.runRecord(run)).toEqual(record)
  expect(stage.statesAt(sha).at(-1)).toBe('success')
})

describe('an event', () => {
  const stopped: EcsTask = { taskArn: 'arn:aws:ecs:eu-west-1:1:task/main/1', lastStatus: 'STOPPED', version: 3 }
  const unknownRun = `taskhook/${'0'.repeat(20)}`

  it.each<[string, EcsEvent]>([
    ['of a task that a service started', taskEvent({ ...stopped, startedBy: 'ecs-svc/1234567890123456789' })],
    ['of a task without startedBy', taskEvent(stopped)],
    ['of a task whose startedBy is not a run of ours', taskEvent({ ...stopped, startedBy: 'taskhook/../x' })],
    [
      'of another type',
      { source: 'aws.ecs', 'detail-type': 'ECS Deployment State Change', detail: { startedBy: unknownRun } },
    ],
    ['of another source', { ...taskEvent({ ...stopped, startedBy: unknownRun }), source: 'my.app' }],
    ['that is empty', {}],
  ])('%s is ignored without a request to the table', async (_name, event) => {
    await stage.bridge.settle(event)
    expect(stage.dynamo.calls).toEqual([])
    expect(stage.logs).toEqual([])
  })

  it('of a run that the ledger does not know is logged, and opens no run', async () => {
    await stage.bridge.settle(taskEvent({ ...stopped, startedBy: unknownRun }))
    expect(stage.logs.join()).toContain('a run that the ledger does not know')
    expect(await stage.items()).toEqual([])
  })

  it('that cannot be recorded is an error, so that EventBridge delivers it again', async () => {
    const { run } = await stage.pushAndStart('quick')
    const events = await stage.waitUntilStopped(run)
    stage.dynamo.intercept(({ action }) => (action === 'UpdateItem' ? accessDenied : undefined))
    for (const event of events) await expect(stage.bridge.settle(event)).rejects.toThrow('refused by the test')
    stage.dynamo.intercept()
    await stage.settleToEnd(run)
    expect(await stage.statusOf(run)).toBe('succeeded')
  })
})

it('a task that ECS accepted and could not start is failed-to-start, with the reason', async () => {
  const reason = 'CannotPullContainerError: pull image manifest has been retried 5 time(s)'
  stage.faults.inject({ kind: 'failed-to-start', reason })
  const { sha, run } = await stage.pushAndStart('quick')
  await stage.settleToEnd(run)
  expect(await stage.runRecord(run)).toMatchObject({
    status: 'failed-to-start',
    reason: `the image could not be pulled: ${reason}`,
  })
  expect(stage.statesAt(sha)).toEqual(['pending', 'error'])
})

it('no run is open for review once all have ended', async () => {
  const runs = await Promise.all(Array.from({ length: 5 }, () => stage.pushAndStart('quick')))
  expect([...(await stage.openRuns())].sort()).toEqual(runs.map(({ run }) => run).sort())
  await Promise.all(runs.map(({ run }) => stage.settleToEnd(run)))
  expect(await stage.openRuns()).toEqual([])
})
