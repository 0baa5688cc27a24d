/** A token bucket: up to `burst` at once, then as fast as it refills. Pure. */

export interface Rate {
  readonly count: number
  readonly per: 's' | 'm' | 'h'
  /** How many tokens a full bucket has. */
  readonly burst: number
}

const secondsIn = { s: 1, m: 60, h: 3600 } as const

/** Microseconds until one token comes back. Rounded up, so that never more than configured get through. */
export const refillOf = ({ count, per }: Rate): number => Math.ceil((secondsIn[per] * 1_000_000) / count)

/**
 * A bucket is one number: when it is full again, in microseconds since the epoch. Each token that is taken delays that by one refill.
 * https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */
export type Bucket = number

export interface Taken {
  readonly bucket: Bucket
  /** Microseconds until there is a token; 0: one has been taken. */
  readonly wait: number
}

/** @param bucket undefined: it is full @param now microseconds since the epoch */
export function takeFromBucket(bucket: Bucket | undefined, now: number, rate: Rate): Taken {
  const full = Math.max(bucket ?? now, now)
  const wait = full - latestFullAt(now, rate)
  return wait > 0 ? { bucket: full, wait } : { bucket: full + refillOf(rate), wait: 0 }
}

/** The latest time at which a bucket that still has a token becomes full again: all of its tokens but one are missing. */
export const latestFullAt = (now: number, rate: Rate): number => now + (rate.burst - 1) * refillOf(rate)
