/** The usable value of a stored secret. An error names the reference and never the value. Pure. */
import { TaskhookError } from '../errors.ts'

export class SecretUnavailable extends TaskhookError {
  readonly reference: string

  constructor(reference: string, why: string, cause?: unknown) {
    super('unavailable', `secret ${reference}: ${why}`, { cause })
    this.reference = reference
  }
}

/**
 * @param warn is called if a newline at the end was removed
 * @throws {SecretUnavailable} if there is no value: with an empty secret anyone could sign
 */
export function cleanSecret(reference: string, value: string | undefined, warn: (message: string) => void): string {
  if (value === undefined) throw new SecretUnavailable(reference, 'is not set')
  const trimmed = withoutNewline(value)
  if (trimmed.trim() === '') throw new SecretUnavailable(reference, 'is empty')
  if (trimmed !== value) warn(`secret ${reference} ends in a newline, which was ignored; store it without the newline`)
  return trimmed
}

/** Not by a regular expression: it would try again at every newline of the value. */
export function withoutNewline(value: string): string {
  let end = value.length
  while (end > 0 && '\r\n'.includes(value[end - 1] ?? '')) end--
  return value.slice(0, end)
}

/** The member `key` of a JSON secret; without a key, all of it. @throws {SecretUnavailable} if there is no such member */
export function secretMember(reference: string, text: string | undefined, key: string | undefined): string | undefined {
  if (key === undefined || text === undefined) return text
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    throw new SecretUnavailable(reference, `is not JSON, so it has no key "${key}"`)
  }
  const value =
    typeof parsed === 'object' && parsed !== null && Object.hasOwn(parsed, key) ? Reflect.get(parsed, key) : undefined
  if (typeof value !== 'string') throw new SecretUnavailable(reference, `has no key "${key}" with a text`)
  return value
}
