import type { RawParams, Translation, VerifiedRequest } from '../../core/adapter.ts'
import { BadRequest, Unprocessable } from '../../core/errors.ts'
import { bodyText, isForm, parseForm, parseJson } from '../../core/http/body.ts'
import type { EventName, HmacScheme } from './schemes.ts'
import { isOnHosts, whyNotCalled } from './update-status.ts'

/**
 * @param source stands in for who did it, which these senders do not say
 * @param hosts on which a delivery may ask to be called back; undefined: it may not ask
 */
export function translate(
  request: VerifiedRequest,
  scheme: HmacScheme,
  source: string,
  hosts?: readonly string[],
): Translation {
  const body = bodyOf(request)
  const { payload } = body
  const { rawParams, callbackUrl } =
    hosts === undefined ? { rawParams: body.rawParams } : withoutCallback(body.rawParams, hosts)
  const event = eventOf(scheme.event, request, payload)
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
    },
  }
}

/** It is no parameter. @throws {Unprocessable} where it leads to where nobody is called */
function withoutCallback(
  rawParams: RawParams,
  hosts: readonly string[],
): { rawParams: RawParams; callbackUrl?: string } {
  if (rawParams.kind !== 'object' || rawParams.values.callbackUrl === undefined) return { rawParams }
  const { callbackUrl, ...values } = rawParams.values
  const url = typeof callbackUrl === 'string' && callbackUrl.length <= 2000 ? URL.parse(callbackUrl) : null
  const why =
    url === null
      ? 'is not a URL'
      : (whyNotCalled(url) ?? (isOnHosts(url, hosts) ? undefined : 'is on a host that is not allowed'))
  if (url === null || why !== undefined)
    throw new Unprocessable('nobody can be called back there', [{ path: 'callbackUrl', message: why ?? '' }])
  return { rawParams: { ...rawParams, values }, callbackUrl: url.href }
}

function bodyOf(request: VerifiedRequest): { payload: unknown; rawParams: RawParams } {
  const text = bodyText(request.body)
  if (isForm(request, text)) {
    const form = parseForm(text)
    return { payload: form, rawParams: { kind: 'object', values: form, textual: true } }
  }
  if (text.trim() === '') throw new BadRequest('the body is empty; JSON or a form is expected')
  const payload = parseJson(text)
  const isObject = typeof payload === 'object' && payload !== null && !Array.isArray(payload)
  return {
    payload,
    rawParams: isObject
      ? { kind: 'object', values: payload as Record<string, unknown>, textual: false }
      : { kind: 'none' },
  }
}

function eventOf(name: EventName | undefined, request: VerifiedRequest, payload: unknown): string | undefined {
  const found =
    name?.body !== undefined ? deep(payload, name.body.split('.')) : request.headers[name?.header?.toLowerCase() ?? '']
  return typeof found === 'string' && /^[\x20-\x7e]{1,100}$/.test(found) ? found : undefined
}

const deep = (value: unknown, keys: readonly string[]): unknown =>
  keys.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<string, unknown>)[key]
        : undefined,
    value,
  )

/** For logs only, so whatever header looks like a name for the delivery will do. */
function deliveryIdOf({ headers }: VerifiedRequest, scheme: HmacScheme): string {
  const names = [
    ...[scheme.id ?? []].flat(),
    'idempotency-key',
    'x-request-id',
    'x-request-uuid',
    'x-gitea-delivery',
    'x-shopify-webhook-id',
  ]
  return (names.map((name) => headers[name.toLowerCase()]).find((value) => value !== undefined) ?? '').slice(0, 100)
}
