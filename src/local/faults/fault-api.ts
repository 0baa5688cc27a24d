/** `/_faults` on the server of `taskhook dev`: lists, adds and clears faults. Only programs on this machine can use it. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import * as v from 'valibot'
import { messageOf } from '../../core/errors.ts'
import type { FunctionUrlResult } from '../../core/http/lambda-url.ts'
import { FaultError } from './fault-definition.ts'
import type { FaultInjector } from './fault-injector.ts'
import { pendingFaultText } from './fault-text.ts'
import { type FaultRequest, parseFault, resolveFault } from './parse-fault.ts'

export interface FaultApi {
  readonly faults: FaultInjector
  /** A fault was added, or all were cleared. */
  onChange(text: string): void
}

const path = '/_faults'

/** @returns undefined if the request is for another path */
export function handleFaultRequest(
  request: IncomingMessage,
  body: Buffer,
  api: FaultApi,
): FunctionUrlResult | undefined {
  if (request.url?.split('?', 1)[0] !== path) return undefined
  const denial = denialOf(request)
  if (denial !== undefined) return problem(403, denial)
  switch (request.method) {
    case 'GET':
      return listFaults(api.faults)
    case 'POST':
      return addFault(request.headers, body, api)
    case 'DELETE':
      api.faults.clear()
      api.onChange('all faults cleared')
      return listFaults(api.faults)
    default:
      return problem(405, `${path} accepts GET, POST and DELETE`, { allow: 'GET, POST, DELETE' })
  }
}

/** Why the request is denied; undefined: it comes from a program on this machine. */
function denialOf({ headers, socket }: IncomingMessage): string | undefined {
  if (!/^(::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '')) return 'only this machine can use faults'
  // DNS rebinding: a web page can resolve its own name to 127.0.0.1, and then sends that name as Host.
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(headers.host ?? ''))
    return 'the Host header must be localhost or 127.0.0.1'
  if (headers.origin !== undefined || (headers['sec-fetch-site'] ?? 'none') !== 'none')
    return 'web pages cannot use faults'
  const forwarded = Object.keys(headers).find((name) => name === 'forwarded' || name.startsWith('x-forwarded-'))
  return forwarded === undefined ? undefined : `requests through a proxy cannot use faults (${forwarded})`
}

function addFault(headers: IncomingHttpHeaders, body: Buffer, { faults, onChange }: FaultApi) {
  // Any web page can send a form or plain text without a CORS preflight. It cannot send JSON.
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? ''))
    return problem(415, 'the content type must be application/json')
  try {
    const { fault, times, filter } = parseBody(body)
    faults.inject(fault, times, filter)
    const added = faults.pending().at(-1)
    if (added !== undefined) onChange(`added: ${pendingFaultText(added)}`)
    return listFaults(faults)
  } catch (error) {
    if (error instanceof FaultError) return problem(422, error.message)
    throw error
  }
}

const bodySchema = v.strictObject({
  /** A name, or everything in one string, as `--fault` takes it. */
  fault: v.string(),
  detail: v.optional(v.union([v.string(), v.pipe(v.number(), v.transform(String))])),
  times: v.optional(v.union([v.number(), v.literal('always')])),
  probability: v.optional(v.number()),
})

/** @throws {FaultError} */
function parseBody(body: Buffer): FaultRequest {
  let json: unknown
  try {
    json = JSON.parse(body.toString())
  } catch (error) {
    throw new FaultError(`the body is not JSON: ${messageOf(error)}`)
  }
  const { success, output, issues } = v.safeParse(bodySchema, json)
  if (!success) {
    const [issue] = issues
    throw new FaultError(`${v.getDotPath(issue) ?? 'the body'}: ${issue.message}`)
  }
  const { fault: name, detail, times, probability } = output
  if (/[:@]/.test(name)) {
    if (Object.keys(output).length > 1)
      throw new FaultError('put everything into "fault", or only the name there and the rest into the other keys')
    return parseFault(name)
  }
  return resolveFault({ name, detail, probability, times: times === 'always' ? Number.POSITIVE_INFINITY : times })
}

const listFaults = (faults: FaultInjector): FunctionUrlResult =>
  reply(200, {
    faults: faults.pending().map((pending) => ({
      does: pendingFaultText(pending),
      left: pending.remaining === Number.POSITIVE_INFINITY ? 'always' : pending.remaining,
      struck: pending.injected,
    })),
  })

const problem = (status: number, detail: string, headers = {}): FunctionUrlResult =>
  reply(status, { status, detail }, { ...headers, 'content-type': 'application/problem+json' })

const reply = (statusCode: number, body: object, headers = {}): FunctionUrlResult => ({
  statusCode,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  body: `${JSON.stringify(body, null, 2)}\n`,
})
