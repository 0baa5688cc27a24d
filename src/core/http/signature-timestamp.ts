/** Rejects requests that were signed too long ago, or in the future: a recorded request must not be usable later. */
import { Unauthorized } from '../errors.ts'
import { checkJson } from './http-bounds.ts'
import type { SignatureScheme, TimestampUnit } from './signature-scheme.ts'

/**
 * Checks both directions: a timestamp from the future would stay valid for longer than the tolerance.
 * @param seconds of the timestamp, since the epoch
 * @param now milliseconds since the epoch
 * @param tolerance seconds
 * @throws {Unauthorized} if the timestamp is outside the tolerance
 */
export function checkTimestamp(seconds: number, now: number, tolerance = 300): void {
  if (!Number.isFinite(seconds)) throw new Unauthorized('the timestamp is not a number')
  const off = now / 1000 - seconds
  if (Math.abs(off) > tolerance) throw new Unauthorized(`the timestamp is ${Math.round(off)} s off`)
}

/** Fixed length, so that the text beside it in the signed content cannot move into it. */
const numbers = { s: /^\d{10}$/, ms: /^\d{13}$/ } as const
/** https://www.rfc-editor.org/rfc/rfc3339#section-5.6 */
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/
/** https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7 */
const httpDate =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/

/** Seconds since the epoch. Undefined: the text is not a timestamp of this unit. */
export function secondsOf(text: string, unit: TimestampUnit = 's'): number | undefined {
  if (unit !== 'date') return numbers[unit].test(text) ? Number(text) / (unit === 'ms' ? 1000 : 1) : undefined
  if (!rfc3339.test(text) && !httpDate.test(text)) return undefined
  const milliseconds = Date.parse(text)
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000
}

/** @param timestamp of a header, in the unit of the scheme */
export function checkSchemeTimestamp(
  { timestamp: scheme = {} }: SignatureScheme,
  timestamp: string,
  now: number,
): void {
  checkTimestamp(secondsOf(timestamp, scheme.unit) ?? Number.NaN, now, scheme.tolerance)
}

/** Call it after the signature was checked: it parses the body. @param key of the JSON body with the timestamp */
export function checkBodyTimestamp(scheme: SignatureScheme, key: string, body: Uint8Array, now: number): void {
  const { unit, tolerance } = scheme.timestamp ?? {}
  const value = valueAt(key, body)
  const seconds = unit === 'date' ? secondsOf(String(value), unit) : secondsOfNumber(value, unit)
  if (seconds === undefined) throw new Unauthorized('the body has no timestamp')
  checkTimestamp(seconds, now, tolerance)
}

const secondsOfNumber = (value: unknown, unit: TimestampUnit | undefined): number | undefined =>
  typeof value === 'number' ? value / (unit === 'ms' ? 1000 : 1) : undefined

const decoder = new TextDecoder()

function valueAt(key: string, body: Uint8Array): unknown {
  try {
    const text = decoder.decode(body)
    checkJson(text)
    // Reading a key of `null` throws as well.
    return (JSON.parse(text) as Readonly<Record<string, unknown>>)[key]
  } catch {
    return undefined
  }
}
