/** The conditions of the ledger, over a real DynamoDB protocol: whoever comes twice, too late or with another's lease changes nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createItems } from '../../../src/core/aws/dynamodb-items.ts'
import type { NewRun } from '../../../src/core/model/run-record.ts'
import type { Services } from '../../../src/core/services.ts'
import { sweep } from '../../../src/core/settle/sweep.ts'
import { createLedger } from '../../../src/core/store/dynamodb-ledger.ts'
import type { Ledger } from '../../../src/core/store/ledger.ts'
import { createLog } from '../../../src/core/telemetry/log.ts'
import { type Emulators, startEmulators } from '../../../src/local/emulators.ts'

let emulators: Emulators
let ledger: Ledger
beforeAll(async () => {
  emulators = await startEmulators()
  ledger = createLedger(createItems(emulators.dynamo, 'taskhook'))
})
afterAll(() => emulators.close())

const now = 1_800_000_000_000
let count = 0
async function opened(more: Partial<NewRun> = {}): Promise<string> {
  const run = (count++).toString(16).padStart(20, '0')
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
      ...more,
    },
    now,
  )
  return run
}
const arn = (task: string): string => `arn:aws:ecs:eu-west-1:111122223333:task/c/${task}`
const next = { attempt: 1, container: 'app', leaseUntil: now + 200 }
const pause = { attempts: [], refusals: 1, reason: 'no room', attempt: 1, dueAt: now, refusedAt: now, unsure: false }

describe('a lease', () => {
  it('is one for twenty who claim at once', async () => {
    const run = await opened()
    const claims = await Promise.all(Array.from({ length: 20 }, () => ledger.claim(run, now, now + 100)))
    expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(1)
    expect(claims.filter(({ kind }) => kind === 'busy')).toHaveLength(19)
  })
  it('that has run out is no leave to go on: not with another attempt, not to wait, not to give up', async () => {
    const run = await opened()
    await ledger.claim(run, now, now + 100)
    const second = await ledger.claim(run, now + 101, now + 300)
    expect(second.kind).toBe('claimed')
    expect(await ledger.beginAttempt(run, now + 100, next)).toBeUndefined()
    expect(await ledger.postpone(run, now + 100, pause)).toBeUndefined()
    expect(await ledger.failToStart(run, now + 100, 'x', now)).toBeUndefined()
    expect(await ledger.read(run)).toMatchObject({ status: 'starting', attempt: 0, leaseUntil: now + 300 })
    expect(await ledger.beginAttempt(run, now + 300, next)).toBe(next.leaseUntil)
    expect(await ledger.postpone(run, next.leaseUntil, pause)).toMatchObject({ status: 'queued', attempt: 1 })
  })
  it('is nothing against a task that runs', async () => {
    const run = await opened()
    await ledger.claim(run, now, now + 100)
    await ledger.recordOutcome({ run, taskArn: arn('a'), version: 3, status: 'running' }, now)
    expect(await ledger.postpone(run, now + 100, pause)).toBeUndefined()
    expect(await ledger.failToStart(run, now + 100, 'x', now)).toBeUndefined()
  })
})

describe('a task', () => {
  it('of another ARN neither takes the place of the one that runs, nor tells how it goes', async () => {
    const run = await opened()
    await ledger.claim(run, now, now + 100)
    await ledger.recordLaunch(run, arn('a'), { dueAt: now, deadline: undefined, launchedAt: now, attempts: [] })
    await ledger.recordLaunch(run, arn('b'), { dueAt: now, deadline: undefined, launchedAt: now, attempts: [] })
    expect(
      await ledger.recordOutcome({ run, taskArn: arn('b'), version: 9, status: 'failed', exitCode: 1 }, now),
    ).toBeUndefined()
    expect(await ledger.read(run)).toMatchObject({ status: 'starting', taskArn: arn('a') })
  })
})

describe('what the sender was told', () => {
  const told = (status: 'succeeded' | 'running') => ({ status, rev: 0, at: now, dueAt: now })

  it('that is overtaken opens a closed run again, until the newest is told', async () => {
    const run = await opened()
    await ledger.claim(run, now, now + 100)
    await ledger.recordOutcome({ run, taskArn: arn('a'), version: 5, status: 'succeeded', exitCode: 0 }, now)
    await ledger.recordNotification(run, told('succeeded'))
    expect(await ledger.dueForReview(now + 1e9, 100)).not.toContain(run)
    expect(await ledger.recordNotification(run, told('running'))).toMatchObject({
      status: 'succeeded',
      notified: 'running',
    })
    expect(await ledger.dueForReview(now + 1e9, 100)).toContain(run)
    await ledger.recordNotification(run, told('succeeded'))
    expect(await ledger.dueForReview(now + 1e9, 100)).not.toContain(run)
  })

  it('is not the end for certain where somebody has told something else meanwhile', async () => {
    const run = await opened()
    await ledger.recordOutcome({ run, taskArn: arn('a'), version: 5, status: 'succeeded', exitCode: 0 }, now)
    // Whoever tells the end knew of nothing that had been told, and a slower one tells that it runs.
    await ledger.recordNotification(run, { ...told('running'), at: now + 1 })
    const overtaken = await ledger.recordNotification(run, { ...told('succeeded'), at: now + 2, since: 0 })
    expect(overtaken).toMatchObject({ status: 'succeeded', notified: 'running', notifiedAt: now + 1 })
    expect(await ledger.dueForReview(now + 1e9, 100)).toContain(run)
    await ledger.recordNotification(run, { ...told('succeeded'), at: now + 3, since: now + 1 })
    expect(await ledger.dueForReview(now + 1e9, 100)).not.toContain(run)
  })

  it('keeps a run open that somebody closes who does not know of it', async () => {
    const run = await opened()
    await ledger.recordOutcome({ run, taskArn: arn('a'), version: 5, status: 'succeeded', exitCode: 0 }, now)
    await ledger.recordNotification(run, { ...told('succeeded'), at: now + 1 })
    // Whoever closes it has read it here.
    await ledger.recordNotification(run, { ...told('running'), at: now + 2 })
    await ledger.close(run, now + 1)
    expect(await ledger.dueForReview(now + 1e9, 100)).toContain(run)
    await ledger.close(run, now + 2)
    expect(await ledger.dueForReview(now + 1e9, 100)).not.toContain(run)
  })

  it.each<[string, (run: string, lease: number) => Promise<unknown>]>([
    ['failed to start', (run, lease) => ledger.failToStart(run, lease, 'x', now)],
    ['cancelled while it is claimed', (run, lease) => ledger.cancelClaimed(run, lease, 'x', now)],
    ['expired', (run, lease) => ledger.expire(run, lease, 'x', now)],
  ])('an end has all its tries, however often what came before could not be told: %s', async (_, end) => {
    const run = await opened()
    await ledger.claim(run, now, now + 100)
    await ledger.scheduleReview(run, now, 9)
    expect((await ledger.read(run))?.notifyTries).toBe(9)
    await end(run, now + 100)
    const row = await ledger.read(run)
    expect(row).toMatchObject({ stoppedAt: expect.any(String) })
    expect(row?.notifyTries).toBeUndefined()
  })

  it.each<[string, (run: string) => Promise<unknown>]>([
    ['cancelled', (run) => ledger.cancel(run, 'ann', now)],
    ['rejected', (run) => ledger.reject(run, 'ann', now)],
  ])('and one that waits: %s', async (_, end) => {
    const run = await opened()
    await ledger.scheduleReview(run, now, 9)
    await end(run)
    const row = await ledger.read(run)
    expect(row?.status).toBe('cancelled')
    expect(row?.notifyTries).toBeUndefined()
  })

  it('closes a run of which nobody was ever told, if that is still so', async () => {
    const run = await opened()
    await ledger.close(run, 0)
    expect(await ledger.dueForReview(now + 1e9, 100)).not.toContain(run)
  })
})

it('a sender that never answers is given five seconds, and stands in nobody’s way', async () => {
  const stuck = await opened({ source: 'stuck' })
  const fine = await opened({ source: 'fine' })
  for (const run of [stuck, fine])
    await ledger.recordOutcome({ run, taskArn: arn('a'), version: 5, status: 'succeeded' }, now)
  const told: string[] = []
  const adapter = {
    verify: () => never(),
    translate: () => never(),
    updateStatus: async (_: unknown, { run }: { run: string }, tools: { fetch: typeof fetch }) => {
      await tools.fetch(run === stuck ? 'https://stuck.example' : 'https://fine.example')
      told.push(run)
    },
  }
  const services = {
    ledger,
    log: createLog('silent'),
    now: () => now + 1,
    key: 'env:K',
    secrets: { current: async () => 'k' },
    sources: new Map(['stuck', 'fine', 'partner'].map((name) => [name, { config: { tokens: {} }, adapter }])),
    fetch: (url: string, { signal }: { signal: AbortSignal }) =>
      url.includes('stuck')
        ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
        : Promise.resolve(new Response()),
  } as unknown as Services
  const began = performance.now()
  await sweep(services)
  expect(performance.now() - began).toBeLessThan(10_000)
  expect(told).toContain(fine)
  expect(told).not.toContain(stuck)
  expect(await ledger.dueForReview(now + 1, 100)).not.toContain(stuck)
})

function never(): never {
  throw new Error('not asked for')
}
