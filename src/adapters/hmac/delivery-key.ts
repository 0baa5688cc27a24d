/** What identifies a delivery, so that a retry of the sender is the same run (ADR 6). Pure. */
import { createHash } from 'node:crypto'
import type { VerifiedRequest } from '../../core/adapter.ts'
import type { HmacScheme } from './schemes.ts'
import { valueAtPath } from './value-at-path.ts'

/** Whether a scheme says what stays the same in every retry. */
export const isKnownByKey = ({ key, signed }: Pick<HmacScheme, 'key' | 'signed'>): boolean =>
  key !== undefined || signed?.includes('{id}') === true

export interface DeliveryIdentity {
  readonly deliveryKey: string
  /** The sender chose the key, so another delivery may have the same one by mistake: this is the hash of the body it belongs to. */
  readonly bodyHash?: string
}

/**
 * The first of: a signed value of the body, `Idempotency-Key`, a header together with the body, the body.
 * @returns undefined: what `verify` found identifies the delivery (a signed id, or what was signed with its timestamp)
 */
export function deliveryIdentity(
  scheme: HmacScheme,
  request: VerifiedRequest,
  payload: unknown,
): DeliveryIdentity | undefined {
  const { key } = scheme
  if (scheme.signed?.includes('{id}') === true) return undefined
  const found = typeof key === 'object' && 'body' in key ? valueAtPath(payload, key.body) : undefined
  if ((typeof found === 'string' && found !== '') || typeof found === 'number')
    return { deliveryKey: `body-key:${found}` }
  const chosen = request.headers['idempotency-key']
  if (chosen !== undefined)
    return { deliveryKey: `idempotency-key:${chosen}`, bodyHash: hashOf(scheme, request, payload) }
  if (key === undefined) return undefined
  if (typeof key === 'object' && 'header' in key) {
    const value = firstHeader(request, key.header)
    return value === undefined ? undefined : { deliveryKey: `header:${hashOf(scheme, request, payload)}:${value}` }
  }
  return { deliveryKey: `body:${hashOf(scheme, request, payload)}` }
}

const firstHeader = ({ headers }: VerifiedRequest, names: string | readonly string[]): string | undefined =>
  [names]
    .flat()
    .map((name) => headers[name.toLowerCase()])
    .find((value) => value !== undefined)

/** A timestamp inside the body is the time of the attempt, so it is left out. */
function hashOf({ timestamp }: HmacScheme, { body }: VerifiedRequest, payload: unknown): string {
  const timeKey = timestamp?.body
  const isWithTime = timeKey !== undefined && typeof payload === 'object' && payload !== null
  const content = isWithTime ? JSON.stringify({ ...payload, [timeKey]: undefined }) : body
  return createHash('sha256').update(content).digest('hex')
}
