/** A Lambda function URL on this machine: an HTTP request becomes an event of payload format 2.0, its result the HTTP response. */
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

/** Answers requests that are not for the function; undefined: the request is for the function. */
export type LocalHandler = (request: IncomingMessage, body: Buffer) => FunctionUrlResult | undefined

export function createFunctionUrlServer(
  receive: Bridge['receive'],
  localHandler: LocalHandler = () => undefined,
): Server {
  return createServer((request, response) => {
    handle(request, receive, localHandler).then(
      ({ statusCode, headers, body }) => response.writeHead(statusCode, headers).end(body),
      () => response.writeHead(502).end('Internal Server Error'),
    )
  })
}

async function handle(
  request: IncomingMessage,
  receive: Bridge['receive'],
  localHandler: LocalHandler,
): Promise<FunctionUrlResult> {
  const body = await readBody(request)
  if (body === undefined) return toFunctionUrlResult(errorReply(tooLarge()))
  return localHandler(request, body) ?? receive(toFunctionUrlEvent(request, body))
}

/** Undefined if larger than Lambda accepts. It is read to its end all the same: many clients read no response before they have sent it. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size <= maxBodyBytes) chunks.push(chunk)
  }
  return size > maxBodyBytes ? undefined : Buffer.concat(chunks)
}

/** As Lambda does: header names in lower case, repeated headers joined with ",", and base64 for bodies that are neither JSON nor text. */
function toFunctionUrlEvent(request: IncomingMessage, body: Buffer): FunctionUrlEvent {
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
