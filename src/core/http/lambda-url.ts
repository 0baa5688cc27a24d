/** A function URL event as an HttpRequest, and an HttpReply as its result. Nothing else reads the event. */
import { BadRequest, TaskhookError } from '../errors.ts'
import type { HttpReply, HttpRequest } from '../model/http-request.ts'
import { checkHead } from './http-bounds.ts'

/** Lambda takes 6 MB of request; the same limit holds locally. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const maxBodyBytes = 6 * 1024 * 1024

/** The parts of a function URL event (payload format 2.0) that we read. */
export interface FunctionUrlEvent {
  readonly rawPath?: string
  readonly rawQueryString?: string
  readonly headers?: Readonly<Record<string, string | undefined>>
  readonly body?: string | null
  readonly isBase64Encoded?: boolean
  readonly requestContext?: {
    readonly domainName?: string
    readonly http?: { readonly method?: string; readonly path?: string }
  }
}

export interface FunctionUrlResult {
  readonly statusCode: number
  readonly headers: Record<string, string>
  readonly body: string
}

/** @throws {BadRequest} if the body is not base64 @throws {TaskhookError} if the request exceeds a bound (http-bounds.ts, `maxBodyBytes`) */
export function toHttpRequest(event: FunctionUrlEvent): HttpRequest {
  const path = event.rawPath ?? event.requestContext?.http?.path ?? '/'
  checkHead(path, event.rawQueryString ?? '', event.headers ?? {})
  const headers: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(event.headers ?? {})) {
    if (value !== undefined) headers[name.toLowerCase()] = value
  }
  const body = bytesOf(event)
  if (body.length > maxBodyBytes) throw tooLarge()
  const scheme = headers['x-forwarded-proto'] === 'http' ? 'http' : 'https'
  return {
    method: (event.requestContext?.http?.method ?? 'GET').toUpperCase(),
    path,
    query: new URLSearchParams(event.rawQueryString ?? ''),
    headers,
    body,
    // Not the Host header: the sender chooses that one, and our status links would lead to it.
    origin: `${scheme}://${event.requestContext?.domainName ?? 'localhost'}`,
  }
}

export const tooLarge = (): TaskhookError =>
  new TaskhookError('too-large', `the body is larger than the limit of ${maxBodyBytes} bytes`)

/** Function URLs send everything but JSON and text as base64, forms included. Node's decoder skips invalid characters, so they are checked first. */
function bytesOf(event: FunctionUrlEvent): Uint8Array {
  const body = event.body ?? ''
  if (!event.isBase64Encoded) return Buffer.from(body, 'utf8')
  if (body.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(body)) throw new BadRequest('the body is not base64')
  return Buffer.from(body, 'base64')
}

export const toFunctionUrlResult = (reply: HttpReply): FunctionUrlResult => ({
  statusCode: reply.status,
  headers: { ...reply.headers },
  body: reply.body,
})
