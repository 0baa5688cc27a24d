/** Times in the config: `90s`, `30m`, `2h`, `7d`. */
import * as v from 'valibot'
import { mustBe } from './fields.ts'

const pattern = /^([1-9]\d*)\s*(s|m|h|d)$/
const secondsIn: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** @param duration a text that the `duration` schema accepts */
export function secondsOf(duration: string): number {
  const [, count, unit = 's'] = pattern.exec(duration) ?? []
  return Number(count) * (secondsIn[unit] ?? 1)
}

export const duration = v.pipe(
  v.string(mustBe('a time like 90s, 30m, 2h or 7d')),
  v.regex(pattern, ({ input }) => `must be a time like 90s, 30m, 2h or 7d, not "${input}"`),
)

/** A run is kept in the ledger for 30 days, so it must end long before that. */
const maxWaitSeconds = 168 * 3600

/** How long a run may wait. A text that is not a time is NaN seconds here, and already reported by `duration`. */
export const waitDuration = v.pipe(
  duration,
  v.check((text) => !(secondsOf(text) > maxWaitSeconds), 'must be 168h or less'),
)
