/** Concluding and notifying are independent, and only a concluded run is closed. Over a real DynamoDB protocol. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createItems } from '../../../src/core/aws/dynamodb-items.ts'
import { conclude, concludeAndNotify } from '../../../src/core/lifecycle/conclude.ts'
import { notify } from '../../../src/core/lifecycle/notify.ts'
import type { EndedRun } from '../../../src/core/model/run-record.ts'
import type { Services } from '../../../src/core/services.ts'
import { sweep } from '../../../src/core/settle/sweep.ts'
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

let now = 1_800_000_000_000
let count = 0
let [groupFails, senderFails] = [false, false]
const left: string[] = []
const notified: string[] = []
const errors: string[] = []
let services: Services
beforeEach(() => {
  ;[groupFails, senderFails] = [false, false]
  for (const list of [left, notified, errors]) list.length = 0
  const updateStatus = async (_: unknown, { run }: { run: string }) => {
    if (senderFails) throw new Error('the sender does not answer')
    notified.push(run)
    return undefined
  }
  const base = servicesWith({ ledger, now: () => now })
  services = {
    ...base,
    groups: {
      ...base.groups,
      leave: async (_, run) => {
        if (groupFails) throw new Error('the group cannot be written')
        left.push(run)
        return { group: { inside: [], waiting: [] }, admitted: [], leftBefore: false }
      },
    },
    sources: new Map([['partner', sourceWith('partner', { updateStatus })]]),
    log: { ...base.log, error: (message, about) => void errors.push(`${about?.run} ${message}`) },
  }
})

async function endedRun(): Promise<EndedRun> {
  const run = (count++).toString(16).padStart(20, '0')
  const { plan, ...rest } = newRun(run, now)
  const concurrency = { name: 'analyze/g', label: '', limit: 1, whenFull: 'queue' } as const
  await ledger.open({ ...rest, plan: { ...plan, concurrency } }, now)
  const { leaseUntil: lease } = await claim(ledger, run, now)
  const ended = await ledger.failToStart({ run, lease, reason: 'x', now })
  if (ended === undefined) throw new Error('not ended')
  return ended
}
/** Other tests may leave runs open, which every sweep checks. */
const of = ({ run }: EndedRun, list: readonly string[]) =>
  list.filter((entry) => entry.startsWith(run)).map((entry) => entry.slice(run.length).trim())
const isOpen = async ({ run }: EndedRun) => (await ledger.dueForReview({ now: now + 1e9, limit: 100 })).includes(run)
const laterSweep = async () => {
  now += 3_700_000
  await sweep(services)
}

it('concludes, notifies and closes a run', async () => {
  const row = await endedRun()
  await concludeAndNotify(services, row)
  expect([of(row, left), of(row, notified), of(row, errors)]).toEqual([[''], [''], []])
  expect(await isOpen(row)).toBe(false)
})

it('may be repeated', async () => {
  const row = await endedRun()
  await conclude(services, row)
  await conclude(services, row)
  expect(await isOpen(row)).toBe(true)
  await concludeAndNotify(services, row)
  expect(await isOpen(row)).toBe(false)
})

describe('a failure in conclude', () => {
  it('does not keep the sender from being notified, and does not count as a failed notification', async () => {
    const row = await endedRun()
    groupFails = true
    await concludeAndNotify(services, row)
    const stored = await ledger.read(row.run)
    expect(of(row, notified)).toEqual([''])
    expect(stored).toMatchObject({ notified: 'failed-to-start' })
    expect(stored?.notifyTries).toBeUndefined()
    expect(of(row, errors)).toEqual(['could not conclude the run; the sweep will try again'])
  })

  it('leaves the run open until a sweep has concluded it, however long that takes', async () => {
    const row = await endedRun()
    groupFails = true
    await concludeAndNotify(services, row)
    for (let sweeps = 0; sweeps < 15; sweeps++) await laterSweep()
    expect(await isOpen(row)).toBe(true)
    groupFails = false
    await laterSweep()
    expect(of(row, left)).toEqual([''])
    expect(of(row, notified)).toEqual([''])
    expect(await isOpen(row)).toBe(false)
  })
})

describe('a failure to notify', () => {
  it('does not keep the run from being concluded, and is retried', async () => {
    const row = await endedRun()
    senderFails = true
    await concludeAndNotify(services, row)
    expect(of(row, left)).toEqual([''])
    expect(await ledger.read(row.run)).toMatchObject({ notifyTries: 1 })
    expect(await isOpen(row)).toBe(true)
    senderFails = false
    await laterSweep()
    expect(of(row, notified)).toEqual([''])
    expect(await isOpen(row)).toBe(false)
  })

  it('is given up once, after ten tries, and closes a concluded run', async () => {
    const row = await endedRun()
    senderFails = true
    await concludeAndNotify(services, row)
    for (let sweeps = 0; sweeps < 15; sweeps++) await laterSweep()
    expect(of(row, errors)).toEqual(['the sender was never notified of the end; giving up'])
    expect(await isOpen(row)).toBe(false)
  })

  it('that is given up does not close a run that is not concluded', async () => {
    const row = await endedRun()
    ;[senderFails, groupFails] = [true, true]
    await concludeAndNotify(services, row)
    for (let sweeps = 0; sweeps < 15; sweeps++) await laterSweep()
    expect(of(row, errors).filter((message) => message.includes('giving up'))).toHaveLength(1)
    expect(await isOpen(row)).toBe(true)
    groupFails = false
    await laterSweep()
    expect([of(row, left), of(row, notified)]).toEqual([[''], []])
    expect(await isOpen(row)).toBe(false)
  })
})

it('a function that has only notified does not close the run: the function that ended it may have died', async () => {
  const row = await endedRun()
  await notify(services, row)
  expect(of(row, notified)).toEqual([''])
  expect(await isOpen(row)).toBe(true)
  await laterSweep()
  expect([of(row, left), of(row, notified)]).toEqual([[''], ['']])
  expect(await isOpen(row)).toBe(false)
})
