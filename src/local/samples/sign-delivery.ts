/** Signs deliveries as senders do, for `taskhook send` and the demo. It shares no code with the verification. */
import { createHmac, randomUUID } from 'node:crypto'
import type { HmacScheme } from '../../adapters/hmac/hmac-scheme.ts'
import { schemeOf } from '../../adapters/hmac/schemes.ts'
import type { SourceConfig } from '../../core/adapter.ts'

export interface SignedDelivery {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface UnsignedDelivery {
  readonly body: string
  readonly contentType: string
  /** GitHub: the name of the event. */
  readonly event?: string
  /** The address that it is sent to, for senders that sign it. */
  readonly url?: string
}

/**
 * @param secret its value, not a reference
 * @param now milliseconds since the epoch
 * @throws {Error} for an adapter that is not built in
 */
export function signDelivery(
  source: SourceConfig,
  secret: string,
  unsigned: UnsignedDelivery,
  now: number,
): SignedDelivery {
  const { body, contentType } = unsigned
  const headers = { 'content-type': contentType, ...signatureHeaders(source, secret, unsigned, now) }
  return { headers, body }
}

function signatureHeaders(
  source: SourceConfig,
  secret: string,
  { body, event = 'push', url = '' }: UnsignedDelivery,
  now: number,
): Record<string, string> {
  const seconds = String(Math.floor(now / 1000))
  const hex = (text: string): string => createHmac('sha256', secret).update(text).digest('hex')
  switch (source.adapter) {
    case 'github':
      return {
        'x-github-event': event,
        'x-github-delivery': randomUUID(),
        'user-agent': 'GitHub-Hookshot/taskhook',
        'x-hub-signature-256': `sha256=${hex(body)}`,
      }
    case 'slack':
      return { 'x-slack-request-timestamp': seconds, 'x-slack-signature': `v0=${hex(`v0:${seconds}:${body}`)}` }
    case 'hmac': {
      const scheme = schemeOf(source.options)
      const { publicUrl = url } = source.options
      const id = `msg_${randomUUID().replaceAll('-', '')}`
      return schemeHeaders(scheme, secret, { time: timeOf(scheme, now), id, body, url: String(publicUrl) })
    }
    default:
      throw new Error(`taskhook cannot sign deliveries for the adapter "${source.adapter}"`)
  }
}

const first = (names: string | readonly string[]): string => [names].flat()[0] ?? ''

/** What the placeholders of a scheme stand for in one request. */
interface Placeholders {
  readonly time: string
  readonly id: string
  readonly body: string
  readonly url: string
}

function schemeHeaders(scheme: HmacScheme, secret: string, values: Placeholders): Record<string, string> {
  const { timestamp, prefix = '', separator = ',', key } = scheme
  const { time, id } = values
  const signature = `${prefix}${signatureOf(scheme, secret, signedText(scheme, values))}`
  return {
    [first(scheme.header)]:
      timestamp?.part === undefined ? signature : `${timestamp.part}${time}${separator}${signature}`,
    ...(timestamp?.header !== undefined && { [first(timestamp.header)]: time }),
    ...(scheme.id !== undefined && { [first(scheme.id)]: id }),
    ...(typeof key === 'object' && 'header' in key && { [first(key.header)]: id }),
    ...Object.fromEntries(headersIn(scheme).map((name) => [name, headerValue])),
  }
}

/** The value of the other headers that a scheme signs. */
const headerValue = 'taskhook'
const headersIn = ({ signed = '' }: HmacScheme): readonly string[] =>
  [...signed.matchAll(/\{header:([^{}]+)\}/g)].map(([, name = '']) => name.toLowerCase())

const signedText = ({ signed = '{body}' }: HmacScheme, { time, id, body, url }: Placeholders): string =>
  signed
    .replaceAll('{timestamp}', time)
    .replaceAll('{id}', id)
    .replaceAll('{method}', 'POST')
    .replaceAll('{url}', () => url)
    .replaceAll('{path}', () => url.replace(/^[a-z]+:\/\/[^/]*/, ''))
    .replaceAll(/\{header:[^{}]+\}/g, headerValue)
    .replace('{body}', () => body)

/** The time of a request as the scheme writes it. @param now milliseconds since the epoch */
function timeOf({ timestamp }: HmacScheme, now: number): string {
  if (timestamp?.unit === 'date') return new Date(now).toISOString()
  return String(Math.floor(timestamp?.unit === 'ms' ? now : now / 1000))
}

function signatureOf(scheme: HmacScheme, secret: string, signed: string): string {
  const { algorithm, encoding } = scheme
  if (algorithm === 'token') return secret
  if (algorithm === 'ed25519')
    throw new Error(
      'taskhook has the public key of this sender only, and cannot sign in its place; try "taskhook explain"',
    )
  return createHmac(algorithm, keyOf(scheme, secret)).update(signed).digest(encoding)
}

function keyOf({ secret: form }: HmacScheme, secret: string): Buffer {
  if (form === 'hex') return Buffer.from(secret, 'hex')
  if (form === 'base64') return Buffer.from(secret, 'base64')
  if (form !== 'whsec' || secret.startsWith('polar_')) return Buffer.from(secret)
  return Buffer.from(secret.slice(secret.indexOf('_') + 1), 'base64')
}
