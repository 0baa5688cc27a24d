/** Authenticates a sender by its scheme. */
import type { HttpRequest, VerifiedRequest } from '../../core/adapter.ts'
import { Unauthorized } from '../../core/errors.ts'
import { type SignatureOptions, verifySignature } from '../../core/http/signature.ts'
import type { HmacScheme } from './hmac-scheme.ts'

export const createVerify =
  ({ or: other, ...scheme }: HmacScheme, options: SignatureOptions) =>
  (request: HttpRequest, secrets: readonly string[], now: number): VerifiedRequest => {
    try {
      return verifySignature(scheme, request, secrets, now, options)
    } catch (error) {
      if (other === undefined || !(error instanceof Unauthorized)) throw error
      return verifySignature(other, request, secrets, now, options)
    }
  }

export const signsTimestamp = ({ signed, or: other }: HmacScheme): boolean =>
  signed?.includes('{timestamp}') === true && (other === undefined || other.signed?.includes('{timestamp}') === true)
