/** At most once in a while for each key, as far as one instance knows. */
export type OncePer = (key: string) => boolean

/** More keys than that are not looked after: the oldest is forgotten. */
const mostKeys = 1000

/** @param now milliseconds since the epoch @param every milliseconds */
export function createOncePer(now: () => number, every: number): OncePer {
  const last = new Map<string, number>()
  return (key) => {
    const at = now()
    if (at - (last.get(key) ?? Number.NEGATIVE_INFINITY) < every) return false
    last.delete(key)
    last.set(key, at)
    const [oldest] = last.keys()
    if (last.size > mostKeys && oldest !== undefined) last.delete(oldest)
    return true
  }
}
