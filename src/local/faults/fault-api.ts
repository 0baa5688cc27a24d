/**
 * `/_faults` on the server of `taskhook dev`: what waits, one more, none. Only for programs of this machine: a web page, and whoever
 * comes through a tunnel, must not reach it.
 */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import * as v from 'valibot'
import { messageOf } from '../../core/errors.ts'
import type { FunctionUrlResult } from '../../core/http/lambda-url.ts'
import { FaultError } from './fault-definition.ts'
import type { Faults } from './fault-injector.ts'
import { waitingText } from './fault-text.ts'
import { type Asked, ask, parseFault } from './parse-fault.ts'

export interface FaultControl {
  readonly faults: Faults
  /** Told what was asked for. */
  onChange(text: string): void
}

const path = '/_faults'

export function controlFaults(request: IncomingMessage, body: Buffer, control: FaultControl) {
  if (request.url?.split('?', 1)[0] !== path) return undefined
  const stranger = strangenessOf(request)
  if (stranger !== undefined) return problem(403, stranger)
  switch (request.method) {
    case 'GET':
      return view(control.faults)
    case 'POST':
      return add(request.headers, body, control)
    case 'DELETE':
      control.faults.clear()
      control.onChange('no fault any more')
      return view(control.faults)
    default:
      return problem(405, `${path} takes GET, POST and DELETE`, { allow: 'GET, POST, DELETE' })
  }
}

/** Why somebody may not; undefined: it is a program of this machine. */
function strangenessOf({ headers, socket }: IncomingMessage): string | undefined {
  if (!/^(::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '')) return 'faults are for this machine alone'
  // A page can have a name of its own lead to 127.0.0.1; what it then sends bears that name.
  if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(headers.host ?? ''))
    return 'the Host header must be a local one'
  if (headers.origin !== undefined || (headers['sec-fetch-site'] ?? 'none') !== 'none')
    return 'faults are not for web pages'
  const forwarded = Object.keys(headers).find((name) => name === 'forwarded' || name.startsWith('x-forwarded-'))
  return forwarded === undefined ? undefined : `faults are not for whoever comes through a proxy (${forwarded})`
}

function add(headers: IncomingHttpHeaders, body: Buffer, { faults, onChange }: FaultControl) {
  // A form or a plain text can be sent by any web page without asking; JSON cannot.
  if (!/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? ''))
    return problem(415, 'the content type must be application/json')
  try {
    const { fault, times, when } = askedIn(body)
    faults.next(fault, times, when)
    const added = faults.list().at(-1)
    if (added !== undefined) onChange(`waits: ${waitingText(added)}`)
    return view(faults)
  } catch (error) {
    if (error instanceof FaultError) return problem(422, error.message)
    throw error
  }
}

const input = v.strictObject({
  /** A name, or all of it as `--fault` takes it. */
  fault: v.string(),
  detail: v.optional(v.union([v.string(), v.pipe(v.number(), v.transform(String))])),
  times: v.optional(v.union([v.number(), v.literal('always')])),
  probability: v.optional(v.number()),
})

/** @throws {FaultError} */
function askedIn(body: Buffer): Asked {
  let json: unknown
  try {
    json = JSON.parse(body.toString())
  } catch (error) {
    throw new FaultError(`the body is no JSON: ${messageOf(error)}`)
  }
  const { success, output, issues } = v.safeParse(input, json)
  if (!success) {
    const [issue] = issues
    throw new FaultError(`${v.getDotPath(issue) ?? 'the body'}: ${issue.message}`)
  }
  const { fault: name, detail, times, probability } = output
  if (/[:@]/.test(name)) {
    if (Object.keys(output).length > 1)
      throw new FaultError('say it all in "fault", or a name there and the rest beside')
    return parseFault(name)
  }
  return ask({ name, detail, probability, times: times === 'always' ? Number.POSITIVE_INFINITY : times })
}

const view = (faults: Faults): FunctionUrlResult =>
  reply(200, {
    faults: faults.list().map((waiting) => ({
      does: waitingText(waiting),
      left: waiting.left === Number.POSITIVE_INFINITY ? 'always' : waiting.left,
      struck: waiting.struck,
    })),
  })

const problem = (status: number, detail: string, headers = {}): FunctionUrlResult =>
  reply(status, { status, detail }, { ...headers, 'content-type': 'application/problem+json' })

const reply = (statusCode: number, body: object, headers = {}): FunctionUrlResult => ({
  statusCode,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
  body: `${JSON.stringify(body, null, 2)}\n`,
})
