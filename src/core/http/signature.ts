/**
 * scheme × secrets × now → VerifiedRequest. A scheme is data; this is the one engine that reads it and the only constant-time compare.
 * The HMAC runs over the bytes as they came; nothing is decoded or parsed before the proof, but for a timestamp inside a signed body
 * (Linear), which is looked at only once the signature holds.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { HttpRequest, VerifiedRequest } from '../adapter.ts'
import { Unauthorized } from '../errors.ts'
import { checkJson } from './http-bounds.ts'

/** How a sender signs. */
export interface Scheme {
  /** Header that holds the signature; several where the sender has renamed it, first found counts. */
  readonly header: string | readonly string[]
  readonly algorithm: 'sha256' | 'sha1' | 'sha512' | 'token'
  readonly encoding: 'hex' | 'base64'
  /** What stands before each signature: `sha256=`, `v1,`, `v1=`. */
  readonly prefix?: string
  /** Where the header may hold several parts: what stands between them. */
  readonly separator?: string
  /** What is signed: `{body}`, `{timestamp}.{body}`, `{id}.{timestamp}.{body}`. Default `{body}`. */
  readonly signed?: string
  /** Header that holds `{id}`; where it is signed, it is the delivery's key. */
  readonly id?: string | readonly string[]
  readonly timestamp?: {
    /** A header of its own. */
    readonly header?: string | readonly string[]
    /** A part of the signature header: `t=`. */
    readonly part?: string
    /** A key of the signed JSON body. */
    readonly body?: string
    readonly unit?: 's' | 'ms'
    /** Seconds that the sender's clock may be off, in both directions. Default 300. */
    readonly tolerance?: number
  }
  /** How the key is made of the secret: its text, base64, or `whsec_` and base64. Default `utf8`. */
  readonly secret?: 'utf8' | 'base64' | 'whsec'
}

const decoder = new TextDecoder()

/**
 * The one maker of verified requests.
 * @param signed what identifies the delivery, out of what the sender signed: an id, or bytes to be hashed. Undefined: nothing does
 */
export const proven = (request: HttpRequest, signed: string | Uint8Array | undefined): VerifiedRequest =>
  ({
    ...request,
    deliveryKey: signed instanceof Uint8Array ? digest(signed).toString('hex') : signed,
  }) as VerifiedRequest

/**
 * How Standard Webhooks signs, for what we send ourselves.
 * @param secret `whsec_` and base64, or base64 @param id of the message: the same for every try @param seconds since the epoch
 */
