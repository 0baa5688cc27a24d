/** Reads values from a payload whose shape is not known. Pure. */
import type { VerifiedRequest } from '../../core/adapter.ts'
import { BadRequest } from '../../core/errors.ts'
import { bodyText, isForm, parseForm, parseJson } from '../../core/http/body.ts'

export type Payload = Readonly<Record<string, unknown>>

/** The body is JSON, or a form with one field: hooks that the REST API creates send forms by default. */
export function parsePayload(request: VerifiedRequest): Payload {
  const body = bodyText(request.body)
  const source = isForm(request, body) ? parseForm(body).payload : body
  if (source === undefined) throw new BadRequest('the form has no field "payload"')
  const payload = parseJson(source)
  if (!isObject(payload) || Array.isArray(payload)) throw new BadRequest('the payload is not a JSON object')
  return payload
}

export const isObject = (value: unknown): value is Payload => typeof value === 'object' && value !== null

/** The value at a path of keys, or undefined. Own keys only. */
export const valueAt = (value: unknown, ...keys: readonly string[]): unknown =>
  keys.reduce<unknown>((inner, key) => (isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined), value)

export const asText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

/** The longest name that is read. Names on GitHub have at most 255 characters. */
const maxNameLength = 1024

/** The name of a branch, a repository or a person. */
export const asName = (value: unknown): string | undefined => {
  const text = asText(value)
  return text !== undefined && text.length <= maxNameLength ? text : undefined
}

export const asInteger = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined

/** The name of a commit: a SHA-1 or SHA-256 in hex. */
export const asCommitSha = (value: unknown): string | undefined =>
  typeof value === 'string' && /^[0-9a-f]{40,64}$/.test(value) ? value : undefined

/** An object with this key, or without it if there is no value. */
export const optional = <const K extends string, const V>(key: K, value: V | undefined): { readonly [P in K]?: V } =>
  (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V }
