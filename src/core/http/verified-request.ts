/**
 * The only function that makes a verified request. The signature engine and an adapter's own `verify` call it after their check.
 * `taskhook explain` calls it without one, for a delivery that it has made itself.
 */
import { createHash } from 'node:crypto'
import type { HttpRequest, VerifiedRequest } from '../adapter.ts'

/**
 * Call it after the signature was checked, never before.
 * @param identity of the delivery, from what the sender signed: an id, or bytes, of which the SHA-256 is taken. Undefined: the sender signs
 *   nothing that identifies a delivery
 */
export const markVerified = (request: HttpRequest, identity: string | Uint8Array | undefined): VerifiedRequest =>
  ({
    ...request,
    deliveryKey: identity instanceof Uint8Array ? createHash('sha256').update(identity).digest('hex') : identity,
  }) as VerifiedRequest