export function signStandard(body: string, secret: string, id: string, seconds: number): Record<string, string> {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signature}` }
}

/** The clock is checked in both directions: a time from the future would stay valid for longer than it should. */
export function checkClock(seconds: number, now: number, tolerance = 300): void {
  if (!Number.isFinite(seconds)) throw new Unauthorized('the timestamp is not a number')
  const off = now / 1000 - seconds
  if (Math.abs(off) > tolerance) throw new Unauthorized(`the timestamp is ${Math.round(off)} s off`)
}

/**
 * @param secrets plain values; any of them may have signed
 * @param now milliseconds since the epoch
 * @throws {Unauthorized} and nothing else
 */
export function verifySignature(scheme: Scheme, request: HttpRequest, secrets: readonly string[], now: number) {
  const header = headerOf(request, scheme.header)
  if (header === undefined) throw new Unauthorized('no signature header')
  const parts = scheme.separator === undefined ? [header] : header.split(scheme.separator).map((part) => part.trim())
  const prefix = scheme.prefix ?? ''
  const signatures = parts.filter((part) => part.startsWith(prefix)).map((part) => part.slice(prefix.length))
  if (signatures.length === 0 || signatures.length > maxSignatures)
    throw new Unauthorized('the signature header has another form')

  const timestamp = timestampOf(scheme, request, parts)
  if (timestamp !== undefined) checkClock(secondsOf(timestamp, scheme), now, scheme.timestamp?.tolerance)
  const id = scheme.id === undefined ? undefined : headerOf(request, scheme.id)
  const content = signedContent(scheme.signed ?? '{body}', { id, timestamp }, request.body)

  const good = secrets.some((secret) => {
    const matches = matcher(scheme, secret, content)
    return signatures.some(matches)
  })
  if (!good) throw new Unauthorized('the signature does not match')
  if (scheme.timestamp?.body !== undefined) checkBodyClock(scheme, request.body, now)
  return proven(request, deliveryKeyOf(scheme, id, content, request))
}

/** A rotation has two. Each costs a compare, so a header of thousands must not be worth sending. */
const maxSignatures = 20

const headerOf = (request: HttpRequest, names: string | readonly string[]): string | undefined =>
  [names].flat().reduce<string | undefined>((found, name) => found ?? request.headers[name.toLowerCase()], undefined)

function timestampOf(scheme: Scheme, request: HttpRequest, parts: readonly string[]): string | undefined {
  const { header, part } = scheme.timestamp ?? {}
  if (header === undefined && part === undefined) return undefined
  const found =
    header !== undefined
      ? headerOf(request, header)
      : parts.find((text) => text.startsWith(part ?? ''))?.slice(part?.length ?? 0)
  if (found === undefined || !/^\d{1,16}$/.test(found)) throw new Unauthorized('no timestamp')
  return found
}

const secondsOf = (timestamp: string, scheme: Scheme): number =>
  Number(timestamp) / (scheme.timestamp?.unit === 'ms' ? 1000 : 1)

/** The texts before and after a placeholder; at the beginning and at the end there is none. */
const bordersOf = (chunks: readonly string[], at: number): readonly string[] => [
  ...(at > 1 || chunks[0] !== '' ? [chunks[at - 1] ?? ''] : []),
  ...(at < chunks.length - 2 || chunks.at(-1) !== '' ? [chunks[at + 1] ?? ''] : []),
]

function signedContent(
  template: string,
  values: { id: string | undefined; timestamp: string | undefined },
  body: Uint8Array,
): Uint8Array {
  const chunks = template.split(/(\{(?:id|timestamp|body)\})/).map((chunk, at, all) => {
    if (chunk === '{body}') return body
    if (chunk !== '{id}' && chunk !== '{timestamp}') return Buffer.from(chunk)
    const value = chunk === '{id}' ? values.id : values.timestamp
    // An id that holds what stands beside it could move the borders between what is signed.
    const movable = chunk === '{id}' && bordersOf(all, at).some((border) => value?.includes(border))
    if (!value || movable) throw new Unauthorized(`no ${chunk.slice(1, -1)}`)
    return Buffer.from(value)
  })
  return Buffer.concat(chunks)
}

/** The HMAC is worked out once, however many signatures are held against it. */
function matcher(scheme: Scheme, secret: string, content: Uint8Array): (signature: string) => boolean {
  if (scheme.algorithm === 'token') return (signature) => sameText(secret, signature)
  const key = keyOf(scheme, secret)
  // A secret that decodes to nothing ("whsec_") is a key that everybody has.
  if (key.length === 0) return () => false
  const expected = createHmac(scheme.algorithm, key).update(content).digest()
  return (signature) => {
    const given = Buffer.from(signature, scheme.encoding)
    // Node's decoders skip what they cannot read, so what was read must say the same again.
    const written = scheme.encoding === 'hex' ? signature.toLowerCase() : signature
    return written === given.toString(scheme.encoding) && sameBytes(expected, given)
  }
}

const digest = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()
const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b)

/** Text stays text: its bytes are the same, and Node takes ten microseconds to look at bytes. */
function keyOf(scheme: Scheme, secret: string): Uint8Array | string {
  if (scheme.secret === 'base64') return Buffer.from(secret, 'base64')
  if (scheme.secret === 'whsec') return Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return secret
}

function checkBodyClock(scheme: Scheme, body: Uint8Array, now: number): void {
  let value: unknown
  try {
    const text = decoder.decode(body)
    checkJson(text)
    value = (JSON.parse(text) as Record<string, unknown> | null)?.[scheme.timestamp?.body ?? '']
  } catch {
    throw new Unauthorized('the body holds no timestamp')
  }
  if (typeof value !== 'number') throw new Unauthorized('the body holds no timestamp')
  checkClock(secondsOf(String(value), scheme), now, scheme.timestamp?.tolerance)
}

/**
 * A signed id is what its sender repeats over retries. Without one: where a time is signed, what is signed; where none is, two
 * deliveries with the same body may well be two, so the sender's `Idempotency-Key` decides, and else every delivery is new.
 */
function deliveryKeyOf(scheme: Scheme, id: string | undefined, content: Uint8Array, request: HttpRequest) {
  if (id !== undefined && scheme.signed?.includes('{id}')) return `id:${id}`
  if (scheme.timestamp !== undefined) return content
  const named = request.headers['idempotency-key']
  return named === undefined ? undefined : `idempotency-key:${named}`
}

/** Whether two texts are the same, in a time that tells nothing about where they differ. */
export const sameText = (a: string, b: string): boolean => sameBytes(digest(Buffer.from(a)), digest(Buffer.from(b)))
