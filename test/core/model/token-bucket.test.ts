import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Bucket, type Rate, refillOf, takeFromBucket } from '../../../src/core/model/token-bucket.ts'

const start = 1_800_000_000_000_000
const rates = fc.record({
  count: fc.integer({ min: 1, max: 99_999 }),
  per: fc.constantFrom('s' as const, 'm' as const, 'h' as const),
  burst: fc.integer({ min: 1, max: 50 }),
})
const seconds = { s: 1, m: 60, h: 3600 }

/** Times of the requests → times at which one got a token, in microseconds. */
function passed(rate: Rate, pauses: readonly number[]): number[] {
  let bucket: Bucket | undefined
  let now = start
  return pauses.flatMap((pause) => {
    now += pause
    const taken = takeFromBucket(bucket, now, rate)
    bucket = taken.bucket
    return taken.wait === 0 ? [now] : []
  })
}

describe('a token bucket', () => {
  it('never gives more tokens than burst + rate × time, between any two of them', () => {
    const pauses = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2_000_000 }), fc.nat(3_600_000_000)), {
      maxLength: 200,
    })
    fc.assert(
      fc.property(rates, pauses, (rate, list) => {
        const times = passed(rate, list)
        const perMicrosecond = rate.count / (seconds[rate.per] * 1_000_000)
        times.forEach((from, first) => {
          for (let last = first; last < times.length; last++) {
            const most = rate.burst + perMicrosecond * ((times[last] ?? 0) - from)
            expect(last - first + 1).toBeLessThanOrEqual(most + 1e-9)
          }
        })
      }),
      { numRuns: 200 },
    )
  })

  it('says how long to wait, to the microsecond', () => {
    fc.assert(
      fc.property(rates, fc.nat(100), (rate, more) => {
        let bucket: Bucket | undefined
        for (let at = 0; at < rate.burst + more; at++) bucket = takeFromBucket(bucket, start, rate).bucket
        const { wait } = takeFromBucket(bucket, start, rate)
        expect(wait).toBe(refillOf(rate))
        expect(takeFromBucket(bucket, start + wait - 1, rate).wait).toBe(1)
        expect(takeFromBucket(bucket, start + wait, rate).wait).toBe(0)
      }),
    )
  })

  it('a refused request costs nothing: asking all the time gets as many tokens as waiting', () => {
    const rate: Rate = { count: 1, per: 's', burst: 1 }
    expect(passed(rate, Array(100).fill(100_000))).toHaveLength(10)
  })

  it('gives as many tokens in an hour as its rate says', () => {
    const rate: Rate = { count: 60, per: 'h', burst: 1 }
    expect(passed(rate, Array(3600).fill(1_000_000))).toHaveLength(60)
  })
})
