/** Whether a run may have a task: known where it can be, and where nobody can know, nothing is begun twice. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterEach, expect, it } from 'vitest'
import { createItems } from '../../src/core/aws/dynamodb-items.ts'
import type { Pauses } from '../../src/core/model/pause.ts'
import { changePauses } from '../../src/core/store/pause-store.ts'
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

let on: Stage
afterEach(() => on.close())
const begin = async (more = ''): Promise<void> => {
  on = await startStage({ config: config(more), env: stageSecrets })
}
const ask = async (): Promise<string> => {
  on.advance(1000)
  return on.accept('/partner', partnerDelivery(on.now()))
}
const cancel = (run: string) =>
  on.bridge.start({ Records: [{ messageId: 'm', body: JSON.stringify({ verb: 'cancel', run, by: 'ann' }) }] })
const starts = (run: string): number =>
  on.ecs.callsOf('RunTask').filter(({ input }) => input.startedBy === `taskhook/${run}`).length
const deliverQueue = async (): Promise<void> => {
  for (const body of await on.takeMessages()) await on.bridge.start({ Records: [{ messageId: 'm', body }] })
}

/** It dies as it reads this; then its lease is over, and another one is at it. */
async function dieReading(what: string, run: string): Promise<void> {
  const reads = ({ action, input }: Call): boolean => action === 'GetItem' && JSON.stringify(input.Key).includes(what)
  on.dynamo.intercept((call) => (reads(call) ? accessDenied : undefined))
  await on.start(run)
  on.dynamo.intercept()
  on.advance(91_000)
}

async function pause(what: Pauses): Promise<void> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  const client = new DynamoDBClient({ endpoint: on.dynamo.url, region: 'us-east-1', credentials })
  await changePauses(createItems(client, 'taskhook'), () => what)
  client.destroy()
  // It is heeded once what was read before is old.
  on.advance(5_000)
}
const upgrade = () => pause({ '*': { message: 'upgrade', by: 'ann', since: on.now() } })

it('who died before RunTask and waits in line is cancelled at once', async () => {
  await begin('concurrency: {}')
  const [first, second] = [await ask(), await ask()]
  await on.start(first)
  await dieReading('group#', second)
  await on.start(second)
  expect(await on.runRecord(second)).toMatchObject({ status: 'queued', reason: '1st in line, 1 at a time' })
  await cancel(second)
  expect(await on.runRecord(second)).toMatchObject({ status: 'cancelled', reason: 'cancelled by ann' })
  expect(starts(second)).toBe(0)
})

it('who died before RunTask is cancelled in a pause, and starts nothing in it', async () => {
  await begin()
  const run = await ask()
  await upgrade()
  await dieReading('"pause"', run)
  await on.start(run)
  expect(await on.runRecord(run)).toMatchObject({ status: 'queued', reason: 'paused: upgrade' })
  await cancel(run)
  expect(await on.runRecord(run)).toMatchObject({ status: 'cancelled' })
  await on.start(run)
  expect(starts(run)).toBe(0)
})

it('who died before RunTask is given up where it is too late', async () => {
  await begin('startWithin: 10m\n    concurrency: {}')
  const run = await ask()
  await dieReading('group#', run)
  on.advance(3_600_000)
  await on.start(run)
  expect(await on.runRecord(run)).toMatchObject({
    status: 'failed-to-start',
    reason: 'it was not started within 10 min',
  })
  expect(starts(run)).toBe(0)
})

it('who died after RunTask is asked for again, by its token, though it is too late', async () => {
  await begin('startWithin: 10m')
  const run = await ask()
  const notes = ({ action, input }: Call): boolean =>
    action === 'UpdateItem' && String(input.UpdateExpression).includes('launchedAt')
  on.dynamo.intercept((call) => (notes(call) ? accessDenied : undefined))
  await on.start(run)
  on.dynamo.intercept()
  on.advance(3_600_000)
  await on.start(run)
  expect(starts(run)).toBe(2)
  expect(new Set(on.ecs.callsOf('RunTask').map(({ input }) => input.clientToken)).size).toBe(1)
  expect(await on.tasks(run)).toHaveLength(1)
})

it('a subnet that is refused is no reason to go elsewhere where a task may run', async () => {
  await begin()
  const run = await ask()
  on.dynamo.intercept(({ action, input }) =>
    action === 'UpdateItem' && String(input.UpdateExpression).includes('launchedAt') ? accessDenied : undefined,
  )
  await on.start(run)
  on.dynamo.intercept()
  on.advance(91_000)
  const message = "The subnet ID 's1' does not exist"
  on.ecs.intercept(({ action }) => (action === 'RunTask' ? { type: 'InvalidParameterException', message } : undefined))
  await on.start(run)
  on.ecs.intercept()
  on.advance(900_000)
  await on.start(run)
  expect(new Set(on.ecs.callsOf('RunTask').map(({ input }) => input.clientToken)).size).toBe(1)
  expect(await on.tasks(run)).toHaveLength(1)
})

it('a pause and a wait in line use up nothing of the time that ECS has to find room', async () => {
  await begin('concurrency: {}')
  const [first, second] = [await ask(), await ask()]
  await on.start(first)
  await upgrade()
  await on.start(second)
  await pause({})
  on.advance(60_000)
  await on.start(second)
  await on.takeMessages()
  on.advance(2 * 3_600_000)
  await on.sweep()
  expect((await on.takeMessages()).filter((body) => body.includes(second))).toHaveLength(1)
  await on.sweep()
  expect((await on.takeMessages()).filter((body) => body.includes(second))).toEqual([])

  await on.stopTask((await on.runRecord(first)).taskArn ?? '')
  await on.settleToEnd(first)
  const message = 'Capacity is unavailable at this time'
  on.ecs.intercept(({ action }) => (action === 'RunTask' ? { type: 'ClientException', message } : undefined))
  await deliverQueue()
  expect(await on.runRecord(second)).toMatchObject({ status: 'queued', refusals: 1 })
})

it('runs that end without ever having been in a group put off nobody in it', async () => {
  await begin('timeout: 5m\n    concurrency: {}')
  const long = await ask()
  await on.start(long)
  for (const event of await on.waitForEvents(long, 2)) await on.bridge.settle(event)
  for (let minutes = 0; minutes < 8; minutes++) {
    await cancel(await ask())
    on.advance(60_000)
    await on.sweep()
    await deliverQueue()
  }
  expect(on.ecs.callsOf('StopTask')).toHaveLength(1)
})
