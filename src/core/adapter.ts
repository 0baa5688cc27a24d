/** The interface between core and a sender. Core knows no sender; an adapter knows no AWS. The nouns that both use are in model/. */
import type { Answer, TaskHelp } from './model/answer.ts'
import type { HttpReply, HttpRequest, VerifiedRequest } from './model/http-request.ts'
import type { Json } from './model/json.ts'
import type { RunView } from './model/run-view.ts'
import type { SourceConfig } from './model/source-config.ts'
import type { HandshakeAnswer, RunAction, Translation } from './model/translation.ts'
import type { Lookup, LookupContext, LookupResult, Trigger } from './model/trigger.ts'

export type * from './model/answer.ts'
export type * from './model/http-request.ts'
export type * from './model/json.ts'
export type * from './model/run-view.ts'
export type * from './model/source-config.ts'
export type * from './model/translation.ts'
export type * from './model/trigger.ts'

/** What an adapter may use to talk to its sender. */
export interface SenderTools {
  /** For fixed hosts of the sender's. A call is aborted after 5 seconds. */
  readonly fetch: typeof fetch
  /** For addresses that come from outside: only https to public hosts, and no redirects. @throws {Error} for all others */
  readonly fetchPublic: typeof fetch
  /** Milliseconds since the epoch. */
  now(): number
  /**
   * @param name as in the source's config: `token`, `botToken`
   * @returns undefined: the config sets none, or this function may not read it
   * @throws {TaskhookError} `unavailable` if the secret cannot be read
   */
  token(name: string): Promise<string | undefined>
}

interface AdapterMembers<Address extends Json, Memory extends Json> {
  /** Only the sender sees the HTTP reply, so the link in it may also cancel and rerun the run. */
  readonly repliesPrivately?: true
  /** The sender signs the time of a request, so a recorded request is useless later. */
  readonly signsTimestamp?: true
  /** `updateStatus` edits one message, so core never calls it twice at the same time for the same run. */
  readonly editsMessages?: true
  /**
   * Answers a request by which the sender checks the address before it can sign: a GET, or a POST without a signature. It starts nothing.
   * Pure. @returns undefined: the request is none, and is verified like all others
   */
  handshake?(request: HttpRequest): HandshakeAnswer | undefined
  /** `handshake` answers GET requests too. */
  readonly takesGet?: true
  /**
   * Authenticates the sender.
   * @param secrets plain values, current ones first; never empty
   * @param now milliseconds since the epoch
   * @throws {Unauthorized} and nothing else
   */
  verify(request: HttpRequest, secrets: readonly string[], now: number): VerifiedRequest | Promise<VerifiedRequest>
  /**
   * Says what a delivery means. Pure: no clock, no network.
   * @throws {BadRequest} if the body cannot be read @throws {Unprocessable} if it asks for something that is not possible
   */
  translate(request: VerifiedRequest): Translation<Address> | Promise<Translation<Address>>
  /**
   * Reports a run's current state to the sender. Core calls it after each change and repeats a failed call, up to ten times over hours.
   * @param replyAddress null: the delivery named none
   * @param memory what the last call for this run returned, such as the id of the message to edit
   * @returns what to remember for the next call; undefined keeps the memory as it is
   * @throws {Error} to be called again later
   */
  updateStatus(
    replyAddress: Address | null,
    run: RunView,
    tools: SenderTools,
    memory?: Memory,
  ): Promise<Memory | undefined>
  /** Answers at once where the HTTP reply is not shown to the person (a button, a comment). A failure is logged and changes nothing. */
  respond?(replyAddress: Address | null, answer: Answer, tools: SenderTools): Promise<void>
  /** The HTTP reply in the sender's own format. Undefined: core's JSON. Pure. */
  httpReply?(answer: Answer, replyAddress: Address | null): HttpReply | undefined
  /**
   * Asks the sender for facts that the delivery lacks. Core calls it only if a route depends on them.
   * @throws {Error} if nothing can be decided without the answer. The delivery then fails with a 5xx. If routes have already ignored a
   *   command, and the call only asks who may use it, the failure is logged and changes nothing
   */
  enrich?(context: LookupContext<Address>, lookup: Lookup, tools: SenderTools): Promise<LookupResult<Address>>
  /** Whether a name in `approval.from` is a group, whose members `enrich` looks up, and not a person. Default: any name may be one. Pure. */
  isGroup?(name: string): boolean
  /** The deferred work that asks the person for missing parameters. Pure. @returns undefined: the person cannot be asked */
  askForParams?(trigger: Trigger<Address>, task: TaskHelp): Json | undefined
  /**
   * Does work that `translate` or `askForParams` deferred. The queue may bring it twice.
   * @returns actions to take, each checked against its run's route @throws {Error} to be called again later
   */
  runDeferred?(work: Json, tools: SenderTools): Promise<readonly RunAction<Address>[]>
}

