/** What a delivery says: the event, the person, the parameters, and where the answer goes. */
import type { Json } from './json.ts'

/** What routes can filter on. An adapter fills in what its sender provides and omits the rest. */
export interface Facts {
  /** Every name of the event, most specific first: `["issues.opened", "issues"]`. */
  readonly events?: readonly string[]
  /** Without `refs/heads/`. */
  readonly branch?: string
  /** If the sender names several branches, all of them; `branch` is then absent. */
  readonly branches?: readonly string[]
  /** Without `refs/tags/`. */
  readonly tag?: string
  /** The changed files. `unknown` where the sender's list is capped or absent: `paths` filters then match, so that no change is missed. */
  readonly paths?: readonly string[] | 'unknown'
  /** `owner/name`. */
  readonly repository?: string
  /** With its slash: `/analyze`. */
  readonly command?: string
  /** The sender's id of the person: a login, a user id. */
  readonly user?: string
  readonly channel?: string
  /** Every id of the sender's workspace, most specific first: Slack's workspace, then its organisation. */
  readonly workspaces?: readonly string[]
  /** The user's relation to the repository: GitHub's `OWNER`, `MEMBER`, … */
  readonly association?: string
  /** The groups of a `Lookup` that the user is a member of. */
  readonly groups?: readonly string[]
  /** The name of the program that caused the event, if it was none of a person. */
  readonly bot?: string
  /** A bot may cause this only on routes that name it in `allow.bots`: bots that answer each other would never stop. */
  readonly botsNeedAllow?: true
  /** Whether the person saw the code that would run when they asked for it. Undefined: the event is about the code itself. */
  readonly seen?: 'yes' | 'changed-later' | 'unknown'
  /** The change comes from a fork, so its author may have no rights in the repository. */
  readonly fork?: boolean
}

/** The parameters as the sender gave them, before they are checked against the task's declarations. */
export type RawParams =
  /** A command line: `sales depth=3`. */
  | { readonly kind: 'text'; readonly text: string }
  /** Named values. `textual`: every value is text (a form), so "3" is accepted for the integer 3. */
  | { readonly kind: 'object'; readonly values: Readonly<Record<string, unknown>>; readonly textual: boolean }
  | { readonly kind: 'none' }

/** A translated delivery that may start runs. */
export interface Trigger<Address extends Json = Json> {
  /** For logs, help and the run's record: `push`, `/analyze`. */
  readonly event: string
  /** The sender's own id of the delivery, for logs. Not authenticated, so nothing is decided by it. */
  readonly deliveryId: string
  /** The sender's id of the requester: a login, a user id. */
  readonly actor: string
  readonly facts: Facts
  readonly rawParams: RawParams
  /** `event` and `body` in the expressions of `if` and `with`. */
  readonly payload: unknown
  /** Where `updateStatus` reports. It is kept in the ledger only. Null: nowhere, the HTTP reply is all that the sender gets. */
  readonly replyAddress: Address | null
  /**
   * Identifies the delivery: a redelivery has the same one. From the signed body, or from a header together with the body. Default: what
   * `verify` found.
   */
  readonly deliveryKey?: string
  /** Where the sender chose the key: the hash of the body that belongs to it. Another body with the same key is refused. */
  readonly bodyHash?: string
  /** Lets `askForParams` ask the person for parameters. It lives for seconds and is never stored in the ledger. */
  readonly triggerId?: string
  /** The delivery lacks facts that a route may need. If a route could match, `enrich` asks the sender for them first. */
  readonly incomplete?: true
}

/** What the sender is asked before routes can decide. */
export interface Lookup {
  /** Whether the changed files are needed. */
  readonly paths: boolean
  /** Groups whose membership is needed: Slack user group ids, GitHub teams as `org/team`. */
  readonly groups: readonly string[]
}

/** What a lookup starts from: a trigger, or an action on a run (which has no payload). */
export type LookupContext<Address extends Json = Json> = Pick<Trigger<Address>, 'facts' | 'replyAddress'> &
  Partial<Pick<Trigger<Address>, 'payload' | 'incomplete'>>

/** The sender's answer to a lookup. An omitted member leaves the trigger's own value. */
export interface LookupResult<Address extends Json = Json> {
  readonly facts?: Facts
  readonly payload?: unknown
  readonly replyAddress?: Address | null
}
