/** Signs deliveries as senders do, for `taskhook send` and the demo. It shares no code with the verification. */
import { createHmac, randomUUID } from 'node:crypto'
import { type HmacScheme, schemeOf } from '../../adapters/hmac/schemes.ts'
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
  { body, event = 'push' }: UnsignedDelivery,
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
    case 'hmac':
      return schemeHeaders(schemeOf(source.options), secret, body, now)
    default:
      throw new Error(`taskhook cannot sign deliveries for the adapter "${source.adapter}"`)
  }
}

const first = (names: string | readonly string[]): string => [names].flat()[0] ?? ''

function schemeHeaders(scheme: HmacScheme, secret: string, body: string, now: number): Record<string, string> {
  const { timestamp, prefix = '', separator = ',' } = scheme
  const time = String(Math.floor(timestamp?.unit === 'ms' ? now : now / 1000))
  const id = `msg_${randomUUID().replaceAll('-', '')}`
  const signed = (scheme.signed ?? '{body}')
    .replaceAll('{timestamp}', time)
    .replaceAll('{id}', id)
    .replace('{body}', () => body)
  const signature = `${prefix}${signatureOf(scheme, secret, signed)}`
  return {
    [first(scheme.header)]:
      timestamp?.part === undefined ? signature : `${timestamp.part}${time}${separator}${signature}`,
    ...(timestamp?.header !== undefined && { [first(timestamp.header)]: time }),
    ...(scheme.id !== undefined && { [first(scheme.id)]: id }),
    ...(typeof scheme.key === 'object' && 'header' in scheme.key && { [first(scheme.key.header)]: id }),
  }
}

function signatureOf(scheme: HmacScheme, secret: string, signed: string): string {
  if (scheme.algorithm === 'token') return secret
  const text = scheme.secret === 'whsec' ? secret.replace(/^whsec_/, '') : secret
  const key =
    scheme.secret === 'whsec' || scheme.secret === 'base64' ? Buffer.from(text, 'base64') : Buffer.from(secret)
  return createHmac(scheme.algorithm, key).update(signed).digest(scheme.encoding)
}
