/** What identifies a delivery, so that a retry of the sender is the same run (ADR 6). Pure. */
import { createHash } from 'node:crypto'
import type { VerifiedRequest } from '../../core/adapter.ts'
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
  if (scheme.signed?.includes('{id}') === true) return undefined
  const found = typeof key === 'object' && 'body' in key ? valueAtPath(payload, key.body) : undefined
  if (isId(found)) return { deliveryKey: `body-key:${JSON.stringify(found)}` }
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

/** One element of a batch has its own key, or is known by its content together with what identifies the request. */
export function elementIdentity(
  scheme: HmacScheme,
  request: VerifiedRequest,
  element: DeliveryContent,
): DeliveryIdentity | undefined {
  const { deliveryKey, bodyHash } = deliveryIdentity(scheme, request, element) ?? { deliveryKey: request.deliveryKey }
  if (deliveryKey === undefined) return undefined
  const isOwn = deliveryKey.startsWith('body-key:') || deliveryKey.startsWith('body:')
  return { deliveryKey: isOwn ? deliveryKey : `${deliveryKey}:${bodyHash ?? hashOf(scheme, element)}` }
}

const firstHeader = ({ headers }: VerifiedRequest, names: string | readonly string[]): string | undefined =>
  [names]
    .flat()
    .map((name) => headers[name.toLowerCase()])
    .find((value) => value !== undefined)

/** A timestamp inside the body is the time of the attempt, so it is left out. */
function hashOf({ timestamp }: HmacScheme, { payload, content }: DeliveryContent): string {
  const timeKey = timestamp?.body
  const isWithTime = timeKey !== undefined && typeof payload === 'object' && payload !== null
  const hashed = isWithTime ? JSON.stringify({ ...payload, [timeKey]: undefined }) : content
  return createHash('sha256').update(hashed).digest('hex')
}
