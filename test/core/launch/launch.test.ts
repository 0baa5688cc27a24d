/** Starts of which nobody knows how they went, over a real DynamoDB protocol. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createItems } from '../../../src/core/aws/dynamodb-items.ts'
import type { Ecs, StartResult } from '../../../src/core/aws/ecs.ts'
import { launch } from '../../../src/core/launch/launch.ts'
import type { RunRecord } from '../../../src/core/model/run-record.ts'
import { meanings, refusal } from '../../../src/core/model/run-task-errors.ts'
import type { Services } from '../../../src/core/services.ts'
import { sweep } from '../../../src/core/settle/sweep.ts'
import { createLedger } from '../../../src/core/store/dynamodb-ledger.ts'
import type { Ledger } from '../../../src/core/store/ledger.ts'
import { createLog } from '../../../src/core/telemetry/log.ts'
import { type Emulators, startEmulators } from '../../../src/local/emulators.ts'

let emulators: Emulators
let ledger: Ledger
let now = 1_800_000_000_000
beforeAll(async () => {
  emulators = await startEmulators()
  ledger = createLedger(createItems(emulators.dynamo, 'taskhook'))
})
afterAll(() => emulators.close())

const hour = 3_600_000
const arn = 'arn:aws:ecs:eu-west-1:111122223333:task/c/a'

function partsWith(ecs: Partial<Ecs>): Services {
  return {
    ledger,
    queue: { send: async () => {} },
    ecs: async () => ({ containerOf: async () => ({ kind: 'one', name: 'app' }), ...ecs }),
    log: createLog('silent'),
    now: () => now,
    key: 'env:K',
    pauses: { of: async () => undefined },
    secrets: { current: async () => 'k' },
    sources: new Map([['partner', { config: { tokens: {} }, adapter: { updateStatus: async () => {} } }]]),
  } as unknown as Services
}

async function claimed(run: string): Promise<RunRecord> {
  const settings = {
    name: 'analyze',
    cluster: 'c',
    taskDefinition: 't',
    subnets: ['s'],
    assignPublicIp: 'DISABLED',
    capacity: ['FARGATE'],
  } as const
  const plan = { task: 'analyze', route: 'r', params: {}, container: 'app', timeout: undefined, env: [], settings }
  await ledger.open(
    {
      run,
      source: 'partner',
      event: 'e',
      deliveryId: '',
      actor: 'a',
      origin: 'https://x',
      plan,
      replyAddress: null,
      createdAt: now,
    },
    now,
  )
  const claim = await ledger.claim(run, now, now + 90_000)
  if (claim.kind !== 'claimed') throw new Error(claim.kind)
  return claim.row
}
async function again(run: string): Promise<RunRecord> {
  const claim = await ledger.claim(run, now, now + 90_000)
  if (claim.kind !== 'claimed') throw new Error(claim.kind)
  return claim.row
}

it('a call that got lost is not called a failure by the next no: its task may be running', async () => {
  const run = '1'.repeat(20)
  const answers: StartResult[] = [refusal('lost', 'x'), refusal('access-denied', 'x'), refusal('access-denied', 'x')]
  const tokens: string[] = []
  const services = partsWith({
    start: async (_, token) => {
      tokens.push(token)
      return answers.shift() ?? refusal('conflict', 'asked too often')
    },
  })
  await launch(services, await claimed(run))
  await launch(services, await again(run))
  expect(await ledger.read(run)).toMatchObject({ status: 'queued', unsure: true })
  expect(new Set(tokens).size).toBe(1)
  now += hour + 1
  await launch(services, await again(run))
  expect(await ledger.read(run)).toMatchObject({ status: 'failed-to-start', reason: meanings['access-denied'].reason })
})

it('a task that ECS does not show yet has not vanished, however long its run has waited for it', async () => {
  const run = '2'.repeat(20)
  await claimed(run)
  now += 2 * hour
  await ledger.recordLaunch(run, arn, { dueAt: now, deadline: undefined, launchedAt: now, attempts: [] })
  const services = partsWith({ describe: async () => undefined })
  await sweep(services)
  expect(await ledger.read(run)).toMatchObject({ status: 'starting' })
  now += hour + 1
  await sweep(services)
  expect(await ledger.read(run)).toMatchObject({
    status: 'failed',
    reason: expect.stringContaining('does not know the task') as unknown,
  })
})

it('one that is cancelled while it is claimed, and then refused, does not wait for its next try', async () => {
  const run = '8'.repeat(20)
  const delays: (number | undefined)[] = []
  const services = {
    ...partsWith({
      start: async () => {
        await ledger.cancel(run, 'ann', now)
        return refusal('quota', 'x')
      },
    }),
    queue: { send: async (_: unknown, delay?: number) => void delays.push(delay), retryLater: async () => {} },
  }
  await launch(services, await claimed(run))
  expect(delays).toEqual([0])
  await launch(services, await again(run))
  expect(await ledger.read(run)).toMatchObject({ status: 'cancelled', reason: 'cancelled by ann' })
})