/** `Part`, optional for an adapter that keeps plain `Json`. */
type RequiredUnlessJson<Stored extends Json, Part> = Json extends Stored ? Partial<Part> : Part

interface AddressParser<Address extends Json> {
  /** Reads a stored reply address; earlier versions may have written it. Pure. @returns null: there is none, or it cannot be read */
  parseAddress(stored: Json): Address | null
}

interface MemoryParser<Memory extends Json> {
  /** Reads a stored memory; earlier versions may have written it. Pure. @returns undefined: there is none, or it cannot be read */
  parseMemory(stored: Json): Memory | undefined
}

/**
 * One source's code: the object that an `AdapterFactory` returns for the source's config.
 *
 * `Address` and `Memory` are what the ledger keeps for the adapter as JSON: where a run's state is reported, and what `updateStatus`
 * remembers. An adapter that names a type for one also has the parser for it. Declare them with `type`: TypeScript does not accept an
 * `interface` as `Json`.
 *
 * @example
 * type TicketAddress = { readonly ticket: number }
 *
 * export const helpdesk: AdapterFactory<TicketAddress> = ({ options: { apiUrl } }) => ({
 *   verify: (request, secrets, now) =>
 *     verifySignature({ header: 'x-helpdesk-signature', algorithm: 'sha256', encoding: 'hex' }, request, secrets, now),
 *
 *   translate({ body, headers }) {
 *     const { ticket, label, author } = parseBody(body)
 *     const event = `labeled.${label}`
 *     const facts = { events: [event], user: author }
 *     const deliveryId = headers['x-helpdesk-delivery'] ?? ''
 *     const about = { event, deliveryId, actor: author, facts, payload: { ticket, label, author } }
 *     return { kind: 'run', trigger: { ...about, rawParams: { kind: 'none' }, replyAddress: { ticket } } }
 *   },
 *
 *   parseAddress: (stored) =>
 *     stored instanceof Object && 'ticket' in stored && typeof stored.ticket === 'number'
 *       ? { ticket: stored.ticket }
 *       : null,
 *
 *   async updateStatus(address, run, tools) {
 *     if (address === null) return undefined
 *     const response = await tools.fetch(`${apiUrl}/tickets/${address.ticket}/notes`, {
 *       method: 'POST',
 *       headers: { authorization: `Bearer ${await tools.token('token')}`, 'content-type': 'application/json' },
 *       body: JSON.stringify({ text: `${run.task} is ${run.status}: ${run.statusUrl}` }),
 *     })
 *     if (!response.ok) throw new Error(`the help desk answered ${response.status}`)
 *     return undefined
 *   },
 * })
 *
 * function parseBody(body: Uint8Array) {
 *   try {
 *     const { ticket, label, author }: Record<string, unknown> = JSON.parse(Buffer.from(body).toString())
 *     if (typeof ticket === 'number' && typeof label === 'string' && typeof author === 'string')
 *       return { ticket, label, author }
 *   } catch (cause) {
 *     throw new BadRequest('the body is not a JSON object', cause)
 *   }
 *   throw new BadRequest('the body must have a ticket, a label and an author')
 * }
 */
export type Adapter<Address extends Json = Json, Memory extends Json = Json> = AdapterMembers<Address, Memory> &
  RequiredUnlessJson<Address, AddressParser<Address>> &
  RequiredUnlessJson<Memory, MemoryParser<Memory>>

export type AdapterFactory<Address extends Json = Json, Memory extends Json = Json> = (
  source: SourceConfig,
) => Adapter<Address, Memory>
