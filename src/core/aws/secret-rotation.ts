/** The values of secret references, cached, and refreshed when a signature does not match: a rotation needs no restart. */
import { messageOf } from '../errors.ts'
import { type Bucket, takeFromBucket } from '../model/token-bucket.ts'
import { SecretUnavailable } from './secret-value.ts'
import { readVersions, type SecretStores, type SecretVersions } from './secrets-manager.ts'

/** Secrets that may have signed a request. */
export interface SecretsByAge {
  /** The value of the first reference. Never empty. */
  readonly current: readonly string[]
  /** The version before the current one (AWSPREVIOUS) while it is still valid, and the values of all further references. */
  readonly others: readonly string[]
}

export interface Secrets {
  /**
   * @param previousFor seconds for which AWSPREVIOUS is valid after its successor was stored
   * @throws {TaskhookError} `unavailable`
   */
  byAge(references: readonly string[], previousFor?: number): Promise<SecretsByAge>
  /** The same in one list, current ones first. Never empty. @throws {TaskhookError} `unavailable` */
  all(references: readonly string[], previousFor?: number): Promise<readonly string[]>
  /** The value to sign with, or to send as a token. @throws {TaskhookError} `unavailable` */
  current(references: readonly string[]): Promise<string>
  /** Reads the values again, within a budget. If that fails, the cached values stay, and the failure is logged. */
  refresh(references: readonly string[]): Promise<void>
}

export interface SecretsOptions extends SecretStores {
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

const cacheMs = 5 * 60_000

/** Refreshes of one secret. A rotation is seen at once, and a flood of bad signatures does not become a flood of calls to Secrets Manager. */
const refreshRate = { count: 2, per: 'm', burst: 5 } as const

/** Seconds: a week. AWSPREVIOUS itself stays until the next rotation. */
export const previousForDefault = 7 * 86_400

interface Cached {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly versions: Promise<SecretVersions>
}

export function createSecrets(options: SecretsOptions): Secrets {
  const { now } = options
  const { read, refresh } = createCache(options)

  const byAge: Secrets['byAge'] = async (references, previousFor = previousForDefault) => {
    const [first, ...further] = await Promise.all(references.map(read))
    if (first === undefined) throw new SecretUnavailable('', 'no reference')
    const stillValid = ({ previous, since = Number.POSITIVE_INFINITY }: SecretVersions): readonly string[] =>
      previous === undefined || now() >= since + previousFor * 1000 ? [] : [previous]
    const others = [...stillValid(first), ...further.flatMap((each) => [each.current, ...stillValid(each)])]
    return { current: [first.current], others: [...new Set(others)].filter((value) => value !== first.current) }
  }

  return {
    byAge,
    async all(references, previousFor) {
      const { current, others } = await byAge(references, previousFor)
      return [...current, ...others]
    },
    async current(references) {
      const [first] = references
      if (first === undefined) throw new SecretUnavailable('', 'no reference')
      return (await read(first)).current
    },
    async refresh(references) {
      await Promise.all(references.map(refresh))
    },
  }
}

function createCache({ now, ...stores }: SecretsOptions) {
  const cache = new Map<string, Cached>()
  const refreshing = new Map<string, Promise<void>>()
  const budgets = new Map<string, Bucket>()

  const read = (reference: string): Promise<SecretVersions> => {
    const cached = cache.get(reference)
    if (cached !== undefined && now() - cached.at < cacheMs) return cached.versions
    const versions = readVersions(stores, reference)
    cache.set(reference, { at: now(), versions })
    // A failure is not cached: the next delivery reads again.
    versions.catch(() => cache.delete(reference))
    return versions
  }

  const isWithinBudget = (reference: string): boolean => {
    const { bucket, wait } = takeFromBucket(budgets.get(reference), now() * 1000, refreshRate)
    budgets.set(reference, bucket)
    return wait === 0
  }

  /** Concurrent requests share one refresh. */
  const refresh = (reference: string): Promise<void> => {
    const running = refreshing.get(reference)
    if (running !== undefined) return running
    if (!isWithinBudget(reference)) return Promise.resolve()
    const refreshed = readVersions(stores, reference)
      .then(
        (versions) => void cache.set(reference, { at: now(), versions: Promise.resolve(versions) }),
        (error) => stores.warn(`secret ${reference} could not be refreshed: ${messageOf(error)}`),
      )
      .finally(() => refreshing.delete(reference))
    refreshing.set(reference, refreshed)
    return refreshed
  }

  return { read, refresh }
}
