import { describe, expect, it } from 'vitest'
import { retryDelaySeconds } from '../../../src/core/model/queue-messages.ts'
import { isPastStartDeadline, type Refused, retryPolicy, startDeadline } from '../../../src/core/model/retry-policy.ts'
import { type RefusalClass, refusal } from '../../../src/core/model/run-task-errors.ts'

const t0 = 1_800_000_000_000
const hour = 3_600_000
const rowWith = (more: Partial<Refused> = {}, startWithin?: number): Refused => ({
  ...{ run: '0123456789abcdef0123', createdAt: t0 },
  plan: { ...(startWithin !== undefined && { startWithin }) },
  ...more,
})
const said = (is: RefusalClass) => refusal(is, 'as AWS says it')
const next = (is: RefusalClass, row: Refused, now = t0) => retryPolicy(row, said(is), now)
const retried = (is: RefusalClass, row: Refused, now = t0) => {
  const found = next(is, row, now)
  if (found.kind === 'give-up') throw new Error('given up')
  return found
}

describe('gives up', () => {
  it.each<RefusalClass>(['access-denied', 'cluster', 'task-definition', 'request', 'conflict', 'subnet', 'placement'])(
    '%s: at once, since waiting does not help',
    (is) => {
      expect(next(is, rowWith())).toEqual({ kind: 'give-up' })
    },
  )

  it.each<RefusalClass>(['throttled', 'capacity', 'agent', 'quota', 'unknown', 'account-not-ready'])(
    '%s: an hour after the first refusal',
    (is) => {
      const row = rowWith({ refusedAt: t0 })
      expect(next(is, row, t0 + hour).kind).toBe('retry')
      expect(next(is, row, t0 + hour + 1).kind).toBe('give-up')
    },
  )

  it('a lost call: an hour later, since its task may be running', () => {
    for (const is of ['lost', 'server-error'] as const) {
      expect(next(is, rowWith({ refusedAt: t0 }), t0 + 2 * hour).kind).toBe('retry')
      expect(next(is, rowWith({ refusedAt: t0 }), t0 + 2 * hour + 1).kind).toBe('give-up')
    }
  })

  it('a throttled call after a lost one: an hour later as well, since throttling says nothing about the task', () => {
    const row = rowWith({ refusedAt: t0, unsure: true })
    expect(next('throttled', row, t0 + 2 * hour)).toMatchObject({ kind: 'retry', unsure: true, sameToken: true })
    expect(next('throttled', row, t0 + 2 * hour + 1).kind).toBe('give-up')
  })

  it('a final refusal after a lost call: only at the deadline', () => {
    const row = rowWith({ refusedAt: t0, unsure: true })
    expect(next('access-denied', row, t0 + hour)).toMatchObject({ kind: 'retry', unsure: true, sameToken: true })
    expect(next('access-denied', row, t0 + hour + 1).kind).toBe('give-up')
  })

  it('a final refusal of the SDK’s second try after an unanswered first: only at the deadline', () => {
    const row = rowWith({ refusedAt: t0 })
    const refused = { ...said('access-denied'), unsure: true } as const
    expect(retryPolicy(row, refused, t0)).toMatchObject({ kind: 'retry', unsure: true, sameToken: true })
    expect(retryPolicy(row, refused, t0 + hour + 1).kind).toBe('give-up')
    expect(retryPolicy(row, { ...said('throttled'), unsure: true }, t0)).toMatchObject({
      unsure: true,
      sameToken: true,
    })
  })

  it('keeps the token after every unsure refusal: a new token could start a second task', () => {
    for (const is of ['capacity', 'subnet', 'quota', 'unknown'] as const) {
      const refused = { ...said(is), unsure: true } as const
      expect(retryPolicy(rowWith(), refused, t0), is).toMatchObject({ kind: 'retry', unsure: true, sameToken: true })
    }
    // An unknown message leaves the doubt.
    expect(retried('unknown', rowWith({ unsure: true }))).toMatchObject({ unsure: true, sameToken: true })
  })

  it('startWithin counts from the acceptance or the approval, not from the first refusal', () => {
    expect(startDeadline(rowWith({ refusedAt: t0 + 5 }, 600))).toBe(t0 + 600_000)
    expect(startDeadline(rowWith({ approvedAt: t0 + hour }, 600))).toBe(t0 + hour + 600_000)
    expect(startDeadline(rowWith({ refusedAt: t0 + 5 }))).toBe(t0 + 5 + hour)
    expect(startDeadline(rowWith())).toBeUndefined()
    expect(next('quota', rowWith({ refusedAt: t0 }, 600), t0 + 600_001).kind).toBe('give-up')
    expect(next('quota', rowWith({ refusedAt: t0 }, 7200), t0 + hour + 1).kind).toBe('retry')
  })

  it('before the call: only with a startWithin, and if no task can be running', () => {
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
  ])('after %s is the same: %s', (is, sameToken) => {
    expect(retried(is, rowWith()).sameToken).toBe(sameToken)
  })

  it('only a call without an answer leaves a doubt, and an answer of ECS removes it', () => {
    expect(retried('lost', rowWith()).unsure).toBe(true)
    expect(retried('throttled', rowWith()).unsure).toBe(false)
    expect(retried('quota', rowWith({ unsure: true })).unsure).toBe(false)
    expect(retried('capacity', rowWith({ unsure: true })).unsure).toBe(false)
  })
})

