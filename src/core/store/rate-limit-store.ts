/**
 * Token buckets in the table. A write succeeds only while the bucket has a token, and adds to what it contains at that moment: however
 * many functions take tokens at the same time, no more get through than the rate allows.
 */
import { createHash } from 'node:crypto'
import { type Bucket, latestFullAt, type Rate, refillOf, takeFromBucket } from '../model/token-bucket.ts'
import { ttlAttribute } from './dynamodb-table.ts'
import type { Change } from './dynamodb-update.ts'
import type { Items } from './items.ts'
import { conflict, updateOptimistically } from './update-optimistically.ts'

export interface BucketRequest {
  /** The bucket's key: `bucketKey`. */
  readonly key: string
  readonly rate: Rate
}

export interface EmptyBucket extends BucketRequest {
  /** Until the bucket has a token, in milliseconds. */
  readonly waitMs: number
}

export interface RateLimits {
  /** Takes a token from each bucket, or from none if one is empty. @returns the bucket with the longest wait; undefined: taken */
  take(asked: readonly BucketRequest[]): Promise<EmptyBucket | undefined>
}

/** @param actor whose own bucket is meant; undefined: the bucket of the whole source */
export const bucketKey = (source: string, actor?: string): string =>
  `rate#${source}${actor === undefined ? '' : `#${createHash('sha256').update(actor).digest('hex').slice(0, 32)}`}`

/** A full bucket is the same as none, so an item is kept only a little longer than it takes to fill. */
const keepSeconds = 3600
/** A write fails only if another function took a token, so there is one token less after each conflict. */
const maxRounds = 20

export function createRates(items: Items, now: () => number): RateLimits {
  const read = async (key: string): Promise<Bucket | undefined> => (await items.get(key))?.fullAt as Bucket | undefined

  /** @returns microseconds until there is a token; 0: taken */
  const takeOne = ({ key, rate }: BucketRequest, seen: Bucket | undefined): Promise<number> => {
    let bucket = seen
    return updateOptimistically({ what: `the rate limit ${key}`, rounds: maxRounds }, async () => {
      const at = now() * 1000
      const { wait } = takeFromBucket(bucket, at, rate)
      if (wait > 0) return wait
      if ((await items.update(key, changeOf(bucket, at, rate))) !== undefined) return 0
      bucket = await read(key)
      return conflict
    })
  }

  return {
    async take(asked) {
      const seen = await Promise.all(asked.map(({ key }) => read(key)))
      const waits: number[] = asked.map(({ rate }, at) => takeFromBucket(seen[at], now() * 1000, rate).wait)
      // All are checked before a token is taken from one: a request that one bucket refuses costs nothing in the others.
      for (const [at, one] of asked.entries()) {
        if (Math.max(...waits) > 0) break
        waits[at] = await takeOne(one, seen[at])
      }
      const longest = Math.max(...waits)
      const which = longest > 0 ? asked[waits.indexOf(longest)] : undefined
      return which === undefined ? undefined : { ...which, waitMs: longest / 1000 }
    },
  }
}

/** Starts a full bucket anew; takes one more token from a bucket that is filling, as long as it has one. */
function changeOf(bucket: Bucket | undefined, now: number, rate: Rate): Change {
  const refill = refillOf(rate)
  const kept = { [ttlAttribute]: Math.ceil((now + rate.burst * refill) / 1_000_000) + keepSeconds }
  return bucket === undefined || bucket <= now
    ? {
        set: { fullAt: now + refill, ...kept },
        when: 'attribute_not_exists(pk) OR fullAt <= :now',
        values: { now },
      }
    : { set: kept, add: { fullAt: refill }, when: 'fullAt <= :last', values: { last: latestFullAt(now, rate) } }
}
