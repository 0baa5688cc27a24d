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
  /** `reason` goes to the log and to the sender. */
  | { readonly kind: 'ignore'; readonly reason: string }
