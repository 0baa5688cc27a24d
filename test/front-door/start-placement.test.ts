/** docs/faults.md: if ECS has no capacity, `start` tries the next place at once, and all places again later; after an hour the run fails to start. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { meanings } from '../../src/core/model/run-task-errors.ts'
import { allTaken, placeOf, placesOfRoomy, type StartStage, startStartStage } from './start-stage.ts'

let stage: StartStage
beforeEach(async () => {
  stage = await startStartStage()
})
afterEach(() => stage.close())

const noCapacity = { kind: 'failure', reason: 'Capacity is unavailable at this time.' } as const
const wrongSubnet = "The subnet ID 'subnet-b' does not exist"
const subnetError = { kind: 'error', type: 'InvalidParameterException', message: wrongSubnet, status: 400 } as const

it('RESOURCE:ENI: the next place is tried with a new token, and the run starts once', async () => {
  const { run } = await stage.acceptPush('roomy')
  stage.faults.inject({ kind: 'failure', reason: 'RESOURCE:ENI' })
  expect(await stage.start(run)).toEqual(allTaken)
  await stage.expectStartedOnce(run)
  expect(stage.runTaskCalls(run).map(placeOf)).toEqual(placesOfRoomy.slice(0, 2))
  expect(new Set(stage.clientTokens(run)).size).toBe(2)
  expect(stage.messageDelays(run)).toEqual([0])
})

it('FARGATE_SPOT is sent as a capacity provider strategy, FARGATE as a launch type, and never both', async () => {
  const { run } = await stage.acceptPush('roomy')
  stage.faults.inject(noCapacity, 3)
  await stage.start(run)
  const [first, , , last] = stage.runTaskCalls(run)
  expect(first).toMatchObject({ capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] })
  expect(first).not.toHaveProperty('launchType')
  expect(last).toMatchObject({ launchType: 'FARGATE' })
  expect(last).not.toHaveProperty('capacityProviderStrategy')
  expect((await stage.tasks(run)).map(({ launchType }) => launchType)).toEqual(['FARGATE'])
})

it('no capacity anywhere: tried again later with new tokens, and after an hour the run fails to start', async () => {
  const { run, sha } = await stage.acceptPush('roomy')
  const reason = 'no Spot and on-demand capacity in 2 subnets'
  stage.faults.inject(noCapacity, 6)
  expect(await stage.start(run)).toEqual(allTaken)
  expect(stage.runTaskCalls(run).map(placeOf)).toEqual(placesOfRoomy)
  expect(await stage.runRecord(run)).toMatchObject({ status: 'queued', reason })
  stage.expectDelays(run, 0, 60)
  expect((await stage.takeMessages()).filter((body) => body.includes(run))).toEqual([])
  expect(stage.statusesAt(sha)).toMatchObject([
    { state: 'pending', description: `queued, to be tried again: ${reason}` },
  ])

  stage.advance(60_000)
  stage.faults.inject(noCapacity, 6)
  expect(await stage.start(run)).toEqual(allTaken)
  expect(stage.runTaskCalls(run).map(placeOf)).toEqual([...placesOfRoomy, ...placesOfRoomy])
  expect(new Set(stage.clientTokens(run)).size).toBe(12)
  expect(stage.statusesAt(sha)).toHaveLength(1)

  stage.advance(3_600_000)
  stage.faults.inject(noCapacity, 6)
  expect(await stage.start(run)).toEqual(allTaken)
  expect(await stage.runRecord(run)).toMatchObject({ status: 'failed-to-start', reason })
  expect(stage.statusesAt(sha).at(-1)).toMatchObject({ state: 'error', description: `could not be started: ${reason}` })
  expect(await stage.tasks(run)).toEqual([])
  expect(await stage.openRuns()).not.toContain(run)
})

it('a subnet error in every place fails the run at once', async () => {
  const { run } = await stage.acceptPush('roomy')
  stage.faults.inject(subnetError, 6)
  await stage.start(run)
  expect(await stage.runRecord(run)).toMatchObject({
    ...{ status: 'failed-to-start', reason: `${meanings.subnet.reason} (${wrongSubnet})` },
  })
})

it('a subnet error in the last place does not fail the run if the other places only lack capacity', async () => {
  const { run } = await stage.acceptPush('roomy')
  stage.faults.inject(noCapacity, 5)
  stage.faults.inject(subnetError)
  await stage.start(run)
  expect(await stage.runRecord(run)).toMatchObject({ status: 'queued' })
})

it('a quota: no other place is tried, and the run starts later with a new token', async () => {
  const { run } = await stage.acceptPush('roomy')
  const message = "You've reached the limit on the number of vCPUs you can run concurrently"
  stage.faults.inject({ kind: 'error', type: 'ClientException', message, status: 400 })
  await stage.start(run)
  expect(await stage.runRecord(run)).toMatchObject({ status: 'queued', reason: meanings.quota.reason })
  expect(stage.runTaskCalls(run)).toHaveLength(1)
  await stage.start(run)
  await stage.expectStartedOnce(run)
  expect(new Set(stage.clientTokens(run)).size).toBe(2)
})
