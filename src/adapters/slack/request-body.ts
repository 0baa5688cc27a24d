/** The body of a verified request as an object. Pure. */
import type { VerifiedRequest } from '../../core/adapter.ts'
import { BadRequest } from '../../core/errors.ts'
import { bodyText, parseForm, parseJson } from '../../core/http/body.ts'

export type RequestBody = Readonly<Record<string, unknown>>

/**
 * Commands are forms, interactions are JSON in the form field `payload`, and events are JSON.
 * @throws {BadRequest} if it is none of these
 */
export function readBody(request: VerifiedRequest): RequestBody {
  const text = bodyText(request.body)
  // The content type is not signed, so the bytes decide: no form of Slack's begins like JSON.
  if (/^\s*[{[]/.test(text)) return readObject(text)
  const form = parseForm(text)
  return form.payload === undefined ? form : readObject(form.payload)
}

function readObject(text: string): RequestBody {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadRequest('the body is not a JSON object')
  return { ...value }
}
