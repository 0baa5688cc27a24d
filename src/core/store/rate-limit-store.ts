/**
 * Token buckets in the table. A change holds only as long as there is a token, and adds to what the bucket is by then: however many take
 * at the same moment, no more get through than the rate allows.
 */
import { createHash } from 'node:crypto'
import { type Bucket, lastFull, type Rate, refillOf, take } from '../model/token-bucket.ts'
import { ttlAttribute } from './dynamodb-table.ts'
import type { Change } from './dynamodb-update.ts'
import type { Items } from './items.ts'

export interface BucketRequest {
  /** The bucket's key: `bucketOf`. */
  readonly key: string
  readonly rate: Rate
}

export interface EmptyBucket extends BucketRequest {
  readonly waitMs: number
}

export interface RateLimits {
  /** A token of each, or of none where one is empty. @returns the one for which must be waited longest; undefined: taken */
  take(asked: readonly BucketRequest[]): Promise<EmptyBucket | undefined>
}

/** @param actor its own bucket; undefined: the one of the whole source */
export const bucketKey = (source: string, actor?: string): string =>
  `rate#${source}${actor === undefined ? '' : `#${createHash('sha256').update(actor).digest('hex').slice(0, 32)}`}`

/** A full bucket is as good as none; it is kept a while longer than it takes to fill. */
const keepSeconds = 3600
/** A change fails only where somebody else has taken meanwhile, and then there is one token less: that ends soon. */
const maxRounds = 20

export function createRates(items: Items, now: () => number): RateLimits {
  const read = async (key: string): Promise<Bucket | undefined> => (await items.get(key))?.fullAt as Bucket | undefined

  const takeOne = async ({ key, rate }: BucketRequest, seen: Bucket | undefined): Promise<number> => {
    let bucket = seen
    for (let round = 0; round < maxRounds; round++) {
      const at = now() * 1000
      const { wait } = take(bucket, at, rate)
      if (wait > 0) return wait
      if ((await items.update(key, changeOf(bucket, at, rate))) !== undefined) return 0
      bucket = await read(key)
    }
    throw new Error(`the rate limit ${key} is changed by too many at once`)
  }

  return {
    async take(asked) {
      const seen = await Promise.all(asked.map(({ key }) => read(key)))
      const waits: number[] = asked.map(({ rate }, at) => take(seen[at], now() * 1000, rate).wait)
      // Looked at before any is taken from: who is refused by one bucket takes nothing out of the other.
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

/** A full bucket begins anew; of one that fills, a token more is taken, as long as it has one. */
function changeOf(bucket: Bucket | undefined, now: number, rate: Rate): Change {
  const refill = refillOf(rate)
  const kept = { [ttlAttribute]: Math.ceil((now + rate.burst * refill) / 1_000_000) + keepSeconds }
  return bucket === undefined || bucket <= now
    ? {
        set: { fullAt: now + refill, ...kept },
        when: 'attribute_not_exists(pk) OR fullAt <= :now',
        values: { now },
      }
    : { set: kept, add: { fullAt: refill }, when: 'fullAt <= :last', values: { last: lastFull(now, rate) } }
}
