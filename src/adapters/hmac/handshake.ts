/** Handshakes: requests by which a sender checks the address, before or beside its deliveries. They start nothing. Pure. */
import { createHmac } from 'node:crypto'
import type { HandshakeAnswer, HttpReply, HttpRequest, Json, Translation } from '../../core/adapter.ts'
import { bodyText, parseJson } from '../../core/http/body.ts'
import { json } from '../../core/http/json-reply.ts'
import type { SignatureScheme } from '../../core/http/signature-scheme.ts'
import { type Condition, holds } from './condition.ts'
import { valueAtPath } from './value-at-path.ts'

/** One of `echo`, `copy`, `sign` and `reply` says what the answer is; `echo` and `copy` may go together, for the same value. */
export interface Handshake {
  /** Only requests whose JSON body has these values. */
  readonly if?: Condition
  /** The answer repeats this value: as JSON under the same key, as text, or as the same header. */
  readonly echo?: { readonly body: string } | { readonly query: string } | { readonly header: string }
  /** The sender sends the secret that it is going to sign with, and the operator must put it into the config. Not signed. */
  readonly copy?: { readonly body: string } | { readonly header: string }
  /** The answer repeats this token and signs it with the source's secret. The request must be signed. */
  readonly sign?: { readonly body: string; readonly as: string }
  /** A fixed answer; null: 204. The request must be signed. */
  readonly reply?: Json
  /** An `echo` of the body only for requests that are signed. Default: the sender cannot sign yet. */
  readonly signed?: true
}

export const isUnsigned = ({ echo, copy, signed }: Handshake): boolean =>
  signed !== true && (echo !== undefined || copy !== undefined)

export const comesByGet = ({ echo }: Handshake): boolean => echo !== undefined && 'query' in echo

/** Characters of a challenge. Longer ones are not a handshake. */
const maxLength = 500
const isPlain = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= maxLength && /^[\x20-\x7e]+$/.test(value)

/** The answer to a handshake that is not signed. Undefined: the request is none. */
export function unsignedHandshake(
  { header, handshake = [] }: Pick<SignatureScheme, 'header'> & { readonly handshake?: readonly Handshake[] },
  request: HttpRequest,
): HandshakeAnswer | undefined {
  // What is signed is a delivery, whatever its body contains.
  if ([header].flat().some((name) => request.headers[name.toLowerCase()] !== undefined)) return undefined
  const body = request.method === 'GET' ? undefined : jsonOf(request)
  for (const { if: condition, echo, copy } of handshake.filter(isUnsigned)) {
    const place = copy ?? echo
    if (place === undefined || request.method !== ('query' in place ? 'GET' : 'POST')) continue
    if (condition !== undefined && !holds(condition, body)) continue
    const value = valueIn(place, request, body)
    if (!isPlain(value)) continue
    const reply = echo === undefined ? json(200, {}) : echoReply(echo, value)
    const reason = copy === undefined ? 'the sender checked the address' : 'the sender sent its secret'
    return { reply, reason, ...(copy !== undefined && { secret: value }) }
  }
  return undefined
}

type Place = { readonly body: string } | { readonly query: string } | { readonly header: string }

function valueIn(place: Place, request: HttpRequest, body: unknown): unknown {
  if ('query' in place) return request.query.get(place.query)
  if ('header' in place) return request.headers[place.header.toLowerCase()]
  return valueAtPath(body, place.body)
}

function echoReply(place: Place, value: string): HttpReply {
  if ('body' in place) return json(200, { [place.body.split('.').at(-1) ?? '']: value })
  // A browser must not take what somebody else wrote for a page of ours.
  const headers = { 'cache-control': 'no-store', 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' }
  return 'query' in place
    ? { status: 200, headers, body: value }
    : { status: 200, headers: { ...headers, [place.header.toLowerCase()]: value }, body: '' }
}

type SignedHandshake = Extract<Translation, { kind: 'reply' | 'signed-reply' }>

/** What a signed delivery means if it is a handshake. Undefined: it is none. */
export function signedHandshake(handshakes: readonly Handshake[], body: unknown): SignedHandshake | undefined {
  for (const { if: condition, echo, signed, sign, reply } of handshakes) {
    if (condition !== undefined && !holds(condition, body)) continue
    const reason = 'the sender checked the address'
    if (signed === true && echo !== undefined && 'body' in echo) {
      const value = valueAtPath(body, echo.body)
      if (isPlain(value)) return { kind: 'reply', reply: echoReply(echo, value), reason }
      continue
    }
    if (reply !== undefined)
      return { kind: 'reply', reply: reply === null ? { ...json(204, ''), body: '' } : json(200, reply), reason }
    const token = sign === undefined ? undefined : valueAtPath(body, sign.body)
    if (sign === undefined || typeof token !== 'string' || !isSignable(token)) continue
    return { kind: 'signed-reply', reason, replyWith: (secret) => json(200, signedToken(sign, token, secret)) }
  }
  return undefined
}

/**
 * A sender that could have any text signed could have a delivery signed. A token has letters, digits, "_" and "-" only, and
 * scheme-checks.ts requires another character in what the sender signs.
 */
const isSignable = (token: string): boolean => /^[A-Za-z0-9_-]{1,200}$/.test(token)

const signedToken = ({ body, as }: NonNullable<Handshake['sign']>, token: string, secret: string): Json => ({
  [body.split('.').at(-1) ?? '']: token,
  [as]: createHmac('sha256', secret).update(token).digest('hex'),
})

/** This body is not authenticated, so only a short one is parsed. */
function jsonOf({ body }: HttpRequest): unknown {
  if (body.length > 4096) return undefined
  try {
    return parseJson(bodyText(body))
  } catch {
    return undefined
  }
}
