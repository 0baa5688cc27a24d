/** What identifies a delivery, so that a retry of the sender is the same run (ADR 6). Pure. */
import { createHash } from 'node:crypto'
import type { VerifiedRequest } from '../../core/adapter.ts'
import { firstHeader } from './first-header.ts'
import type { HmacScheme } from './hmac-scheme.ts'
import { valueAtPath } from './value-at-path.ts'

/** Whether a scheme says what stays the same in every retry. */
export const isKnownByKey = ({ key, signed }: Pick<HmacScheme, 'key' | 'signed'>): boolean =>
  key !== undefined || signed?.includes('{id}') === true

export interface DeliveryIdentity {
  readonly deliveryKey: string
  /** The sender chose the key, so another delivery may have the same one by mistake: this is the hash of the body it belongs to. */
  readonly bodyHash?: string
}

/** What a key is read from: a delivery, or one element of a batch. */
export interface DeliveryContent {
  readonly payload: unknown
  /** What was signed. A header identifies a delivery only together with it. */
  readonly content: string | Uint8Array
}

/**
 * The first of: a signed value of the body, `Idempotency-Key`, a header together with the body, the body.
 * @returns undefined: what `verify` found identifies the delivery (a signed id, or what was signed with its timestamp)
 */
export function deliveryIdentity(
  scheme: HmacScheme,
  request: VerifiedRequest,
  { payload, content }: DeliveryContent,
): DeliveryIdentity | undefined {
  const { key } = scheme
  // The id was signed.
  if (request.deliveryKey?.startsWith('id:') === true) return undefined
  const id = typeof key === 'object' && 'body' in key ? idIn(payload, key.body) : undefined
  if (id !== undefined) return { deliveryKey: `body-key:${id}` }
  const hash = hashOf(scheme, { payload, content })
  const chosen = request.headers['idempotency-key']
  // A client whose variable is not set sends an empty key.
  if (chosen !== undefined && chosen !== '') return { deliveryKey: `idempotency-key:${chosen}`, bodyHash: hash }
  if (key === undefined) return undefined
  if (typeof key === 'object' && 'header' in key) {
    const value = firstHeader(request, key.header)
    return value === undefined ? undefined : { deliveryKey: `header:${hash}:${value}` }
  }
  return { deliveryKey: `body:${hash}` }
}

/** Beyond 2^53, JSON.parse makes one number of several ids. */
const isId = (value: unknown): value is string | number =>
  (typeof value === 'string' && value !== '') || Number.isSafeInteger(value)

/**
 * One element of a batch has its own key, or is known by its content together with what identifies the request.
 * @param nth how many equal elements come before it in the same request
 */
export function elementIdentity(
  scheme: HmacScheme,
  request: VerifiedRequest,
  element: DeliveryContent,
  nth: number,
): DeliveryIdentity | undefined {
  const own = deliveryIdentity(scheme, request, element)
  if (own?.deliveryKey.startsWith('body-key:') === true) return own
  const whole = own === undefined ? request.deliveryKey : ofRequest(request, own)
  return whole === undefined ? undefined : { deliveryKey: `${whole}:${hashOf(scheme, element)}:${nth}` }
}

/** "The body" is that of the request, and not the element alone: an equal element may come again in another request. */
const ofRequest = ({ body }: VerifiedRequest, { deliveryKey }: DeliveryIdentity): string =>
  deliveryKey.startsWith('body:') ? `body:${createHash('sha256').update(body).digest('hex')}` : deliveryKey

/** @returns undefined: the first path leads to no id */
function idIn(payload: unknown, paths: string | readonly string[]): string | undefined {
  if (typeof paths === 'string') {
    const found = valueAtPath(payload, paths)
    return isId(found) ? JSON.stringify(found) : undefined
  }
  const values = paths.map((path) => valueAtPath(payload, path))
  return isId(values[0]) ? JSON.stringify(values.map((value) => value ?? null)) : undefined
}

/** A timestamp inside the body is the time of the attempt, so it is left out. */
function hashOf({ timestamp }: HmacScheme, { payload, content }: DeliveryContent): string {
  const timeKey = timestamp?.body
  const isWithTime = timeKey !== undefined && typeof payload === 'object' && payload !== null
  const hashed = isWithTime ? JSON.stringify({ ...payload, [timeKey]: undefined }) : content
  return createHash('sha256').update(hashed).digest('hex')
}
