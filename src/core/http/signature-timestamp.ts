/** Rejects requests that were signed too long ago, or in the future: a recorded request must not be usable later. */
import { Unauthorized } from '../errors.ts'
import { checkJson } from './http-bounds.ts'
import type { SignatureScheme } from './signature-scheme.ts'

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

/** @param timestamp in the unit of the scheme */
export const checkSchemeTimestamp = ({ timestamp: scheme }: SignatureScheme, timestamp: number, now: number): void =>
  checkTimestamp(timestamp / (scheme?.unit === 'ms' ? 1000 : 1), now, scheme?.tolerance)

/** Call it after the signature was checked: it parses the body. @param key of the JSON body with the timestamp */
export function checkBodyTimestamp(scheme: SignatureScheme, key: string, body: Uint8Array, now: number): void {
  const timestamp = numberAt(key, body)
  if (timestamp === undefined) throw new Unauthorized('the body has no timestamp')
  checkSchemeTimestamp(scheme, timestamp, now)
}

const decoder = new TextDecoder()

function numberAt(key: string, body: Uint8Array): number | undefined {
  try {
    const text = decoder.decode(body)
    checkJson(text)
    // Reading a key of `null` throws as well.
    const value = (JSON.parse(text) as Readonly<Record<string, unknown>>)[key]
    return typeof value === 'number' ? value : undefined
  } catch {
    return undefined
  }
}
