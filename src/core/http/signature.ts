/**
 * Verifies HMAC signatures: scheme × request × secrets × now → VerifiedRequest. The hmac adapter calls it with the scheme of its source,
 * and adapters outside taskhook may; the GitHub and Slack adapters use the official libraries.
 * The HMAC is computed over the bytes as received. Nothing is parsed before the signature matches.
 */
import { createHmac } from 'node:crypto'
import type { HttpRequest, VerifiedRequest } from '../adapter.ts'
import { Unauthorized } from '../errors.ts'
import { constantTimeEqualBytes, constantTimeEqualText } from './constant-time.ts'
import { readSignatureHeaders } from './signature-headers.ts'
import type { SignatureScheme } from './signature-scheme.ts'
import { checkBodyTimestamp, checkSchemeTimestamp } from './signature-timestamp.ts'
import { signedContent } from './signed-content.ts'
import { markVerified } from './verified-request.ts'

/**
 * @param secrets plain values; the request may be signed with any of them
 * @param now milliseconds since the epoch
 * @throws {Unauthorized} and no other error
 */
export function verifySignature(
  scheme: SignatureScheme,
  request: HttpRequest,
  secrets: readonly string[],
  now: number,
): VerifiedRequest {
  const { signatures, timestamp, id } = readSignatureHeaders(scheme, request)
  if (timestamp !== undefined) checkSchemeTimestamp(scheme, Number(timestamp), now)
  const content = signedContent(scheme.signed ?? '{body}', { id, timestamp }, request.body)
  const matches = secrets.some((secret) => signatures.some(signatureMatcher(scheme, secret, content)))
  if (!matches) throw new Unauthorized('the signature does not match')
  if (scheme.timestamp?.body !== undefined) checkBodyTimestamp(scheme, scheme.timestamp.body, request.body, now)
  return markVerified(request, identityOf(scheme, id, content, request))
}

/** Computes the HMAC once, however many signatures are compared with it. */
function signatureMatcher(
  scheme: SignatureScheme,
  secret: string,
  content: Uint8Array,
): (signature: string) => boolean {
  if (scheme.algorithm === 'token') return (signature) => constantTimeEqualText(secret, signature)
  const key = keyOf(scheme, secret)
  // A secret that decodes to nothing ("whsec_") would be a key that everybody has.
  if (key.length === 0) return () => false
  const expected = createHmac(scheme.algorithm, key).update(content).digest()
  return (signature) => {
    const given = Buffer.from(signature, scheme.encoding)
    // Node's decoders skip characters that they cannot read, so the decoded bytes must encode to the same text again.
    const written = scheme.encoding === 'hex' ? signature.toLowerCase() : signature
    return written === given.toString(scheme.encoding) && constantTimeEqualBytes(expected, given)
  }
}

/** Text stays text: it gives the same key, and Node takes ten microseconds longer for bytes. */
function keyOf(scheme: SignatureScheme, secret: string): Uint8Array | string {
  if (scheme.secret === 'base64') return Buffer.from(secret, 'base64')
  if (scheme.secret === 'whsec') return Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return secret
}

/**
 * What identifies the delivery. A signed id is the same in every retry of the sender. Without one, and with a signed timestamp, it is the
 * signed content. Without either, two deliveries with the same body can be two events: then the sender's `Idempotency-Key` decides, and
 * without that key every delivery is new.
 */
function identityOf(scheme: SignatureScheme, id: string | undefined, content: Uint8Array, request: HttpRequest) {
  if (id !== undefined && scheme.signed?.includes('{id}')) return `id:${id}`
  if (scheme.timestamp !== undefined) return content
  const key = request.headers['idempotency-key']
  return key === undefined ? undefined : `idempotency-key:${key}`
}
