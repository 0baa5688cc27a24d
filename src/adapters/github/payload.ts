/** Reading a payload of which nothing is taken for granted. Pure. */

import type { VerifiedRequest } from '../../core/adapter.ts'
import { BadRequest } from '../../core/errors.ts'
import { bodyText, isForm, parseForm, parseJson } from '../../core/http/body.ts'

export type Payload = Readonly<Record<string, unknown>>

/** JSON, or the form with one field that hooks made by the REST API send unless told otherwise. */
export function payloadOf(request: VerifiedRequest): Payload {
  const body = bodyText(request.body)
  const form = isForm(request, body)
  const source = form ? parseForm(body).payload : body
  if (source === undefined) throw new BadRequest('the form has no field "payload"')
  const payload = parseJson(source)
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload))
    throw new BadRequest('the payload is not a JSON object')
  return payload as Payload
}

/** A value deep inside, or undefined; own keys only. */
export function at(value: unknown, ...keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key) ? (inner as Payload)[key] : undefined,
    value,
  )
}

export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** Of a branch, a repository, a person. GitHub has none that is longer than 255 characters, so what is longer is none. */
export const name = (value: unknown): string | undefined => {
  const found = text(value)
  return found !== undefined && found.length <= 1024 ? found : undefined
}

export const number = (value: unknown): number | undefined =>
  Number.isSafeInteger(value) ? (value as number) : undefined

/** One key, where there is a value. */
export const defined = <const K extends string, const V>(key: K, value: V | undefined): { readonly [P in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V }
