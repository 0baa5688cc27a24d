/** Authenticates a sender by its scheme. */
import type { HttpRequest, VerifiedRequest } from '../../core/adapter.ts'
import { verifySignature } from '../../core/http/signature.ts'
import type { HmacScheme } from './schemes.ts'

export const createVerify =
  (scheme: HmacScheme) =>
  (request: HttpRequest, secrets: readonly string[], now: number): VerifiedRequest =>
    verifySignature(scheme, request, secrets, now)

export const signsTimestamp = ({ signed }: HmacScheme): boolean => signed?.includes('{timestamp}') === true
