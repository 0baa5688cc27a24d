import { Buffer } from 'node:buffer'
import { Webhook } from 'standardwebhooks'
import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { presets } from '../../../src/adapters/hmac/presets.ts'
import { builtin } from '../../../src/adapters/registry.ts'
import type { HttpRequest, SourceConfig } from '../../../src/core/adapter.ts'
import { Unauthorized } from '../../../src/core/errors.ts'
import { placeholderSecret } from '../../../src/local/local-secrets.ts'
import { type SignedDelivery, signDelivery, type UnsignedDelivery } from '../../../src/local/samples/sign-delivery.ts'

const now = Date.parse('2026-11-24T12:00:00Z')
const whsec = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'

const sourceOf = (adapter: string, options: SourceConfig['options'] = {}): SourceConfig => ({
  name: 'it',
  adapter,
  secret: ['env:IT'],
  tokens: {},
  options,
})

const requestOf = ({ headers, body }: SignedDelivery): HttpRequest => ({
  method: 'POST',
  path: '/it',
  query: new URLSearchParams(),
  headers,
  body: Buffer.from(body),
  origin: 'http://localhost',
})

const verify = async (source: SourceConfig, delivery: SignedDelivery, secret: string, at = now) =>
  (await builtin[source.adapter as keyof typeof builtin]())(source).verify(requestOf(delivery), [secret], at)

/** Linear signs a time in the body. */
const unsigned: UnsignedDelivery = {
  url: 'http://localhost/it',
  body: `{"webhookTimestamp":${now},"a":"$& \u00e4"}`,
  contentType: 'application/json',
}

const own = (scheme: SourceConfig['options'][string]) => sourceOf('hmac', { scheme })
const sources: [string, SourceConfig][] = [
  ['slack', sourceOf('slack')],
  ['github', sourceOf('github')],
  // Discord's public key cannot sign.
  ...Object.keys(presets)
    .filter((scheme) => scheme !== 'discord')
    .map((scheme): [string, SourceConfig] => [`hmac ${scheme}`, sourceOf('hmac', { scheme })]),
  ['custom scheme', own({ header: 'x-sig', algorithm: 'sha256', encoding: 'hex' })],
  [
    'custom scheme with SHA-512 in base64',
    own({ header: ['x-sig', 'x-old'], algorithm: 'sha512', encoding: 'base64', secret: 'base64' }),
  ],
  [
    'custom scheme with id and milliseconds',
    own({
      header: 'x-sig',
      algorithm: 'sha1',
      encoding: 'hex',
      prefix: 'v1=',
      signed: '{body}|{timestamp}|{id}',
      id: 'x-id',
      timestamp: { header: 'x-time', unit: 'ms' },
    }),
  ],
  [
    'custom scheme with the time in the signature header',
    own({
      header: 'x-sig',
      algorithm: 'sha256',
      encoding: 'hex',
      prefix: 's=',
      separator: ';',
      signed: '{timestamp}:{body}',
      timestamp: { part: 'at=' },
    }),
  ],
]

describe('signDelivery', () => {
  it.each(sources)('%s: the signature is valid, but not for another secret or body', async (_, source) => {
    const secret = source.options.scheme === 'adyen' ? '44782def547aaa06c910c43932b1eb0c' : whsec
    const signed = signDelivery(source, secret, unsigned, now)
    expect(signed.body).toBe(unsigned.body)
    expect(signed.headers['content-type']).toBe('application/json')
    await expect(verify(source, signed, secret)).resolves.toMatchObject({ path: '/it' })
    const other = placeholderSecret('another')
    await expect((async () => verify(source, signed, other))()).rejects.toBeInstanceOf(Unauthorized)
    // A token does not depend on the body.
    if (source.options.scheme === 'gitlab') return
    const changed = { ...signed, body: signed.body.replace('"a"', '"b"') }
    await expect((async () => verify(source, changed, secret))()).rejects.toBeInstanceOf(Unauthorized)
  })

  it.each(sources)('%s: the signature is valid with a placeholder secret', async (_, source) => {
    const secret = placeholderSecret('secretsmanager:it', source)
    const signed = signDelivery(source, secret, unsigned, now)
    await expect(verify(source, signed, secret)).resolves.toBeDefined()
  })

  it('is accepted by the packages of the vendors', () => {
    const standard = signDelivery(sourceOf('hmac', { scheme: 'standard-webhooks' }), whsec, unsigned, Date.now())
    expect(() => new Webhook(whsec).verify(standard.body, { ...standard.headers })).not.toThrow()
    const stripe = signDelivery(sourceOf('hmac', { scheme: 'stripe' }), whsec, unsigned, Date.now())
    expect(() =>
      Stripe.webhooks.constructEvent(stripe.body, stripe.headers['stripe-signature'] ?? '', whsec),
    ).not.toThrow()
  })

  it('cannot sign for a sender of which only the public key is known', () => {
    const discord = sourceOf('hmac', { scheme: 'discord' })
    expect(() => signDelivery(discord, 'ab'.repeat(32), unsigned, now)).toThrow(
      'has the public key of this sender only',
    )
  })

  it('uses a new id each time, if the scheme has ids', () => {
    const source = sourceOf('hmac', { scheme: 'standard-webhooks' })
    const ids = [1, 2].map(() => signDelivery(source, whsec, unsigned, now).headers['webhook-id'])
    expect(new Set(ids).size).toBe(2)
  })

  it('sets GitHub’s event header', () => {
    const { headers } = signDelivery(sourceOf('github'), 'x', { ...unsigned, event: 'issues' }, now)
    expect(headers['x-github-event']).toBe('issues')
  })

  it('throws for an adapter that is not built in', () => {
    expect(() => signDelivery(sourceOf('mine'), 'x', unsigned, now)).toThrow(
      'taskhook cannot sign deliveries for the adapter "mine"',
    )
  })
})
