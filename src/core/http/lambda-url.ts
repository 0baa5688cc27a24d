/** AWS event ↔ HttpRequest / HttpReply. After `toHttpRequest` nobody looks at the event again. */
import type { Answer, HttpReply, HttpRequest, RunView } from '../adapter.ts'
import { BadRequest, httpStatusOf, isPublic, type Problem, TaskhookError } from '../errors.ts'
import { checkForm, checkHead, checkJson } from './http-bounds.ts'

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

/** @throws {TaskhookError} `bad-request` where the event holds no readable body; what is over a bound (bounds.ts, `maxBodyBytes`) */
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
    // Not the Host header: a sender could choose that one, and it would choose where our status links lead.
    origin: `${scheme}://${event.requestContext?.domainName ?? 'localhost'}`,
  }
}

export const tooLarge = (): TaskhookError =>
  new TaskhookError('too-large', `the body is larger than the ${maxBodyBytes} bytes that are taken`)

/** Function URLs hand everything but JSON and text over in base64, forms included. Node's decoder skips what is not base64, so look first. */
function bytesOf(event: FunctionUrlEvent): Uint8Array {
  const body = event.body ?? ''
  if (!event.isBase64Encoded) return Buffer.from(body, 'utf8')
  if (body.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(body)) throw new BadRequest('the body is not base64')
  return Buffer.from(body, 'base64')
}

/** @throws {BadRequest} where the bytes are not UTF-8 */
export function bodyText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new BadRequest('the body is not valid UTF-8', cause)
  }
}

/** @throws {BadRequest} where the text is not JSON, or nested too deep @throws {TaskhookError} `too-large` */
export function parseJson(text: string): unknown {
  checkJson(text)
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new BadRequest('the body is not valid JSON', cause)
  }
}

/**
 * A form body, field by field; of a repeated field the first counts.
 * @throws {BadRequest} where an escape is broken: `URLSearchParams` alone would let `%zz` and `%FF` through as other text
 * @throws {TaskhookError} `too-large`
 */
export function parseForm(text: string): Readonly<Record<string, string>> {
  checkForm(text)
  const fields: Record<string, string> = Object.create(null)
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const at = pair.indexOf('=')
    const name = unescapeForm(at < 0 ? pair : pair.slice(0, at))
    fields[name] ??= at < 0 ? '' : unescapeForm(pair.slice(at + 1))
  }
  return fields
}

function unescapeForm(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch (cause) {
    throw new BadRequest('the body is not a valid form: a "%" escape is broken', cause)
  }
}

/**
 * Whether a proven body is a form. The content type is not signed, so the bytes have a say: text that begins like JSON never is one.
 * Else a "&dataset=x" in a signed JSON text would become a field by a change of the header.
 */
export const isForm = (request: Pick<HttpRequest, 'headers'>, text: string): boolean =>
  mediaTypeOf(request) === 'application/x-www-form-urlencoded' && !/^\s*[{["]/.test(text)

/** The media type without its parameters: `application/json` of `application/json; charset=utf-8`. */
export const mediaTypeOf = (request: Pick<HttpRequest, 'headers'>): string =>
  (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''

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
  413: 'Content Too Large',
  414: 'URI Too Long',
  410: 'Gone',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

/** RFC 9457. */
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

/** Anything thrown, as the sender may see it. */
export function errorReply(error: unknown): HttpReply {
  if (!(error instanceof TaskhookError)) return problemReply(500, 'taskhook failed; its log says why')
  const status = httpStatusOf[error.code]
  const detail = isPublic(error.code) ? error.message : 'taskhook failed; its log says why'
  return problemReply(status, detail, error.problems, error.retryAfter)
}

/** What the sender of a delivery is told where its adapter has no words of its own. */
export function answerReply(answer: Answer): HttpReply {
  switch (answer.kind) {
    case 'accepted': {
      const [first, ...rest] = answer.runs.map(runBody)
      return json(answer.fresh ? 202 : 200, rest.length > 0 ? { ...first, runs: [first, ...rest] } : first)
    }
    case 'ignored':
      return json(200, { status: 'ignored', reason: answer.reason })
    case 'help':
      return json(200, { status: 'help', tasks: answer.tasks })
    case 'params-requested':
      return problemReply(httpStatusOf.unprocessable, 'parameters are missing', answer.problems)
    case 'deferred':
      return json(202, { status: 'accepted' })
    case 'recent':
      return json(200, { runs: answer.runs.map(runBody) })
    case 'action':
      return json(200, runBody(answer.run))
    case 'refused':
      return problemReply(answer.status, answer.title, answer.problems, answer.retryAfter)
  }
}

/** The keys that scripts hold on to. */
export const runBody = (run: RunView): Record<string, unknown> => ({
  run: run.run,
  task: run.task,
  status: run.status,
  statusUrl: run.statusUrl,
  params: run.params,
  createdAt: run.createdAt,
  exitCode: run.exitCode,
  reason: run.reason,
  startedAt: run.startedAt,
  stoppedAt: run.stoppedAt,
  taskArn: run.taskArn,
  rerunOf: run.rerunOf,
  placed: run.placed,
  logUrl: run.logUrl,
  approval: run.approval,
  approvedBy: run.approvedBy,
  progress: run.progress,
  outputs: run.outputs,
  links: run.links,
})

export const toFunctionUrlResult = (reply: HttpReply): FunctionUrlResult => ({
  statusCode: reply.status,
  headers: { ...reply.headers },
  body: reply.body,
})
