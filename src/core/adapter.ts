/**
 * The seam. Core speaks these nouns and knows no sender; an adapter speaks them and knows no AWS.
 *
 * function URL event → HttpRequest → VerifiedRequest → Translation → Trigger → Plan → Run → HttpReply, and later
 * ECS event → Outcome → `acknowledge`. Each rung is made by one function.
 */
import type { Problem } from './errors.ts'
import type { ParamDeclarations, ParamValues } from './model/param.ts'
import type { RunStatus } from './model/run.ts'
import type { Rate } from './model/token-bucket.ts'
import type { Trace } from './model/trace.ts'

/** A delivery as it came in: raw bytes, lower-case header names. Nothing about it is proven. */
export interface HttpRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  /** Names in lower case; a repeated header is one value, joined with ",". */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  /** Scheme and host under which the sender reached us: `https://abc.lambda-url.eu-west-1.on.aws`. */
  readonly origin: string
}

declare const proof: unique symbol

/** A request whose sender is proven. Only `proven` in core/http/signature.ts makes one, so `translate` cannot be handed anything less. */
export interface VerifiedRequest extends HttpRequest {
  readonly [proof]: true
  /**
   * What the sender signed, as a key: the same delivery always has the same one. Never a header that was not signed, where the
   * sender signs anything that tells deliveries apart. Undefined: nothing tells, so every delivery is new.
   */
  readonly deliveryKey: string | undefined
  /** Which of the source's secrets it was; `prove` says so. */
  readonly verifiedWith?: 'current' | 'previous'
}

export interface HttpReply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** What routes can ask about a delivery. An adapter fills in what its sender knows; the rest stays away. */
export interface Facts {
  /** Every name the event goes by, most precise first: `["issues.opened", "issues"]`. */
  readonly events?: readonly string[]
  readonly branch?: string
  readonly tag?: string
  /** The changed files, or `unknown` where the sender's list is capped or absent: then `paths` filters match. */
  readonly paths?: readonly string[] | 'unknown'
  readonly repository?: string
  readonly command?: string
  readonly user?: string
  readonly channel?: string
  /** What the sender says about the user's standing: GitHub's `OWNER`, `MEMBER`, … */
  readonly association?: string
  /** Those of the groups that were asked for (`Question`) in which the user is. */
  readonly groups?: readonly string[]
  /** The change comes from a fork: somebody else's code. */
  readonly fork?: boolean
}

/** What the sender gave for parameters, before any declaration has been looked at. */
export type RawParams =
  /** A command line: `sales depth=3`. */
  | { readonly kind: 'text'; readonly text: string }
  /** Named values. `textual`: all are text (a form), so "3" may stand for 3. */
  | { readonly kind: 'object'; readonly values: Readonly<Record<string, unknown>>; readonly textual: boolean }
  | { readonly kind: 'none' }

/** A delivery in our words: what happened, who did it, and where the answer goes. */
export interface Trigger {
  readonly event: string
  /** The sender's own name for the delivery, for logs. Not proven, so nothing is decided by it. */
  readonly deliveryId: string
  /** Who did it, as the sender calls them: a login, a user id. */
  readonly actor: string
  readonly facts: Facts
  readonly rawParams: RawParams
  /** `event` and `body` of the expressions in `if` and `with`. */
  readonly payload: unknown
  /** What `acknowledge` needs later. Kept in the ledger only. */
  readonly replyAddress: Json
  /** By which the person can be asked something within seconds (`form`). Goes into no ledger. */
  readonly triggerId?: string
  /** The delivery does not say all that routes may ask: where one could take it, the sender is asked first (`enrich`). */
  readonly incomplete?: true
}

/** What the sender must be asked before routes can decide. */
export interface Lookup {
  /** Which files are changed. */
  readonly paths: boolean
  /** In which of these the user is: Slack's user groups, GitHub's teams. */
  readonly groups: readonly string[]
}

/** What the sender answered; what stays away is as it was. */
export interface LookupResult {
  readonly facts?: Facts
  readonly payload?: unknown
  readonly replyAddress?: Json
}

