/**
 * Verifies signatures: scheme × request × secrets × now → VerifiedRequest. The hmac adapter calls it with the scheme of its source,
 * and adapters outside taskhook may; the GitHub and Slack adapters use the official libraries.
 * The signature is computed over the bytes as received. Nothing is parsed before it matches, but a form whose field is signed.
 */
import { createHmac, createPublicKey, verify } from 'node:crypto'
import type { HttpRequest, VerifiedRequest } from '../adapter.ts'
import { Unauthorized } from '../errors.ts'
import { formFieldOf } from './body.ts'
import { constantTimeEqualBytes, constantTimeEqualText } from './constant-time.ts'
import { readSignatureHeaders } from './signature-headers.ts'
import type { SignatureScheme } from './signature-scheme.ts'
import { checkBodyTimestamp, checkSchemeTimestamp } from './signature-timestamp.ts'
import { signedContent } from './signed-content.ts'
import { markVerified } from './verified-request.ts'

export interface SignatureOptions {
  /** Under which the sender knows the source, if it signs the URL and this is not the address of the request. */
  readonly publicUrl?: string | undefined
}

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
  { publicUrl }: SignatureOptions = {},
): VerifiedRequest {
  const { signatures, timestamp, id } = readSignatureHeaders(scheme, request)
  if (timestamp !== undefined) checkSchemeTimestamp(scheme, timestamp, now)
  const body = signedBody(scheme, request)
  const content = signedContent(scheme.signed ?? '{body}', { id, timestamp, body, publicUrl }, request)
  const matches = secrets.some((secret) => signatures.some(signatureMatcher(scheme, secret, content)))
  if (!matches) throw new Unauthorized('the signature does not match')
  if (scheme.timestamp?.body !== undefined) checkBodyTimestamp(scheme, scheme.timestamp.body, body, now)
  return markVerified(request, identityOf(scheme, id, content, request))
}

/** The field of a form that the sender signs in place of the form. Only Gitea does that. */
function signedBody({ formField }: SignatureScheme, request: HttpRequest): Uint8Array {
  if (formField === undefined) return request.body
  const field = formFieldOf(request, formField)
  return field === undefined ? request.body : Buffer.from(field)
}

/** Computes what does not depend on the signature once, however many signatures are compared with it. */
function signatureMatcher(
  scheme: SignatureScheme,
  secret: string,
  content: Uint8Array,
): (signature: string) => boolean {
  if (scheme.algorithm === 'token') return (signature) => constantTimeEqualText(secret, signature)
  const key = keyOf(scheme, secret)
  // A secret that decodes to nothing ("whsec_") would be a key that everybody has.
  if (key.length === 0) return () => false
  if (scheme.algorithm === 'ed25519') return publicKeyMatcher(scheme, key, content)
  const expected = createHmac(scheme.algorithm, key).update(content).digest()
  return (signature) => {
    const given = bytesOf(scheme, signature)
    return given !== undefined && constantTimeEqualBytes(expected, given)
  }
}

function publicKeyMatcher(
  scheme: SignatureScheme,
  bytes: Uint8Array | string,
  content: Uint8Array,
): (signature: string) => boolean {
  if (typeof bytes === 'string' || bytes.length !== 32) return () => false
  const x = Buffer.from(bytes).toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  return (signature) => {
    const given = bytesOf(scheme, signature)
    return given?.length === 64 && verify(null, content, key, given)
  }
}

/** Node's decoders skip characters that they cannot read, so the decoded bytes must encode to the same text again. */
function bytesOf({ encoding }: SignatureScheme, signature: string): Uint8Array | undefined {
  const written =
    encoding === 'hex'
      ? signature.toLowerCase()
      : encoding === 'base64url'
        ? signature.replace(/={1,2}$/, '')
        : signature
  const bytes = Buffer.from(written, encoding)
  return bytes.toString(encoding) === written ? bytes : undefined
}

/** Text stays text: it gives the same key, and Node takes ten microseconds longer for bytes. */
function keyOf(scheme: SignatureScheme, secret: string): Uint8Array | string {
  switch (scheme.secret) {
    case 'hex':
      return isHex(secret) ? Buffer.from(secret, 'hex') : Buffer.alloc(0)
    case 'base64':
      return base64Key(secret)
    case 'whsec':
      return isPolar(secret) ? secret : base64Key(secret.replace(/^(?:v1a?,)?(?:whsec|whpk)_/, ''))
    default:
      return secret
  }
}

/** Node's decoder skips what is not base64 and stops at "=", so a text that is none could become a key of a single byte. */
const base64Key = (text: string): Uint8Array =>
  /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : Buffer.alloc(0)

/** Node's decoder stops at the first character that is not hex, and the key would be the part before it. */
const isHex = (text: string): boolean => text.length % 2 === 0 && /^[0-9a-fA-F]+$/.test(text)

/** Polar signs with the text of its secret. https://github.com/polarsource/polar-js: webhooks.ts */
const isPolar = (secret: string): boolean => secret.startsWith('polar_')

/**
 * What identifies the delivery. A signed id is the same in every retry of the sender. Without one, and with a signed timestamp, it is the
 * signed content. Without either, two deliveries with the same body can be two events: then the sender's `Idempotency-Key` decides, and
 * without that key every delivery is new.
 */
function identityOf(scheme: SignatureScheme, id: string | undefined, content: Uint8Array, request: HttpRequest) {
  if (id !== undefined && scheme.signed?.includes('{id}')) return `id:${id}`
  if (scheme.timestamp !== undefined) return content
  const key = request.headers['idempotency-key']
  return key === undefined || key === '' ? undefined : `idempotency-key:${key}`
}
