/** What becomes of a decision about a claimed run: in the ledger, in the queue and for the sender. Over a real DynamoDB protocol. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createItems } from '../../../src/core/aws/dynamodb-items.ts'
import { applyDecision } from '../../../src/core/launch/apply-decision.ts'
import type { End, Wait } from '../../../src/core/launch/decision.ts'
import type { QueueMessage } from '../../../src/core/model/queue-messages.ts'
import type { ClaimedRun } from '../../../src/core/model/run-record.ts'
import type { Services } from '../../../src/core/services.ts'
import { createLedger } from '../../../src/core/store/dynamodb-ledger.ts'
import type { Ledger } from '../../../src/core/store/ledger.ts'
import { type Emulators, startEmulators } from '../../../src/local/emulators.ts'
import { claim, newRun, servicesWith, sourceWith } from '../step-services.ts'

let emulators: Emulators
let ledger: Ledger
beforeAll(async () => {
  emulators = await startEmulators()
  ledger = createLedger(createItems(emulators.dynamo, 'taskhook'))
})
afterAll(() => emulators.close())

const now = 1_800_000_000_000
let count = 0
const sent: { message: QueueMessage; delay: number }[] = []
const notified: string[] = []
let services: Services
beforeEach(() => {
  sent.length = 0
  notified.length = 0
  const updateStatus = async (_: unknown, { run, status }: { run: string; status: string }) => {
    notified.push(`${run} ${status}`)
    return undefined
  }
  services = servicesWith({
    ...{ ledger, now: () => now },
    queue: { send: async (message, delay = 0) => void sent.push({ message, delay }), retryLater: async () => {} },
    sources: new Map([['partner', sourceWith('partner', { updateStatus })]]),
  })
})

async function claimedRun(): Promise<ClaimedRun> {
  const run = (count++).toString(16).padStart(20, '0')
  await ledger.open(newRun(run, now), now)
  return claim(ledger, run, now)
}
const cancel = (run: string) => ledger.cancel({ run, by: 'ann', reason: 'cancelled by ann', now })

const pause: Wait = {
  ...{ kind: 'wait', waiting: { kind: 'pause', message: 'upgrade' } },
  ...{ dueAt: now + 180_000, againMs: 60_000 },
}
const approval: Wait = { kind: 'wait', waiting: { kind: 'approval' }, dueAt: now + 600_000, retry: { unsure: false } }

describe('wait', () => {
  it('stores why as data and in words, queues the next try and notifies the sender', async () => {
    const row = await claimedRun()
    await applyDecision(services, row, pause)
    expect(await ledger.read(row.run)).toMatchObject({
      ...{ status: 'queued', reason: 'paused: upgrade', waiting: pause.waiting },
      notified: 'queued',
    })
    expect(sent).toEqual([{ message: { kind: 'start', run: row.run }, delay: 60 }])
    expect(notified).toEqual([`${row.run} queued`])
  })

  it('neither notifies nor queues anything if that is not needed', async () => {
    const row = await claimedRun()
    const { againMs: _, ...wait } = pause
    await applyDecision(services, row, { ...wait, quiet: true })
    expect(await ledger.read(row.run)).toMatchObject({ status: 'queued' })
    expect([sent, notified]).toEqual([[], []])
  })

  it.each<[string, Wait]>([
    ['approval', approval],
    ['the end of a pause', pause],
    ['a slot', { kind: 'wait', waiting: { kind: 'slot', place: 1, limit: 1 }, dueAt: now }],
    ['the next try', { kind: 'wait', waiting: { kind: 'retry', class: 'quota', cause: 'x' }, dueAt: now, againMs: 5 }],
  ])('for %s ends at once if the run was cancelled while it was claimed', async (_, wait) => {
    const row = await claimedRun()
    await cancel(row.run)
    await applyDecision(services, row, wait)
    expect(await ledger.read(row.run)).toMatchObject({ status: 'cancelled', reason: 'cancelled by ann' })
    expect(sent).toEqual([])
    expect(notified).toEqual([`${row.run} cancelled`])
  })

  it('repeats the start within seconds if the run may have a task and was cancelled before the claim', async () => {
    const { run } = await claimedRun()
    await cancel(run)
    const row = await claim(ledger, run, now + 600_000)
    const slot: Wait = { ...pause, waiting: { kind: 'slot', place: 1, limit: 1 }, retry: { unsure: true } }
    const { againMs: _, ...withoutDelay } = slot
    await applyDecision(services, row, withoutDelay)
    expect(sent).toEqual([{ message: { kind: 'start', run }, delay: 10 }])
    expect(notified).toEqual([])
  })

  it('queues a start at once if the approval came while the run was claimed', async () => {
    const row = await claimedRun()
    await ledger.approve({ run: row.run, by: 'bob', actor: 'b', now, dueAt: now })
    await applyDecision(services, row, approval)
    expect(sent).toEqual([{ message: { kind: 'start', run: row.run }, delay: 0 }])
  })

  it('cancels the older runs that this one replaces', async () => {
    const [older, row] = [await claimedRun(), await claimedRun()]
    await applyDecision(services, older, pause)
    await applyDecision(services, row, { ...pause, replaces: [older.run] })
    expect(await ledger.read(older.run)).toMatchObject({
      ...{ status: 'cancelled', reason: 'cancelled by a newer run' },
      endedBy: { kind: 'cancelled', by: 'a newer run' },
    })
    expect(await ledger.read(row.run)).toMatchObject({ status: 'queued' })
  })
})

describe('end', () => {
  it.each<[End, object]>([
    [
      { kind: 'end', end: { kind: 'failed-to-start' }, reason: 'the group is full' },
      { status: 'failed-to-start', reason: 'the group is full' },
    ],
    [
      { kind: 'end', end: { kind: 'cancelled', endedBy: { kind: 'cancelled', by: 'ann' } }, reason: 'by ann' },
      { status: 'cancelled', reason: 'by ann', endedBy: { kind: 'cancelled', by: 'ann' } },
    ],
    [
      { kind: 'end', end: { kind: 'expired' }, reason: 'not in time' },
      { status: 'cancelled', reason: 'not in time' },
    ],
  ])('%j ends the run, and notifies the sender', async (end, expected) => {
    const row = await claimedRun()
    await applyDecision(services, row, end)
    const ended = await ledger.read(row.run)
    expect(ended).toMatchObject(expected)
    expect(ended?.notified).toBe(ended?.status)
    expect(await ledger.dueForReview({ now: now + 1e9, limit: 100 })).not.toContain(row.run)
  })

  it('does not end a run that was approved while it was claimed', async () => {
    const row = await claimedRun()
    await ledger.approve({ run: row.run, by: 'bob', actor: 'b', now, dueAt: now })
    await applyDecision(services, row, { kind: 'end', end: { kind: 'expired' }, reason: 'x' })
    expect(await ledger.read(row.run)).toMatchObject({ status: 'starting' })
    expect(notified).toEqual([])
  })
})

it.each<Wait | End>([pause, { kind: 'end', end: { kind: 'failed-to-start' }, reason: 'x' }])(
  'changes nothing once the lease is lost: %j',
  async (decision) => {
    const row = await claimedRun()
    await claim(ledger, row.run, row.leaseUntil + 1)
    await applyDecision(services, row, decision)
    expect(await ledger.read(row.run)).toMatchObject({ status: 'starting' })
    expect([sent, notified]).toEqual([[], []])
  },
)

it('changes nothing of a run that has ended in the meantime', async () => {
  const row = await claimedRun()
  await applyDecision(services, row, { kind: 'gone' })
  expect(await ledger.read(row.run)).toMatchObject({ status: 'starting' })
  expect([sent, notified]).toEqual([[], []])
})
