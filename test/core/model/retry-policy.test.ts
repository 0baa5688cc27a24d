import { describe, expect, it } from 'vitest'
import { retryDelaySeconds } from '../../../src/core/model/queue-messages.ts'
import { isPastStartDeadline, retryPolicy, startDeadline } from '../../../src/core/model/retry-policy.ts'
import type { RunRecord } from '../../../src/core/model/run-record.ts'
import { type RefusalClass, refusal } from '../../../src/core/model/run-task-errors.ts'

const t0 = 1_800_000_000_000
const hour = 3_600_000
const rowWith = (more: Partial<RunRecord> = {}, startWithin?: number): RunRecord =>
  ({
    ...{ run: '0123456789abcdef0123', createdAt: t0, status: 'starting', attempt: 0 },
    plan: { ...(startWithin !== undefined && { startWithin }) },
    ...more,
  }) as unknown as RunRecord
const said = (is: RefusalClass) => refusal(is, 'as AWS says it')
const next = (is: RefusalClass, row: RunRecord, now = t0) => retryPolicy(row, said(is), now)
const again = (is: RefusalClass, row: RunRecord, now = t0) => {
  const found = next(is, row, now)
  if (found.kind === 'none') throw new Error('given up')
  return found
}

describe('when it is over', () => {
  it.each<RefusalClass>(['access-denied', 'cluster', 'task-definition', 'request', 'conflict', 'subnet', 'placement'])(
    '%s: at once, since waiting does not help',
    (is) => {
      expect(next(is, rowWith())).toEqual({ kind: 'none' })
    },
  )

  it.each<RefusalClass>(['throttled', 'capacity', 'agent', 'quota', 'unknown', 'account-not-ready'])(
    '%s: an hour after the first refusal',
    (is) => {
      const row = rowWith({ refusedAt: t0 })
      expect(next(is, row, t0 + hour).kind).toBe('after')
      expect(next(is, row, t0 + hour + 1).kind).toBe('none')
    },
  )

  it('a call that got lost has an hour more: its task may be running', () => {
    for (const is of ['lost', 'server-error'] as const) {
      expect(next(is, rowWith({ refusedAt: t0 }), t0 + 2 * hour).kind).toBe('after')
      expect(next(is, rowWith({ refusedAt: t0 }), t0 + 2 * hour + 1).kind).toBe('none')
    }
  })

  it('and so has one that is throttled after that, which says nothing of it', () => {
    const row = rowWith({ refusedAt: t0, unsure: true })
    expect(next('throttled', row, t0 + 2 * hour)).toMatchObject({ kind: 'after', unsure: true, sameToken: true })
    expect(next('throttled', row, t0 + 2 * hour + 1).kind).toBe('none')
  })

  it('after a lost call a no is believed only when time is up', () => {
    const row = rowWith({ refusedAt: t0, unsure: true })
    expect(next('access-denied', row, t0 + hour)).toMatchObject({ kind: 'after', unsure: true, sameToken: true })
    expect(next('access-denied', row, t0 + hour + 1).kind).toBe('none')
  })

  it('nor is one that the SDK’s second try was told, where its first got no answer', () => {
    const row = rowWith({ refusedAt: t0 })
    const refused = { ...said('access-denied'), unsure: true } as const
    expect(retryPolicy(row, refused, t0)).toMatchObject({ kind: 'after', unsure: true, sameToken: true })
    expect(retryPolicy(row, refused, t0 + hour + 1).kind).toBe('none')
    expect(retryPolicy(row, { ...said('throttled'), unsure: true }, t0)).toMatchObject({
      unsure: true,
      sameToken: true,
    })
  })

  it('the same goes for every refusal that came as an error: the next token could start a second task', () => {
    for (const is of ['capacity', 'subnet', 'quota', 'unknown'] as const) {
      const refused = { ...said(is), unsure: true } as const
      expect(retryPolicy(rowWith(), refused, t0), is).toMatchObject({ kind: 'after', unsure: true, sameToken: true })
    }
    // Words that nobody knows end no doubt.
    expect(again('unknown', rowWith({ unsure: true }))).toMatchObject({ unsure: true, sameToken: true })
  })

  it('startWithin counts from when the run was taken, or approved, and not from the first refusal', () => {
    expect(startDeadline(rowWith({ refusedAt: t0 + 5 }, 600))).toBe(t0 + 600_000)
    expect(startDeadline(rowWith({ approvedAt: t0 + hour }, 600))).toBe(t0 + hour + 600_000)
    expect(startDeadline(rowWith({ refusedAt: t0 + 5 }))).toBe(t0 + 5 + hour)
    expect(startDeadline(rowWith())).toBeUndefined()
    expect(next('quota', rowWith({ refusedAt: t0 }, 600), t0 + 600_001).kind).toBe('none')
    expect(next('quota', rowWith({ refusedAt: t0 }, 7200), t0 + hour + 1).kind).toBe('after')
  })

  it('is known before the call only of one that has a limit of its own, and that cannot be running', () => {
    expect(isPastStartDeadline(rowWith({}, 600), t0 + 600_000)).toBe(false)
    expect(isPastStartDeadline(rowWith({}, 600), t0 + 600_001)).toBe(true)
    expect(isPastStartDeadline(rowWith({ unsure: true }, 600), t0 + 600_001)).toBe(false)
    expect(isPastStartDeadline(rowWith({ refusedAt: t0 }), t0 + 99 * hour)).toBe(false)
  })
})