/** Something to be done with a run that is there: a button. The sender is proven; whether it may is a question of the run's route. */
export interface RunAction {
  readonly verb: 'cancel' | 'rerun' | 'show' | 'approve' | 'reject'
  readonly run: string
  /** As in a Trigger. */
  readonly event: string
  readonly deliveryId: string
  readonly actor: string
  readonly facts: Facts
  /** The actor as people call it, for the reason; default: `actor`. */
  readonly name?: string
  /** Where a repetition answers, and what `interject` needs. */
  readonly replyAddress: Json
}

/** Work for `errand`, by way of the queue. */
export interface Deferred {
  readonly event: string
  readonly deliveryId: string
  readonly actor: string
  /** The adapter's own; goes through the queue, so it holds no secret that lives longer than seconds. */
  readonly work: Json
}

/** What a delivery turned out to be. An honest "not for me" is a value, not an exception. */
export type Translation =
  | { readonly kind: 'run'; readonly trigger: Trigger }
  /** The sender asks what it may ask for. */
  | { readonly kind: 'help'; readonly trigger: Trigger }
  /** The sender asks for the last runs of what it may run. */
  | { readonly kind: 'recent'; readonly trigger: Trigger }
  | { readonly kind: 'control'; readonly control: RunAction }
  /** Something that only `start` may find out: it has the source's tokens. */
  | { readonly kind: 'errand'; readonly errand: Deferred }
  /** A handshake that wants certain words back: `ping`, `ssl_check`. */
  | { readonly kind: 'reply'; readonly reply: HttpReply; readonly reason: string }
  | { readonly kind: 'ignore'; readonly reason: string }

/** A run as its sender may see it. */
export interface RunView {
  readonly run: string
  readonly task: string
  readonly status: RunStatus
  readonly params: ParamValues
  readonly statusUrl: string
  readonly createdAt: string
  readonly exitCode?: number
  readonly reason?: string
  readonly startedAt?: string
  readonly stoppedAt?: string
  readonly taskArn?: string
  /** The run that this one repeats. */
  readonly rerunOf?: string
  /** Where it was started, if not where it was to be at first: `on demand: no Spot capacity in 2 subnets`. */
  readonly placed?: string
  /** Where its lines are to be read: CloudWatch's console. */
  readonly logUrl?: string
  /** It waits for somebody of these to say yes, until then. */
  readonly approval?: { readonly from: readonly string[]; readonly until: string }
  /** Who has said yes. */
  readonly approvedBy?: string
  /** What the container has said last. */
  readonly progress?: { readonly percent?: number; readonly message?: string }
  readonly outputs?: Readonly<Record<string, string>>
  readonly links?: readonly { readonly label: string; readonly url: string }[]
  /** For who is told by HTTP; it is not shown. */
  readonly trace?: Trace
}

export interface TaskHelp {
  readonly task: string
  readonly description?: string
  readonly params: ParamDeclarations
}

/** What the bridge has to say to the sender at once. Core words it as JSON; an adapter may word it as its sender wants (`reply`). */
export type Answer =
  /** One run for every route that matched. `fresh` is false where every run was there already (a duplicate delivery). */
  | { readonly kind: 'accepted'; readonly runs: readonly RunView[]; readonly fresh: boolean }
  /** `ofCommand`: a person has typed a command that is known here. */
  | { readonly kind: 'ignored'; readonly reason: string; readonly ofCommand?: true }
  | { readonly kind: 'help'; readonly command: string; readonly tasks: readonly TaskHelp[] }
  | { readonly kind: 'recent'; readonly runs: readonly RunView[] }
  /** The person is being asked for what is missing (`form`). */
  | { readonly kind: 'asked'; readonly command: string; readonly problems: readonly Problem[] }
  /** What was asked for is on its way. */
  | { readonly kind: 'errand' }
  /** The run as it stands now: of a repetition the new one. What was asked for is on its way. */
  | { readonly kind: 'controlled'; readonly verb: RunAction['verb']; readonly by: string; readonly run: RunView }
  /** Verified and understood, and not to be done: wrong parameters, someone who may not. */
  | {
      readonly kind: 'refused'
      readonly status: number
      readonly title: string
      readonly problems: readonly Problem[]
      /** Nothing is wrong with it; it is not to be now. Seconds. */
      readonly retryAfter?: number
      readonly task?: string
      /** Nothing is wrong but that some of these parameters are not given. */
      readonly missing?: TaskHelp
      /** It was a wish about a run that is there. */
      readonly ofControl?: true
    }

