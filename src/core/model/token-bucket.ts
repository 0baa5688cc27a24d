/** A token bucket: `burst` at once, and then as fast as it fills again. Pure. */

export interface Rate {
  readonly count: number
  readonly per: 's' | 'm' | 'h'
  /** How many there may be at once. */
  readonly burst: number
}

const secondsIn = { s: 1, m: 60, h: 3600 } as const

/** Microseconds until one token comes back. Rounded up, so that never more than configured get through. */
export const refillOf = ({ count, per }: Rate): number => Math.ceil((secondsIn[per] * 1_000_000) / count)

/**
 * A bucket is one number: when it is full again, in microseconds since the epoch. Each token that is taken puts that off by one refill.
 * https://en.wikipedia.org/wiki/Generic_cell_rate_algorithm
 */
export type Bucket = number

export interface Taken {
  readonly bucket: Bucket
  /** Microseconds until there is a token; 0: one has been taken. */
  readonly wait: number
}

/** @param bucket undefined: nobody has taken from it @param now microseconds since the epoch */
export function take(bucket: Bucket | undefined, now: number, rate: Rate): Taken {
  const full = Math.max(bucket ?? now, now)
  const wait = full - lastFull(now, rate)
  return wait > 0 ? { bucket: full, wait } : { bucket: full + refillOf(rate), wait: 0 }
}

/** A bucket that is full later than this is empty now. */
export const lastFull = (now: number, rate: Rate): number => now + (rate.burst - 1) * refillOf(rate)

/** `60 runs a minute` */
export const rateText = ({ count, per }: Rate): string =>
  `${count} ${count === 1 ? 'run' : 'runs'} ${{ s: 'a second', m: 'a minute', h: 'an hour' }[per]}`
