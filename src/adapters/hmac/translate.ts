import type { Given, Translation, VerifiedRequest } from '../../core/adapter.ts'
import { BadRequest } from '../../core/errors.ts'
import { formOf, isForm, jsonOf, textOf } from '../../core/http.ts'
import type { EventName, HmacScheme } from './schemes.ts'

/** @param source stands in for who did it, which these senders do not say */
export function translate(request: VerifiedRequest, scheme: HmacScheme, source: string): Translation {
  const { payload, given } = bodyOf(request)
  const event = eventOf(scheme.event, request, payload)
  return {
    kind: 'run',
    trigger: {
      event: event ?? 'webhook',
      deliveryId: deliveryIdOf(request, scheme),
      actor: source,
      facts: event === undefined ? {} : { events: [event] },
      given,
      payload,
      answerTo: null,
    },
  }
}

function bodyOf(request: VerifiedRequest): { payload: unknown; given: Given } {
  const text = textOf(request.body)
  if (isForm(request, text)) {
    const form = formOf(text)
    return { payload: form, given: { kind: 'object', values: form, textual: true } }
  }
  if (text.trim() === '') throw new BadRequest('the body is empty; JSON or a form is expected')
  const payload = jsonOf(text)
  const isObject = typeof payload === 'object' && payload !== null && !Array.isArray(payload)
  return {
    payload,
    given: isObject ? { kind: 'object', values: payload as Record<string, unknown>, textual: false } : { kind: 'none' },
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