describe('the delay', () => {
  const delays = (is: RefusalClass, run = '0123456789abcdef0123') =>
    Array.from({ length: 9 }, (_, refusals) => retried(is, rowWith({ run, refusals }, 999_999)).delayMs)
  const about = (ms: number, wanted: number) => {
    expect(ms).toBeGreaterThanOrEqual(wanted * 0.75)
    expect(ms).toBeLessThanOrEqual(wanted * 1.25)
  }

  it('doubles from five seconds up to a minute', () => {
    for (const [at, ms] of delays('throttled').entries()) about(ms, Math.min(5_000 * 2 ** at, 60_000))
  })
  it('doubles from a minute up to 15 minutes, the longest delay of SQS', () => {
    for (const [at, ms] of delays('quota').entries()) about(ms, Math.min(60_000 * 2 ** at, 900_000))
    expect(Math.max(...delays('quota'))).toBeLessThanOrEqual(900_000)
  })
  it('is spread: runs refused together come back at different times, and a run always waits the same time', () => {
    const runs = Array.from({ length: 40 }, (_, at) => at.toString(16).padStart(20, '0'))
    const firsts = runs.map((run) => retried('quota', rowWith({ run }, 999_999)).delayMs)
    expect(new Set(firsts).size).toBeGreaterThan(30)
    for (const ms of firsts) about(ms, 60_000)
    expect(Math.max(...firsts) - Math.min(...firsts)).toBeGreaterThan(15_000)
    expect(delays('quota')).toEqual(delays('quota'))
  })
  it('ends at the deadline, and is at least five seconds', () => {
    expect(retried('quota', rowWith({ refusedAt: t0, refusals: 3 }), t0 + hour - 20_000).delayMs).toBe(20_000)
    expect(retried('quota', rowWith({ refusedAt: t0, refusals: 3 }), t0 + hour - 1_000).delayMs).toBe(5_000)
  })
  it('is the shortest at the deadline itself: a throttled call that comes then is not late yet', () => {
    expect(retried('throttled', rowWith({ refusedAt: t0, refusals: 9 }), t0 + hour).delayMs).toBe(5_000)
  })
  it('is longer after the deadline, when only a doubt is left', () => {
    const late = retried('lost', rowWith({ refusedAt: t0, refusals: 0 }), t0 + hour + 1)
    about(late.delayMs, 60_000)
  })
})

describe('a message whose handling failed', () => {
  it('comes back after 15 s, doubled up to 15 minutes: ten deliveries take an hour', () => {
    const delays = Array.from({ length: 9 }, (_, at) => retryDelaySeconds(at + 1))
    expect(delays).toEqual([15, 30, 60, 120, 240, 480, 900, 900, 900])
    expect(retryDelaySeconds(0)).toBe(15)
    expect(delays.reduce((sum, each) => sum + each) / 60).toBeCloseTo(60.75)
  })
})