/** What an adapter may use when it speaks to its sender. */
export interface SenderTools {
  /** For addresses of the sender's own. */
  readonly fetch: typeof fetch
  /** For addresses that somebody outside chose: https to public hosts only, and no redirects. @throws {Error} for all others */
  readonly fetchPublic: typeof fetch
  /** Milliseconds since the epoch. */
  now(): number
  /** A token that the source's config names (`token`, `botToken`), or undefined where it names none. */
  token(name: string): Promise<string | undefined>
}

/** One source of the config, as its adapter sees it. */
export interface SourceConfig {
  readonly name: string
  readonly adapter: string
  /** Secret references that prove a sender; the first is the current one. */
  readonly secret: readonly string[]
  /** Seconds that a previous version still proves one after its successor was stored. Default: a week. */
  readonly previousSecretFor?: number
  /** Secret references that speak to the sender, by name. */
  readonly tokens: Readonly<Record<string, readonly string[]>>
  /** Those that `receive` has, too, since routes depend on what the sender must be asked. */
  readonly receiveTokens?: readonly string[]
  readonly options: Readonly<Record<string, Json>>
  /** How often new runs may be asked for. */
  readonly limits?: { readonly deliveries?: Rate; readonly perActor?: Rate }
}

/** A source's code: an object literal, no class, no base. */
export interface Adapter {
  /** Nobody but the sender sees the answer, so the link in it may also cancel and repeat the run. */
  readonly repliesPrivately?: true
  /** Signs when a request was made, so one that was recorded is of no use a while later. */
  readonly signsTimestamp?: true
  /** It edits what it has written, so it must not be asked to write twice at a time. */
  readonly editsMessages?: true
  /**
   * Prove the sender.
   * @param secrets plain values, current ones first; never empty
   * @param now milliseconds since the epoch
   * @throws {Unauthorized} and nothing else
   */
  verify(request: HttpRequest, secrets: readonly string[], now: number): VerifiedRequest | Promise<VerifiedRequest>
  /** Pure: no clock, no network. @throws {BadRequest} where the proven body cannot be read */
  translate(request: VerifiedRequest): Translation | Promise<Translation>
  /**
   * Tell the sender where its run stands. Called with the newest status; throwing means: try again later.
   * @param memory what this returned for the same run last time: the message to be edited, what is used up
   * @returns undefined: as it was
   */
  updateStatus(replyAddress: Json, run: RunView, tools: SenderTools, memory?: Json): Promise<Json | undefined>
  /** Where the HTTP body shows nothing to the person (a button, a comment): tell what became of it, at once. Its failing changes nothing. */
  respond?(replyAddress: Json, answer: Answer, tools: SenderTools): Promise<void>
  /** Where the HTTP body itself is the acknowledgment (Slack). Undefined: core's JSON will do. */
  httpReply?(answer: Answer, replyAddress: Json): HttpReply | undefined
  /**
   * Ask the sender what the delivery does not say. Only called where a route depends on it.
   * @throws {Error} where it gives no answer and nothing can be decided without one
   */
  enrich?(
    asking: Pick<Trigger, 'facts' | 'replyAddress'> & Partial<Trigger>,
    question: Lookup,
    tools: SenderTools,
  ): Promise<LookupResult>
  /** The errand that asks the person for the parameters that are missing. Pure. Undefined: it cannot be asked there. */
  askForParams?(trigger: Trigger, task: TaskHelp): Json | undefined
  /** Do an errand of one's own. @returns what is to be done with runs, now that it is known */
  runDeferred?(what: Json, tools: SenderTools): Promise<readonly RunAction[]>
}

export type AdapterFactory = (source: SourceConfig) => Adapter
