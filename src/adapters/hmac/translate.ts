/** A delivery as a trigger: the keys of its body are the parameters. Pure. */
import type { BatchElement, RawParams, Translation, VerifiedRequest } from '../../core/adapter.ts'
import { BadRequest } from '../../core/errors.ts'
import { bodyText, isForm, parseForm, parseJson } from '../../core/http/body.ts'
import { takeCallbackUrl } from './callback-url.ts'
import { holds } from './condition.ts'
import { type DeliveryContent, type DeliveryIdentity, deliveryIdentity, elementIdentity } from './delivery-key.ts'
import { eventNameOf } from './event-name.ts'
import { firstHeader } from './first-header.ts'
import { signedHandshake } from './handshake.ts'
import type { HmacScheme } from './hmac-scheme.ts'
import type { ReplyAddress } from './reply-address.ts'
import { valueAtPath } from './value-at-path.ts'

export interface TranslateOptions {
  readonly scheme: HmacScheme
  /** Name of the source. It counts as the requester, since these senders do not name one. */
  readonly source: string
  /** Hosts of the `callbackUrl` that a delivery may name. Undefined: it may name none. */
  readonly callbackHosts?: readonly string[] | undefined
}

export function translate(request: VerifiedRequest, options: TranslateOptions): Translation<ReplyAddress> {
  const { scheme } = options
  const body = parseBody(request, scheme)
  const handshake = signedHandshake(scheme.handshake ?? [], body.payload)
  if (handshake !== undefined) return handshake
  if (scheme.each === undefined) return translateOne(request, options, body, deliveryIdentity)
  const seen = new Map<string, number>()
  const elements = elementsOf(body.payload, scheme.each).map((one) => {
    const content = JSON.stringify(one)
    const nth = seen.get(content) ?? 0
    seen.set(content, nth + 1)
    return element(request, options, { payload: one, content, nth })
  })
  return { kind: 'batch', elements }
}

/** A delivery, or one element of a batch. */
interface DeliveryBody extends DeliveryContent {
  readonly rawParams: RawParams
}

function translateOne(
  request: VerifiedRequest,
  { scheme, source, callbackHosts }: TranslateOptions,
  { payload, content, rawParams: all }: DeliveryBody,
  identify: (scheme: HmacScheme, request: VerifiedRequest, of: DeliveryContent) => DeliveryIdentity | undefined,
): Extract<Translation<ReplyAddress>, { kind: 'run' | 'ignore' }> {
  const event = eventNameOf(scheme.event, request, payload)
  const ignored = (scheme.ignore ?? []).find(
    (rule) => (rule.event === undefined || rule.event === event) && (rule.if === undefined || holds(rule.if, payload)),
  )
  if (ignored !== undefined) return { kind: 'ignore', reason: `this is ${ignored.because}, which starts nothing` }
  const { rawParams, callbackUrl } = takeCallbackUrl(all, callbackHosts)
  return {
    kind: 'run',
    trigger: {
      event: event ?? 'webhook',
      deliveryId: deliveryIdOf(request, scheme),
      actor: source,
      facts: event === undefined ? {} : { events: [event] },
      rawParams,
      payload,
      replyAddress: callbackUrl === undefined ? null : { callbackUrl },
      ...identify(scheme, request, { payload, content }),
    },
  }
}

/** GoCardless sends up to 250 events in one request. */
export const maxElements = 500

function elementsOf(payload: unknown, path: string): readonly unknown[] {
  const found = path === '.' ? payload : valueAtPath(payload, path)
  const what = path === '.' ? 'the body' : `"${path}" in the body`
  if (!Array.isArray(found)) throw new BadRequest(`${what} must be a list, of which each element is a delivery`)
  if (found.length > maxElements)
    throw new BadRequest(`${what} has ${found.length} elements; at most ${maxElements} are accepted`)
  return found
}

/** The error of one element does not stop the others. @param nth how many equal elements come before it */
function element(
  request: VerifiedRequest,
  options: TranslateOptions,
  { payload, content, nth }: DeliveryContent & { readonly nth: number },
): BatchElement<ReplyAddress> {
  const rawParams: RawParams = isObject(payload)
    ? { kind: 'object', values: payload, textual: false }
    : { kind: 'none' }
  try {
    if (!isObject(payload)) throw new BadRequest('an element of a batch must be an object')
    return translateOne(request, options, { payload, content, rawParams }, (...of) => elementIdentity(...of, nth))
  } catch (error) {
    return { kind: 'error', error }
  }
}

function parseBody(request: VerifiedRequest, { formField = 'payload' }: HmacScheme): DeliveryBody {
  const text = bodyText(request.body)
  if (!isForm(request, text)) return parsedJson(text)
  const form = parseForm(text)
  const { [formField]: payload, ...others } = form
  // GitHub and Gitea put the JSON into the only field of a form, which GitHub's API does by default.
  if (payload?.trimStart().startsWith('{') === true && Object.keys(others).length === 0) return parsedJson(payload)
  return { payload: form, content: request.body, rawParams: { kind: 'object', values: form, textual: true } }
}

function parsedJson(content: string): DeliveryBody {
  if (content.trim() === '') throw new BadRequest('the body is empty: send JSON or a form')
  const payload = parseJson(content)
  const rawParams: RawParams = isObject(payload)
    ? { kind: 'object', values: payload, textual: false }
    : { kind: 'none' }
  return { payload, content, rawParams }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The id that the sender gave the delivery. It is only logged, so it need not be signed. */
function deliveryIdOf(request: VerifiedRequest, { id = [], or: other, key }: HmacScheme): string {
  const inKey = typeof key === 'object' && 'header' in key ? [key.header].flat() : []
  const names = [...[id].flat(), ...[other?.id ?? []].flat(), ...inKey, 'idempotency-key', 'x-request-id']
  return (firstHeader(request, names) ?? '').slice(0, 100)
}
