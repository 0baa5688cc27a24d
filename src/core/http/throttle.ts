/** A limit on calls per key, as far as one function instance knows. The limits of the config are in store/rate-limit-store.ts. */

/** @returns whether the call may pass; false if one with the same key passed within the interval */
export type Throttle = (key: string) => boolean

/** Beyond this the oldest key is forgotten, so memory stays bounded. */
const maxKeys = 1000

/** @param now milliseconds since the epoch @param intervalMs at most one call per key passes in this time */
export function createThrottle(now: () => number, intervalMs: number): Throttle {
  const passedAt = new Map<string, number>()
  return (key) => {
    const at = now()
    if (at - (passedAt.get(key) ?? Number.NEGATIVE_INFINITY) < intervalMs) return false
    // A Map keeps the order of insertion, so the first key is the oldest.
    passedAt.delete(key)
    passedAt.set(key, at)
    const [oldest] = passedAt.keys()
    if (passedAt.size > maxKeys && oldest !== undefined) passedAt.delete(oldest)
    return true
  }
}
