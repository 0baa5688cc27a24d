/** What each gate decides about a claimed run. A gate decides and changes nothing; entering a concurrency group is the exception. */
import { describe, expect, it } from 'vitest'
import { approvalGate } from '../../../src/core/launch/approval-gate.ts'
import { cancelGate } from '../../../src/core/launch/cancel-gate.ts'
import { concurrencyGate } from '../../../src/core/launch/concurrency-gate.ts'
import { deadlineGate } from '../../../src/core/launch/deadline-gate.ts'
import { pauseGate } from '../../../src/core/launch/pause-gate.ts'
import { retryOrFail } from '../../../src/core/launch/retry-or-fail.ts'
import type { ReleaseServices } from '../../../src/core/lifecycle/concurrency-release.ts'
import { type Entered, emptyGroup, enter, ticketOf } from '../../../src/core/model/concurrency-queue.ts'
import type { Pause } from '../../../src/core/model/pause.ts'
import type { GroupSlot, Plan } from '../../../src/core/model/plan.ts'
import type { ClaimedRun, RunRecord } from '../../../src/core/model/run-record.ts'
import { meanings, refusal } from '../../../src/core/model/run-task-errors.ts'
import { newRun, servicesWith, unusedLedger } from '../step-services.ts'

const t0 = 1_800_000_000_000
const minute = 60_000
const id = '0'.repeat(20)
const proceed = { kind: 'proceed' }
const at = (now: number) => ({ now: () => now })

const claimed = (more: Partial<ClaimedRun> = {}, plan: Partial<Plan> = {}): ClaimedRun => {
  const run = newRun(id, t0)
  return { ...run, status: 'starting', attempt: 0, leaseUntil: t0 + 90_000, ...more, plan: { ...run.plan, ...plan } }
}

describe('cancelGate', () => {
  it.each<[string, Partial<ClaimedRun>, object]>([
    ['a run that no one cancelled', {}, proceed],
    [
      'a cancelled run',
      { cancelBy: 'ann' },
      {
        ...{ kind: 'end', reason: 'cancelled by ann' },
        end: { kind: 'cancelled', endedBy: { kind: 'cancelled', by: 'ann' } },
      },
    ],
    ['a cancelled run that may have a task', { cancelBy: 'ann', unsure: true }, proceed],
  ])('%s', (_, more, decision) => {
    expect(cancelGate({}, claimed(more))).toEqual(decision)
  })
})

describe('approvalGate', () => {
  const approval = { from: ['U1'], expires: 600 }
  it.each<[string, number, Partial<ClaimedRun>, Partial<Plan>, object]>([
    ['a run that needs no approval', t0, {}, {}, proceed],
    ['an approved run', t0, { approvedBy: 'bob' }, { approval }, proceed],
    [
      'a run that is not approved yet',
      t0,
      {},
      { approval },
      { kind: 'wait', waiting: { kind: 'approval' }, dueAt: t0 + 10 * minute, retry: { unsure: false } },
    ],
    [
      'a run whose time is over',
      t0 + 10 * minute,
      {},
      { approval },
      {
        ...{ kind: 'end', reason: 'it was not approved in time' },
        end: { kind: 'expired' },
      },
    ],
  ])('%s', (_, now, more, plan, decision) => {
    expect(approvalGate(at(now), claimed(more, plan))).toEqual(decision)
  })
})

describe('deadlineGate', () => {
  const late = { kind: 'end', end: { kind: 'failed-to-start' }, log: { kind: 'never' } }
  const refused = { capacity: 'FARGATE', subnets: ['s'], attempt: 0, round: 0, at: t0 }
  it.each<[string, number, Partial<ClaimedRun>, Partial<Plan>, object]>([
    ['a run without startWithin', t0 + 99 * minute, {}, {}, proceed],
    ['a run within its time', t0 + 10 * minute, {}, { startWithin: 600 }, proceed],
    ['a late run that may have a task', t0 + 11 * minute, { unsure: true }, { startWithin: 600 }, proceed],
    ['a late run', t0 + 11 * minute, {}, { startWithin: 600 }, { ...late, reason: 'it was not started within 10 min' }],
    [
      'a late run that ECS refused',
      t0 + 11 * minute,
      { attempts: [{ ...refused, outcome: 'quota' }] },
      { startWithin: 600 },
      { ...late, reason: `it was not started within 10 min: ${meanings.quota.reason}` },
    ],
  ])('%s', (_, now, more, plan, decision) => {
    const decided = deadlineGate(at(now), claimed(more, plan))
    if (decision === proceed) expect(decided).toEqual(proceed)
    else expect(decided).toMatchObject(decision)
  })
})

describe('pauseGate', () => {
  const pause: Pause = { message: 'upgrade', by: 'ann', since: t0 }
  const decide = (found: Pause | undefined, more: Partial<ClaimedRun> = {}) =>
    pauseGate({ ...at(t0), pauses: { of: async () => found } }, claimed(more))
  const wait = { kind: 'wait', waiting: { kind: 'pause', message: 'upgrade' } }

  it('lets a run proceed whose task is not paused', async () => {
    expect(await decide(undefined)).toEqual(proceed)
  })
  it('lets a cancelled run proceed, since finding its task starts nothing new', async () => {
    expect(await decide(pause, { cancelBy: 'ann', unsure: true })).toEqual(proceed)
  })
  it('checks again after a minute, or when the pause ends', async () => {
    expect(await decide(pause)).toEqual({ ...wait, againMs: minute, dueAt: t0 + 3 * minute })
    expect(await decide({ ...pause, until: t0 + 20_000 })).toEqual({
      ...wait,
      againMs: 20_000,
      dueAt: t0 + 20_000 + 2 * minute,
    })
  })
  it('gives ECS its whole time again for a run that it refused before', async () => {
    expect(await decide(pause, { refusedAt: t0 - 50 * minute })).toMatchObject({ retry: { refusedAt: t0 } })
  })
})

