/** What an adapter makes of an authenticated delivery. */
import type { HttpReply } from './http-request.ts'
import type { Json } from './json.ts'
import type { Facts, Trigger } from './trigger.ts'

/** An action on an existing run: a button, or a typed `cancel <run>`. The route that started the run decides whether the actor may do it. */
export interface RunAction<Address extends Json = Json> {
  readonly verb: 'cancel' | 'rerun' | 'show' | 'approve' | 'reject'
  /** The run's id, as the sender gave it. */
  readonly run: string
  /** As in a Trigger. */
  readonly event: string
  readonly deliveryId: string
  readonly actor: string
  readonly facts: Facts
  /** The actor's display name, for "cancelled by …". Default: `actor`. */
  readonly actorName?: string
  /** Where a rerun reports, and where `respond` answers. */
  readonly replyAddress: Address | null
}

/** Work that needs the source's tokens, which `receive` does not have. It goes through the queue to `runDeferred`. */
export interface Deferred {
  readonly event: string
  readonly deliveryId: string
  readonly actor: string
  /** The adapter's own format. It passes through the queue, so it holds no secret that lives longer than seconds. */
  readonly work: Json
}

/** One delivery of a batch. `error` is what `translate` would have thrown for it alone. */
export type BatchElement<Address extends Json = Json> =
  | { readonly kind: 'run'; readonly trigger: Trigger<Address> }
  | { readonly kind: 'ignore'; readonly reason: string }
  | { readonly kind: 'error'; readonly error: unknown }

/** The answer to a handshake that no signature protects. */
export interface HandshakeAnswer {
  readonly reply: HttpReply
  /** For the log. */
  readonly reason: string
  /** The sender's secret, for the operator to put into the config. It is logged only in sealed form. */
  readonly secret?: string
}

/** What a delivery turned out to be. "Not for me" is a value, not an exception. */
export type Translation<Address extends Json = Json> =
  | { readonly kind: 'run'; readonly trigger: Trigger<Address> }
  /** The person asks what they may run. */
  | { readonly kind: 'help'; readonly trigger: Trigger<Address> }
  /** The person asks for the latest runs of the tasks that they may run. */
  | { readonly kind: 'recent'; readonly trigger: Trigger<Address> }
  | { readonly kind: 'action'; readonly action: RunAction<Address> }
  | { readonly kind: 'deferred'; readonly deferred: Deferred }
  /** A handshake that needs a fixed reply: `ping`, `ssl_check`. `reason` is for the log. */
  | { readonly kind: 'reply'; readonly reply: HttpReply; readonly reason: string }
  /** A handshake whose reply proves that we know the secret. `replyWith` gets the secret that verified the request. */
  | { readonly kind: 'signed-reply'; readonly replyWith: (secret: string) => HttpReply; readonly reason: string }
  /** Several deliveries in one request. */
  | { readonly kind: 'batch'; readonly elements: readonly BatchElement<Address>[] }
  /** `reason` goes to the log and to the sender. */
  | { readonly kind: 'ignore'; readonly reason: string }
