/** The only function that makes a verified request. Only the signature engine and an adapter's own `verify` call it. */
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
