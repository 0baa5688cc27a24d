/** docs/faults.md: a throttled or lost RunTask call is repeated with the same client token, so a run has one task or none, and never two. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { meanings } from '../../src/core/model/run-task-errors.ts'
import { accessDenied } from '../support/relay.ts'
import { allTaken, type StartStage, startStartStage } from './start-stage.ts'

let stage: StartStage
beforeEach(async () => {
  stage = await startStartStage()
})
afterEach(() => stage.close())

/** The SDK makes three calls of one start. */
const sdkCalls = 3

it.each([
  ['ThrottlingException', 'Rate exceeded', 400, sdkCalls, meanings.throttled],
  ['InvalidParameterException', 'Rate exceeded', 400, 1, meanings.throttled],
  ['ServerException', 'Service Unavailable. Please try again later.', 500, sdkCalls, meanings['server-error']],
])('%s %j: the run is tried again with the same token, and starts once', async (...fault) => {
  const [type, message, status, times, meaning] = fault
  const { run } = await stage.acceptPush('plain')
  stage.faults.inject({ kind: 'error', type, message, status }, times)
  expect(await stage.start(run)).toEqual(allTaken)
  expect(await stage.runRecord(run)).toMatchObject({ status: 'queued', reason: meaning.reason })
  stage.expectDelays(run, 0, 5)
  expect(await stage.tasks(run)).toEqual([])

  expect(await stage.start(run)).toEqual(allTaken)
  await stage.expectStartedOnce(run)
  expect(stage.clientTokens(run)).toHaveLength(times + 1)
  expect(new Set(stage.clientTokens(run)).size).toBe(1)
  expect(await stage.runRecord(run)).toMatchObject({ status: 'starting', taskArn: expect.any(String) as unknown })
  expect(await stage.runRecord(run)).not.toHaveProperty('reason')
})

describe('if the task was started and the connection broke,', () => {
  it.each([
    ['the next try of the SDK', 1],
    ['the next delivery of the message', sdkCalls],
  ])('%s finds the task', async (_name, times) => {
    const { run } = await stage.acceptPush('plain')
    stage.faults.inject({ kind: 'lost' }, times)
    expect(await stage.start(run)).toEqual(allTaken)
    if (times === sdkCalls) expect(await stage.runRecord(run)).toMatchObject({ status: 'queued' })
    expect(await stage.start(run)).toEqual(allTaken)
    await stage.expectStartedOnce(run)
    expect(new Set(stage.clientTokens(run)).size).toBe(1)
    const [only] = await stage.tasks(run)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'starting', taskArn: only?.taskArn })
  })

  it('RunTask is not called again after events of the task have come', async () => {
    const { run } = await stage.acceptPush('plain')
    stage.faults.inject({ kind: 'lost' }, sdkCalls)
    await stage.start(run)
    for (const event of await stage.waitForEvents(run, 2)) await stage.bridge.settle(event)
    expect(await stage.start(run)).toEqual(allTaken)
    expect(stage.runTaskCalls(run)).toHaveLength(sdkCalls)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'running' })
    await stage.expectStartedOnce(run)
  })

  it('the run is not given up after an hour: its task may be running', async () => {
    const { run, sha } = await stage.acceptPush('plain')
    stage.faults.inject({ kind: 'lost' }, 2 * sdkCalls)
    await stage.start(run)
    expect(stage.statusesAt(sha)).toEqual([])
    stage.advance(3_700_000)
    await stage.start(run)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'queued' })
    stage.expectDelays(run, 0, 5, 120)
    expect(stage.statusesAt(sha)).toMatchObject([
      { state: 'pending', description: expect.stringMatching(/^queued, /) as unknown },
    ])
    await stage.start(run)
    await stage.expectStartedOnce(run)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'starting', taskArn: expect.any(String) as unknown })
  })

  it('an event that arrives while the next try is refused decides', async () => {
    const { run, sha } = await stage.acceptPush('plain')
    stage.faults.inject({ kind: 'lost' }, sdkCalls)
    await stage.start(run)
    stage.ecs.intercept(async ({ action }) => {
      if (action !== 'RunTask') return undefined
      for (const event of await stage.waitForEvents(run, 2)) await stage.bridge.settle(event)
      return accessDenied
    })
    expect(await stage.start(run)).toEqual(allTaken)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'running' })
    expect(stage.statusesAt(sha).map(({ state }) => state)).toEqual(['pending'])
  })
})

it('the task that a ConflictException names is the task of the run', async () => {
  const { run } = await stage.acceptPush('plain')
  const taskArn = 'arn:aws:ecs:us-east-1:000000000000:task/main/0123456789abcdef'
  const conflict = { type: 'ConflictException', message: 'other parameters', resourceIds: [taskArn] }
  stage.ecs.intercept(({ action }) => (action === 'RunTask' ? conflict : undefined))
  await stage.start(run)
  expect(await stage.runRecord(run)).toMatchObject({ status: 'starting', taskArn })
})
