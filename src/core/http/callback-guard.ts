/**
 * `fetch` for URLs that somebody outside chose. A function in an AWS account reaches more than the internet: 169.254.169.254, the VPC,
 * itself. So it uses https only, calls public addresses only, and follows no redirect.
 */
import type { IncomingMessage } from 'node:http'
import { request as httpsRequest, type RequestOptions } from 'node:https'
import { NotPublic } from '../errors.ts'
import { isPublicAddress } from './public-address.ts'
import { publicLookup } from './public-lookup.ts'
import { whyNotCallable } from './url-checks.ts'

/** Of a response body, in bytes. Callers read its status only. */
const maxBytes = 64 * 1024

type Connect = Pick<RequestOptions, 'lookup' | 'ca'>

/** @param connect for tests: how names are resolved, and which certificates are trusted */
export function createPublicFetch(connect: Connect = {}): typeof fetch {
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : String(input))
    const why = whyNotCallable(url, isPublicAddress)
    if (why !== undefined) throw new NotPublic(`the URL ${why}`)
    return send(url, init, { lookup: publicLookup(), ...connect })
  }
}

function send(url: URL, { method = 'GET', headers, body, signal }: RequestInit, connect: Connect): Promise<Response> {
  return new Promise((resolve, reject) => {
    const options = {
      ...connect,
      method,
      headers: Object.fromEntries(new Headers(headers)),
      // A connection that is kept open would use the address that the name had before.
      agent: false as const,
      ...(signal !== null && signal !== undefined && { signal }),
    }
    const outgoing = httpsRequest(url, options, (incoming) => {
      readBody(incoming, (error) => outgoing.destroy(error))
        .then((bytes) => responseOf(incoming.statusCode, bytes))
        .then(resolve, reject)
    })
    outgoing.on('error', reject)
    // Node closes the connection without an error if the server switches to another protocol.
    outgoing.on('upgrade', (_incoming, socket) => {
      socket.destroy()
      reject(new Error('the server switched to another protocol'))
    })
    outgoing.end(typeof body === 'string' ? body : undefined)
  })
}

/** @param stop ends the request with an error. Called if the body is too long */
function readBody(incoming: IncomingMessage, stop: (error: Error) => void): Promise<Buffer<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > maxBytes) stop(new Error('the response is too long'))
      else chunks.push(chunk)
    })
    incoming.on('error', reject)
    incoming.on('end', () => resolve(Buffer.concat(chunks)))
  })
}

/** `Response` throws on a status that does not exist, so that becomes a 502, and on a body where none is allowed. */
function responseOf(statusCode = 0, bytes: Buffer<ArrayBuffer>): Response {
  const status = statusCode < 200 || statusCode > 599 ? 502 : statusCode
  return new Response([204, 205, 304].includes(status) ? null : bytes, { status })
}