describe('concurrencyGate', () => {
  const slot = (more: Partial<GroupSlot> = {}): GroupSlot => ({
    ...{ name: 'analyze/g', label: 'sales', limit: 1, whenFull: 'queue' },
    ...more,
  })
  const [older, other] = ['1'.repeat(20), '2'.repeat(20)]

  /** @param inside runs that hold the slots @param ended of them */
  const decide = async (
    concurrency: GroupSlot | undefined,
    { inside = [], ended = [], own }: { inside?: string[]; ended?: string[]; own?: RunRecord } = {},
  ) => {
    let group = inside.reduce((before, run) => enter(before, ticketOf(run, t0 - 5), 9).group, emptyGroup)
    const left: string[] = []
    const row = claimed({}, concurrency === undefined ? {} : { concurrency })
    const services: ReleaseServices = servicesWith({
      ...at(t0),
      ledger: {
        ...unusedLedger,
        read: async (run) =>
          run === id ? (own ?? row) : { ...row, run, status: ended.includes(run) ? 'succeeded' : 'running' },
      },
      groups: {
        enter: async (_, ticket, limit): Promise<Entered> => {
          const entered = enter(group, ticket, limit)
          group = entered.group
          return entered
        },
        leave: async (_, run) => {
          left.push(run)
          group = { ...group, inside: group.inside.filter((ticket) => !ticket.endsWith(run)) }
          return { group, admitted: [], leftBefore: false }
        },
      },
    })
    return { decision: await concurrencyGate(services, row), left }
  }

  it('lets a run proceed that needs no slot, or gets one', async () => {
    expect((await decide(undefined)).decision).toEqual(proceed)
    expect((await decide(slot())).decision).toEqual(proceed)
  })
  it('has a run wait, with its place as data', async () => {
    expect((await decide(slot(), { inside: [older] })).decision).toEqual({
      ...{ kind: 'wait', waiting: { kind: 'slot', place: 1, limit: 1 }, dueAt: t0 + 30 * minute },
    })
  })
  it('ends a run if the group is full and the task says reject', async () => {
    const end = { kind: 'end', end: { kind: 'failed-to-start' } }
    const whenFull = 'reject'
    expect((await decide(slot({ whenFull }), { inside: [older] })).decision).toEqual({
      ...{ ...end, reason: 'rejected, because another run of sales had not ended' },
    })
    expect((await decide(slot({ whenFull, label: '', limit: 2 }), { inside: [older, other] })).decision).toEqual({
      ...{ ...end, reason: 'rejected, because 2 other runs had not ended' },
    })
  })
  it('names the older runs that this one replaces', async () => {
    expect((await decide(slot({ whenFull: 'cancel-oldest' }), { inside: [older] })).decision).toMatchObject({
      kind: 'wait',
      replaces: [older],
    })
  })
  it('releases the slot of a run inside that has ended', async () => {
    const { decision, left } = await decide(slot(), { inside: [older], ended: [older] })
    expect(left).toEqual([older])
    expect(decision).toEqual(proceed)
  })
  it('gives the slot back if the run has ended in the meantime', async () => {
    const { decision, left } = await decide(slot(), { own: { ...claimed(), status: 'cancelled' } })
    expect(left).toEqual([id])
    expect(decision).toEqual({ kind: 'gone' })
  })
})

describe('retryOrFail', () => {
  it('ends a run that waiting does not help', () => {
    expect(retryOrFail(claimed(), 3, refusal('cluster', 'AWS’s message'), t0)).toEqual({
      kind: 'end',
      end: { kind: 'failed-to-start', attempts: undefined },
      reason: meanings.cluster.reason,
      log: {
        ...{ attempt: 3, class: 'cluster', reason: meanings.cluster.reason, detail: 'AWS’s message' },
        kind: 'never',
      },
    })
  })
  it('tries a refused run again with the next token, and counts the refusal', () => {
    const decision = retryOrFail(claimed({ refusals: 1, refusedAt: t0 - 5 }), 3, refusal('quota', 'x'), t0)
    expect(decision).toMatchObject({
      ...{ kind: 'wait', waiting: { kind: 'retry', class: 'quota', cause: meanings.quota.reason } },
      retry: { attempt: 4, attempts: [], unsure: false, refusedAt: t0 - 5, refusals: 2 },
      log: { kind: 'later', class: 'quota' },
    })
    expect(decision).not.toHaveProperty('quiet')
  })
  it('keeps the token after a lost call, and does not report a wait of seconds', () => {
    expect(retryOrFail(claimed(), 3, refusal('lost', 'x'), t0)).toMatchObject({
      ...{ kind: 'wait', quiet: true, retry: { attempt: 3, unsure: true, refusedAt: t0, refusals: 1 } },
      log: { kind: 'soon' },
    })
  })
})
