/** A delivery as a trigger: the keys of its body are the parameters. Pure. */
import type { RawParams, Translation, VerifiedRequest } from '../../core/adapter.ts'
import { BadRequest } from '../../core/errors.ts'
import { bodyText, isForm, parseForm, parseJson } from '../../core/http/body.ts'
import { takeCallbackUrl } from './callback-url.ts'
import { deliveryIdentity } from './delivery-key.ts'
import { eventNameOf } from './event-name.ts'
import type { ReplyAddress } from './reply-address.ts'
import type { HmacScheme } from './schemes.ts'

export interface TranslateOptions {
  readonly scheme: HmacScheme
  /** Name of the source. It counts as the requester, since these senders do not name one. */
  readonly source: string
  /** Hosts of the `callbackUrl` that a delivery may name. Undefined: it may name none. */
  readonly callbackHosts?: readonly string[] | undefined
}

export function translate(
  request: VerifiedRequest,
  { scheme, source, callbackHosts }: TranslateOptions,
): Translation<ReplyAddress> {
  const { payload, rawParams: all } = parseBody(request)
  const { rawParams, callbackUrl } = takeCallbackUrl(all, callbackHosts)
  const event = eventNameOf(scheme.event, request, payload)
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
      ...deliveryIdentity(scheme, request, payload),
    },
  }
}

function parseBody(request: VerifiedRequest): { readonly payload: unknown; readonly rawParams: RawParams } {
  const text = bodyText(request.body)
  if (isForm(request, text)) {
    const form = parseForm(text)
    return { payload: form, rawParams: { kind: 'object', values: form, textual: true } }
  }
  if (text.trim() === '') throw new BadRequest('the body is empty: send JSON or a form')
  const payload = parseJson(text)
  const rawParams: RawParams = isObject(payload)
    ? { kind: 'object', values: payload, textual: false }
    : { kind: 'none' }
  return { payload, rawParams }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Headers that senders use for the id of a delivery. It is only logged, so it need not be signed. */
const idHeaders = [
  'idempotency-key',
  'x-request-id',
  'x-request-uuid',
  'x-gitea-delivery',
  'x-shopify-webhook-id',
] as const

function deliveryIdOf({ headers }: VerifiedRequest, { id = [] }: HmacScheme): string {
  const values = [...[id].flat(), ...idHeaders].map((name) => headers[name.toLowerCase()])
  return (values.find((value) => value !== undefined) ?? '').slice(0, 100)
}
