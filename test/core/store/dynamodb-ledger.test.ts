/** The conditions of the ledger, over a real DynamoDB protocol: a write that comes twice, too late or with an old lease changes nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Adapter } from '../../../src/core/adapter.ts'
import { createItems } from '../../../src/core/aws/dynamodb-items.ts'
import type { Outcome } from '../../../src/core/model/outcome.ts'
import type { NewRun } from '../../../src/core/model/run-record.ts'
import { sweep } from '../../../src/core/settle/sweep.ts'
import { createLedger } from '../../../src/core/store/dynamodb-ledger.ts'
import type { Ledger } from '../../../src/core/store/ledger.ts'
import { type Emulators, startEmulators } from '../../../src/local/emulators.ts'
import { newRun, servicesWith, sourceWith } from '../step-services.ts'

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
  await ledger.open(newRun(run, now, more), now)
  return run
}
const arn = (task: string): string => `arn:aws:ecs:eu-west-1:111122223333:task/c/${task}`
const waiting = { kind: 'retry', class: 'capacity', cause: 'no room' } as const
const wait = {
  ...{ waiting, reason: 'no room', dueAt: now },
  ...{ attempts: [], refusals: 1, attempt: 1, refusedAt: now, unsure: false },
}
const open = () => ledger.dueForReview({ now: now + 1e9, limit: 100 })
const settle = (run: string, more: Partial<Outcome> = {}) =>
  ledger.recordOutcome({ outcome: { run, taskArn: arn('a'), version: 5, status: 'succeeded', ...more }, dueAt: now })

describe('a lease', () => {
  it('is given to one of twenty functions that claim at once', async () => {
    const run = await opened()
    const claims = await Promise.all(
      Array.from({ length: 20 }, () => ledger.claim({ run, now, leaseUntil: now + 100 })),
    )
    expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(1)
    expect(claims.filter(({ kind }) => kind === 'busy')).toHaveLength(19)
  })
  it('that has expired allows no further attempt, no return to the queue and no end', async () => {
    const run = await opened()
    const [old, lease] = [now + 100, now + 300]
    const next = { run, attempt: 1, container: 'app', attempts: [], leaseUntil: now + 200 }
    await ledger.claim({ run, now, leaseUntil: old })
    const second = await ledger.claim({ run, now: now + 101, leaseUntil: lease })
    expect(second.kind).toBe('claimed')
    expect(await ledger.beginAttempt({ ...next, lease: old })).toBeUndefined()
    expect(await ledger.enqueue({ ...wait, run, lease: old })).toBeUndefined()
    expect(await ledger.failToStart({ run, lease: old, reason: 'x', now })).toBeUndefined()
    expect(await ledger.read(run)).toMatchObject({ status: 'starting', attempt: 0, leaseUntil: lease })
    expect(await ledger.beginAttempt({ ...next, lease })).toBe(next.leaseUntil)
    expect(await ledger.enqueue({ ...wait, run, lease: next.leaseUntil })).toMatchObject({
      status: 'queued',
      attempt: 1,
    })
  })
  it('allows nothing once a task runs', async () => {
    const run = await opened()
    const lease = now + 100
    await ledger.claim({ run, now, leaseUntil: lease })
    await settle(run, { version: 3, status: 'running' })
    expect(await ledger.enqueue({ ...wait, run, lease })).toBeUndefined()
    expect(await ledger.failToStart({ run, lease, reason: 'x', now })).toBeUndefined()
  })
})

describe('why a run waits', () => {
  const started = (run: string) => ledger.claim({ run, now, leaseUntil: now + 100 })
  const waits = async (): Promise<string> => {
    const run = await opened()
    await started(run)
    await ledger.enqueue({ ...wait, run, lease: now + 100 })
    expect(await ledger.readPublic(run)).toMatchObject({ waiting, reason: 'no room' })
    return run
  }

  it.each<[string, (run: string) => Promise<unknown>]>([
    ['is claimed', started],
    ['is approved', (run) => ledger.approve({ run, by: 'bob', actor: 'b', now, dueAt: now })],
  ])('is cleared with its words when the run %s', async (_, change) => {
    const run = await waits()
    await change(run)
    const row = await ledger.readPublic(run)
    expect([row?.waiting, row?.reason]).toEqual([undefined, undefined])
  })

  it.each<[string, (run: string) => Promise<unknown>]>([
    ['is cancelled', (run) => ledger.cancel({ run, by: 'ann', reason: 'cancelled by ann', now })],
    ['is rejected', (run) => ledger.reject({ run, by: 'bob', reason: 'rejected by bob', now })],
    ['has a task that runs', (run) => settle(run, { status: 'running' })],
    ['has a task that ended', (run) => settle(run)],
  ])('is cleared when the run %s', async (_, change) => {
    const run = await waits()
    await change(run)
    const row = await ledger.readPublic(run)
    expect(row?.status).not.toBe('queued')
    expect(row?.waiting).toBeUndefined()
  })

  it('changes with its place in the queue, as long as it waits', async () => {
    const run = await waits()
    const slot = { kind: 'slot', place: 1, limit: 2 } as const
    const reason = '1st in line, 2 at a time'
    await ledger.updatePlace({ run, waiting: slot, reason })
    expect(await ledger.readPublic(run)).toMatchObject({ waiting: slot, reason })
    await started(run)
    await ledger.updatePlace({ run, waiting: slot, reason })
    expect((await ledger.readPublic(run))?.waiting).toBeUndefined()
  })
})

describe('who ended a run', () => {
  const by = 'ann'

  it.each<[string, (run: string) => Promise<unknown>, object]>([
    ['a cancelled run', (run) => ledger.cancel({ run, by, reason: 'r', now }), { kind: 'cancelled', by }],
    ['a rejected run', (run) => ledger.reject({ run, by, reason: 'r', now }), { kind: 'rejected', by }],
    [
      'a run whose task was stopped',
      (run) => settle(run, { status: 'cancelled', stopCause: { kind: 'cancelled', by } }),
      { kind: 'cancelled', by },
    ],
  ])('is stored as data: %s', async (_, end, endedBy) => {
    const run = await opened()
    await end(run)
    expect(await ledger.readPublic(run)).toMatchObject({ status: 'cancelled', endedBy })
  })

  it('is no one if its task stopped by itself; the cause is stored instead', async () => {
    const run = await opened()
    await settle(run, { status: 'failed', exitCode: 3, stopCause: { kind: 'exit', exitCode: 3 } })
    const row = await ledger.readPublic(run)
    expect(row).toMatchObject({ status: 'failed', stopCause: 'exit' })
    expect(row?.endedBy).toBeUndefined()
  })
})

describe('a task', () => {
  it('with another ARN neither replaces the task of the run nor changes its status', async () => {
    const run = await opened()
    const launch = { run, dueAt: now, deadline: undefined, launchedAt: now, attempts: [] }
    await ledger.claim({ run, now, leaseUntil: now + 100 })
    await ledger.recordLaunch({ ...launch, taskArn: arn('a') })
    expect(await ledger.recordLaunch({ ...launch, taskArn: arn('b') })).toBeUndefined()
    expect(await settle(run, { taskArn: arn('b'), version: 9, status: 'failed', exitCode: 1 })).toBeUndefined()
    expect(await ledger.read(run)).toMatchObject({ status: 'starting', taskArn: arn('a') })
  })
})

describe('a notification', () => {
  const of = (run: string, status: 'succeeded' | 'running') => ({
    ...{ run, status, rev: 0, at: now, dueAt: now, mayClose: true },
  })

  it('that is overtaken opens a closed run again, until the sender knows the newest status', async () => {
    const run = await opened()
    await ledger.claim({ run, now, leaseUntil: now + 100 })
    await settle(run, { exitCode: 0 })
    await ledger.recordNotification(of(run, 'succeeded'))
    expect(await open()).not.toContain(run)
    expect(await ledger.recordNotification(of(run, 'running'))).toMatchObject({
      status: 'succeeded',
      notified: 'running',
    })
    expect(await open()).toContain(run)
    await ledger.recordNotification(of(run, 'succeeded'))
    expect(await open()).not.toContain(run)
  })

  it('of the end does not close a run that was not concluded, but has the sweep check it soon', async () => {
    const run = await opened()
    await settle(run)
    const dueAt = now + 60_000
    expect(await ledger.recordNotification({ ...of(run, 'succeeded'), mayClose: false, dueAt })).toMatchObject({
      notified: 'succeeded',
    })
    expect(await ledger.dueForReview({ now: dueAt - 1, limit: 100 })).not.toContain(run)
    expect(await ledger.dueForReview({ now: dueAt, limit: 100 })).toContain(run)
  })

  it('of the end is not certain to be the last one if the sender was notified in the meantime', async () => {
    const run = await opened()
    await settle(run, { exitCode: 0 })
    // The function that notifies of the end has seen no notification, and a slower one notifies that the run is running.
    await ledger.recordNotification({ ...of(run, 'running'), at: now + 1 })
    const overtaken = await ledger.recordNotification({ ...of(run, 'succeeded'), at: now + 2, since: 0 })
    expect(overtaken).toMatchObject({ status: 'succeeded', notified: 'running', notifiedAt: now + 1 })
    expect(await open()).toContain(run)
    await ledger.recordNotification({ ...of(run, 'succeeded'), at: now + 3, since: now + 1 })
    expect(await open()).not.toContain(run)
  })

  it('keeps a run open if the function that closes it does not know of it', async () => {
    const run = await opened()
    await settle(run, { exitCode: 0 })
    await ledger.recordNotification({ ...of(run, 'succeeded'), at: now + 1 })
    // The function that closes the run has read it here.
    await ledger.recordNotification({ ...of(run, 'running'), at: now + 2 })
    await ledger.close({ run, since: now + 1 })
    expect(await open()).toContain(run)
    await ledger.close({ run, since: now + 2 })
    expect(await open()).not.toContain(run)
  })

  const endedBy = { kind: 'cancelled', by: 'ann' } as const
  it.each<[string, (run: string, lease: number) => Promise<unknown>]>([
    ['failed to start', (run, lease) => ledger.failToStart({ run, lease, reason: 'x', now })],
    ['was cancelled while claimed', (run, lease) => ledger.cancelClaimed({ run, lease, reason: 'x', endedBy, now })],
    ['expired', (run, lease) => ledger.expire({ run, lease, reason: 'x', now })],
  ])('of the end has all its tries, however often earlier ones failed: a run that %s', async (_, end) => {
    const run = await opened()
    await ledger.claim({ run, now, leaseUntil: now + 100 })
    await ledger.scheduleReview({ run, dueAt: now, notifyTries: 9 })
    expect((await ledger.read(run))?.notifyTries).toBe(9)
    await end(run, now + 100)
    const row = await ledger.read(run)
    expect(row).toMatchObject({ stoppedAt: expect.any(String) })
    expect(row?.notifyTries).toBeUndefined()
  })

  it.each<[string, (run: string) => Promise<unknown>]>([
    ['cancelled', (run) => ledger.cancel({ run, by: 'ann', reason: 'x', now })],
    ['rejected', (run) => ledger.reject({ run, by: 'ann', reason: 'x', now })],
  ])('of the end has all its tries as well for a waiting run that is %s', async (_, end) => {
    const run = await opened()
    await ledger.scheduleReview({ run, dueAt: now, notifyTries: 9 })
    await end(run)
    const row = await ledger.read(run)
    expect(row?.status).toBe('cancelled')
    expect(row?.notifyTries).toBeUndefined()
  })

  it('is not needed to close a run whose sender was never notified', async () => {
    const run = await opened()
    await ledger.close({ run, since: 0 })
    expect(await open()).not.toContain(run)
  })
})

it('a sender that never answers gets five seconds, and delays no other sender', async () => {
  const stuck = await opened({ source: 'stuck' })
  const fine = await opened({ source: 'fine' })
  for (const run of [stuck, fine]) await settle(run)
  const notified: string[] = []
  const adapter: Partial<Adapter> = {
    updateStatus: async (_, { run }, tools) => {
      await tools.fetch(run === stuck ? 'https://stuck.example' : 'https://fine.example')
      notified.push(run)
      return undefined
    },
  }
  const services = servicesWith({
    ledger,
    now: () => now + 1,
    sources: new Map(['stuck', 'fine', 'partner'].map((name) => [name, sourceWith(name, adapter)])),
    fetch: (url, init) =>
      String(url).includes('stuck')
        ? new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)))
        : Promise.resolve(new Response()),
  })
  const began = performance.now()
  await sweep(services)
  expect(performance.now() - began).toBeLessThan(10_000)
  expect(notified).toContain(fine)
  expect(notified).not.toContain(stuck)
  expect(await ledger.dueForReview({ now: now + 1, limit: 100 })).not.toContain(stuck)
})
