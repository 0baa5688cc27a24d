/** JSON replies, and errors as problem details. https://www.rfc-editor.org/rfc/rfc9457 */
import { type Problem, toPublicError } from '../errors.ts'
import type { HttpReply } from '../model/http-request.ts'

export const json = (status: number, body: unknown, type = 'application/json'): HttpReply => ({
  status,
  headers: { 'content-type': type, 'cache-control': 'no-store' },
  body: JSON.stringify(body),
})

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  410: 'Gone',
  413: 'Content Too Large',
  414: 'URI Too Long',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

/** @param retryAfter seconds */
export function problemReply(
  status: number,
  detail: string,
  problems: readonly Problem[] = [],
  retryAfter?: number,
): HttpReply {
  const body = { type: 'about:blank', title: titles[status] ?? 'Error', status, detail }
  const reply = json(status, problems.length > 0 ? { ...body, problems } : body, 'application/problem+json')
  return retryAfter === undefined
    ? reply
    : { ...reply, headers: { ...reply.headers, 'retry-after': String(retryAfter) } }
}

/** The reply to a request that failed before an answer was known. */
export function errorReply(error: unknown): HttpReply {
  const { status, text, problems, retryAfter, allow } = toPublicError(error)
  const reply = problemReply(status, text, problems, retryAfter)
  return allow === undefined ? reply : { ...reply, headers: { ...reply.headers, allow } }
}
