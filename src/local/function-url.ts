/** What a function URL does: HTTP in, an event of payload format 2.0 to `receive`, its result out. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Bridge } from '../core/bridge.ts'
import { errorReply } from '../core/http/json-reply.ts'
import {
  type FunctionUrlEvent,
  type FunctionUrlResult,
  maxBodyBytes,
  toFunctionUrlResult,
  tooLarge,
} from '../core/http/lambda-url.ts'

/** Answers a request itself that is not for the function; undefined: it is. */
export type Aside = (request: IncomingMessage, body: Buffer) => FunctionUrlResult | undefined

export function createFront(receive: Bridge['receive'], aside: Aside = () => undefined): Server {
  return createServer((request, response) => {
    answer(request, receive, aside).then(
      ({ statusCode, headers, body }) => response.writeHead(statusCode, headers).end(body),
      () => response.writeHead(502).end('Internal Server Error'),
    )
  })
}

async function answer(request: IncomingMessage, receive: Bridge['receive'], aside: Aside): Promise<FunctionUrlResult> {
  const body = await readBody(request)
  if (body === undefined) return toFunctionUrlResult(errorReply(tooLarge()))
  return aside(request, body) ?? receive(eventOf(request, body))
}

/** Undefined: larger than Lambda would take. Read to its end all the same: many clients do not listen before they have sent it all. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= maxBodyBytes) chunks.push(chunk)
  }
  return size > maxBodyBytes ? undefined : Buffer.concat(chunks)
}

/** Lower-case names, repeated headers joined with ",", and base64 for all that is neither JSON nor text: forms come that way. */
export function eventOf(request: IncomingMessage, body: Buffer): FunctionUrlEvent {
  const [rawPath = '/', rawQueryString = ''] = (request.url ?? '/').split('?', 2)
  const headers = Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values]) => [name, values?.join(',')]),
  )
  const type = headers['content-type'] ?? ''
  const isText = /^(application\/json|text\/)/i.test(type) && isUtf8(body)
  return {
    rawPath,
    rawQueryString,
    headers: { ...headers, 'x-forwarded-proto': 'http' },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
    requestContext: { domainName: localAddress(request), http: { method: request.method ?? 'GET', path: rawPath } },
  }
}

const localAddress = ({ socket }: IncomingMessage): string =>
  `${socket.localAddress ?? '127.0.0.1'}:${socket.localPort ?? 0}`

const isUtf8 = (bytes: Buffer): boolean => Buffer.from(bytes.toString('utf8')).equals(bytes)
