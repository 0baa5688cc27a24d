/** How a sender signs and what its deliveries mean, as data. */
import type { SignatureScheme } from '../../core/http/signature-scheme.ts'
import type { Condition } from './condition.ts'
import type { EventNameLocation } from './event-name.ts'
import type { Handshake } from './handshake.ts'

/** Where a sender puts what stays the same in every retry. */
export type DeliveryKey =
  /** The whole body. */
  | 'body'
  /** A key of the signed JSON body, or a path with dots; a list, if only several together differ. The first must be there. */
  | { readonly body: string | readonly string[] }
  /** A header. It is not signed, so it counts only together with the body. If a list, the first that is present. */
  | { readonly header: string | readonly string[] }

export interface HmacScheme extends SignatureScheme {
  /** Another way in which the sender signs: a delivery must be signed in one of them. */
  readonly or?: SignatureScheme
  readonly event?: EventNameLocation
  /** What stays the same in every retry. Without it, and without a signed id, a retry may start a second run. */
  readonly key?: DeliveryKey
  /** The path of a list in the body, of which each element is a delivery of its own. `.`: the body is the list. */
  readonly each?: string
  readonly handshake?: readonly Handshake[]
  /** The status of a success, if the sender does not take 202. */
  readonly accepted?: 200 | 204
  /** Deliveries that start nothing. */
  readonly ignore?: readonly IgnoreRule[]
}

export interface IgnoreRule {
  readonly event?: string
  readonly if?: Condition
  /** Follows "this is": `a ping`. */
  readonly because: string
}
