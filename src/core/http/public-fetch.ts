/**
 * `fetch` for addresses that somebody outside chose. A function in an AWS account reaches more than the internet: 169.254.169.254, the
 * VPC, itself. So: https only, no redirects, and the address that is connected to is the one that was looked at, since a name may lead
 * elsewhere a moment later.
 */
import { lookup as systemLookup } from 'node:dns'
import { request as httpsRequest, type RequestOptions } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { NotPublic } from '../errors.ts'

/**
 * Neither private nor local nor kept for something; an IPv4 address inside an IPv6 one counts as what it is. Of IPv6 only 2000::/3 is
 * given to anybody: https://www.iana.org/assignments/ipv6-address-space
 */
export function isPublicAddress(address: string): boolean {
  if (isIP(address) === 0) return false
  const known = ipaddr.process(address)
  return known.range() === 'unicast' && (known.kind() === 'ipv4' || known.match(anybodys, 3))
}

const anybodys = ipaddr.parse('2000::')

/** Why an address cannot be gone to, as far as its text says; undefined: it may. */
export function whyNotPublic(url: URL): string | undefined {
  if (url.protocol !== 'https:') return 'is not https'
  if (url.username !== '' || url.password !== '') return 'holds a user name'
  const host = url.hostname.replace(/^\[|\]$|\.$/g, '')
  if (isIP(host) !== 0) return isPublicAddress(host) ? undefined : 'leads to a private address'
  // A name without a dot, or of a zone that is nobody's, is only known inside.
  return /\.(?!localhost$|local$|internal$)[^.]+$/.test(host) ? undefined : 'leads to a private host'
}

/** @param lookup of names, as node:dns does it */
export const publicLookup =
  (lookup: typeof systemLookup = systemLookup): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? []
      if (error !== null) return callback(error, '', 0)
      if (first === undefined || addresses.some(({ address }) => !isPublicAddress(address)))
        return callback(new NotPublic('the name leads to a private address'), '', 0)
      return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family)
    })
  }

/** Of an answer that nobody reads more. */
const mostBytes = 64 * 1024

type Connect = Pick<RequestOptions, 'lookup' | 'ca'>

/** @param connect for tests: how names are looked up, whose certificates are believed */
export function createPublicFetch(connect: Connect = {}): typeof fetch {
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : String(input))
    const why = whyNotPublic(url)
    if (why !== undefined) throw new NotPublic(`the address ${why}`)
    return send(url, init, { lookup: publicLookup(), ...connect })
  }
}

function send(url: URL, { method = 'GET', headers, body, signal }: RequestInit, connect: Connect): Promise<Response> {
  return new Promise((resolve, reject) => {
    const options = {
      ...connect,
      method,
      headers: Object.fromEntries(new Headers(headers)),
      // A connection that is kept would be used for whatever the name has meant before.
      agent: false as const,
      ...(signal !== null && signal !== undefined && { signal }),
    }
    const outgoing = httpsRequest(url, options, (incoming) => {
      const chunks: Buffer[] = []
      let size = 0
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > mostBytes) outgoing.destroy(new Error('the answer is too long'))
        else chunks.push(chunk)
      })
      incoming.on('error', reject)
      incoming.on('end', () => {
        const { statusCode = 0 } = incoming
        // A status that is none would be thrown by `Response`, out here where nobody catches it.
        const status = statusCode < 200 || statusCode > 599 ? 502 : statusCode
        resolve(new Response([204, 205, 304].includes(status) ? null : Buffer.concat(chunks), { status }))
      })
    })
    outgoing.on('error', reject)
    // Node closes without an error where it is answered with another protocol. Nobody has asked for one.
    outgoing.on('upgrade', (_incoming, socket) => {
      socket.destroy()
      reject(new Error('the answer is in another protocol'))
    })
    outgoing.end(typeof body === 'string' ? body : undefined)
  })
}