describe('the token', () => {
  it.each<[RefusalClass, boolean]>([
    ['throttled', true],
    ['lost', true],
    ['server-error', true],
    ['capacity', false],
    ['quota', false],
    ['unknown', false],
  ])('of %s: the same is %s', (is, sameToken) => {
    expect(again(is, rowWith()).sameToken).toBe(sameToken)
  })

  it('only a call without an answer leaves a doubt; an answer of ECS ends it', () => {
    expect(again('lost', rowWith()).unsure).toBe(true)
    expect(again('throttled', rowWith()).unsure).toBe(false)
    expect(again('quota', rowWith({ unsure: true })).unsure).toBe(false)
    expect(again('capacity', rowWith({ unsure: true })).unsure).toBe(false)
  })
})

describe('the pause', () => {
  const pauses = (is: RefusalClass, run = '0123456789abcdef0123') =>
    Array.from({ length: 9 }, (_, refusals) => again(is, rowWith({ run, refusals }, 999_999)).ms)
  const about = (ms: number, wanted: number) => {
    expect(ms).toBeGreaterThanOrEqual(wanted * 0.75)
    expect(ms).toBeLessThanOrEqual(wanted * 1.25)
  }

  it('doubles from five seconds up to a minute', () => {
    for (const [at, ms] of pauses('throttled').entries()) about(ms, Math.min(5_000 * 2 ** at, 60_000))
  })
  it('or from a minute up to a quarter of an hour, which is as long as SQS holds a message', () => {
    for (const [at, ms] of pauses('quota').entries()) about(ms, Math.min(60_000 * 2 ** at, 900_000))
    expect(Math.max(...pauses('quota'))).toBeLessThanOrEqual(900_000)
  })
  it('is spread: what was refused together does not come back together, and the same run waits the same', () => {
    const runs = Array.from({ length: 40 }, (_, at) => at.toString(16).padStart(20, '0'))
    const firsts = runs.map((run) => again('quota', rowWith({ run }, 999_999)).ms)
    expect(new Set(firsts).size).toBeGreaterThan(30)
    for (const ms of firsts) about(ms, 60_000)
    expect(Math.max(...firsts) - Math.min(...firsts)).toBeGreaterThan(15_000)
    expect(pauses('quota')).toEqual(pauses('quota'))
  })
  it('does not go past the last moment, and is five seconds at least', () => {
    expect(again('quota', rowWith({ refusedAt: t0, refusals: 3 }), t0 + hour - 20_000).ms).toBe(20_000)
    expect(again('quota', rowWith({ refusedAt: t0, refusals: 3 }), t0 + hour - 1_000).ms).toBe(5_000)
  })
  it('is longer once time is up and only a doubt is left', () => {
    const late = again('lost', rowWith({ refusedAt: t0, refusals: 0 }), t0 + hour + 1)
    about(late.ms, 60_000)
  })
})

describe('a message that was not taken', () => {
  it('comes back after 15 s, doubled up to a quarter of an hour: ten times are an hour', () => {
    const pauses = Array.from({ length: 9 }, (_, at) => retryDelaySeconds(at + 1))
    expect(pauses).toEqual([15, 30, 60, 120, 240, 480, 900, 900, 900])
    expect(retryDelaySeconds(0)).toBe(15)
    expect(pauses.reduce((sum, each) => sum + each) / 60).toBeCloseTo(60.75)
  })
})
