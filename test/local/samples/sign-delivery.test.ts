import { Buffer } from 'node:buffer'
import { Webhook } from 'standardwebhooks'
import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { presets } from '../../../src/adapters/hmac/schemes.ts'
import { builtin } from '../../../src/adapters/registry.ts'
import { builtinSpecs } from '../../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../../src/config/compile.ts'
import type { HttpRequest, SourceConfig } from '../../../src/core/adapter.ts'
import { Unauthorized } from '../../../src/core/errors.ts'
import { standInFor } from '../../../src/local/placeholder-secrets.ts'
import { sampleFor } from '../../../src/local/samples/sample-delivery.ts'
import { type SignedDelivery, signDelivery, type Unsigned } from '../../../src/local/samples/sign-delivery.ts'

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

/** Linear signs a time that stands in the body. */
const unsigned: Unsigned = { body: `{"webhookTimestamp":${now},"a":"$& \u00e4"}`, contentType: 'application/json' }

const own = (scheme: SourceConfig['options'][string]) => sourceOf('hmac', { scheme })
const sources: [string, SourceConfig][] = [
  ['slack', sourceOf('slack')],
  ['github', sourceOf('github')],
  ...Object.keys(presets).map((scheme): [string, SourceConfig] => [`hmac ${scheme}`, sourceOf('hmac', { scheme })]),
  ['own, plain', own({ header: 'x-sig', algorithm: 'sha256', encoding: 'hex' })],
  [
    'own, SHA-512 in base64',
    own({ header: ['x-sig', 'x-old'], algorithm: 'sha512', encoding: 'base64', secret: 'base64' }),
  ],
  [
    'own, with id and milliseconds',
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
    'own, with the time in the signature header',
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

describe('what signDelivery signs', () => {
  it.each(sources)('%s: verifies, and not when a byte or the secret is another', async (_, source) => {
    const signed = signDelivery(source, whsec, unsigned, now)
    expect(signed.body).toBe(unsigned.body)
    expect(signed.headers['content-type']).toBe('application/json')
    await expect(verify(source, signed, whsec)).resolves.toMatchObject({ path: '/it' })
    const other = standInFor('another')
    await expect((async () => verify(source, signed, other))()).rejects.toBeInstanceOf(Unauthorized)
    // A token proves its sender, and says nothing about what he sent.
    if (source.options.scheme === 'gitlab') return
    const changed = { ...signed, body: signed.body.replace('"a"', '"b"') }
    await expect((async () => verify(source, changed, whsec))()).rejects.toBeInstanceOf(Unauthorized)
  })

  it.each(sources)('%s: verifies with a stand-in as well', async (_, source) => {
    const standIn = standInFor('secretsmanager:it')
    const signed = signDelivery(source, standIn, unsigned, now)
    await expect(verify(source, signed, standIn)).resolves.toBeDefined()
  })

  it('the vendors’ own packages take it too', () => {
    const standard = signDelivery(sourceOf('hmac', { scheme: 'standard-webhooks' }), whsec, unsigned, Date.now())
    expect(() => new Webhook(whsec).verify(standard.body, { ...standard.headers })).not.toThrow()
    const stripe = signDelivery(sourceOf('hmac', { scheme: 'stripe' }), whsec, unsigned, Date.now())
    expect(() =>
      Stripe.webhooks.constructEvent(stripe.body, stripe.headers['stripe-signature'] ?? '', whsec),
    ).not.toThrow()
  })

  it('is another delivery each time, where the sender has ids', () => {
    const source = sourceOf('hmac', { scheme: 'standard-webhooks' })
    const ids = [1, 2].map(() => signDelivery(source, whsec, unsigned, now).headers['webhook-id'])
    expect(new Set(ids).size).toBe(2)
  })

  it('names GitHub’s event', () => {
    const { headers } = signDelivery(sourceOf('github'), 'x', { ...unsigned, event: 'issues' }, now)
    expect(headers['x-github-event']).toBe('issues')
  })

  it('is nothing for an adapter that is not one of ours', () => {
    expect(() => signDelivery(sourceOf('mine'), 'x', unsigned, now)).toThrow(
      'taskhook cannot sign for the adapter "mine"',
    )
  })
})

describe('samples', () => {
  const config = compileConfig(
    `
sources:
  slack: { adapter: slack, signingSecret: "env:A" }
  github: { adapter: github, secret: "env:A" }
  shop: { adapter: hmac, scheme: stripe, secret: "env:A" }
  idle: { adapter: hmac, scheme: stripe, secret: "env:A" }
tasks:
  report:
    cluster: c
    taskDefinition: t
    container: app
    subnets: [s]
    params:
      dataset: { type: string, required: true }
      mode: { type: string, enum: [fast, slow], required: true }
      depth: { type: integer, min: 2, required: true }
      share: { type: number, max: 0.5, required: true }
      count: { type: integer, required: true }
      dry: { type: boolean, required: true }
      note: { type: string }
routes:
  - { on: slack, command: /report, run: report, with: { count: 7 }, allow: { users: [U9], channels: [C9] } }
  - { on: github, event: push, branches: ["release/**", main], run: report,
      with: { dataset: x, mode: fast, depth: 2, share: 0.1, count: 1, dry: true } }
  - { on: shop, run: report }
`,
    builtinSpecs,
  )
  const sample = (name: string, options = {}) => {
    const source = config.sources[name]
    if (source === undefined) throw new Error(`no source ${name}`)
    return sampleFor(config, source, options)
  }
  const form = (name: string, options = {}) => Object.fromEntries(new URLSearchParams(sample(name, options).body))

  it('Slack: the command of the first route, by somebody who may, with a value for all that is required', () => {
    expect(form('slack')).toMatchObject({
      command: '/report',
      user_id: 'U9',
      channel_id: 'C9',
      text: 'dataset=dataset mode=fast depth=2 share=0.5 dry=true',
    })
    expect(form('slack', { text: 'x', command: '/y' })).toMatchObject({ text: 'x', command: '/y' })
    expect(sample('slack').contentType).toBe('application/x-www-form-urlencoded')
  })

  it('Slack: a new trigger_id each time, since a command is known by it', () => {
    expect(form('slack').trigger_id).not.toBe(form('slack').trigger_id)
  })

  it('GitHub: its own example of a push, new each time, to a branch that a route takes', () => {
    const [first, second] = [sample('github'), sample('github')].map(({ body }) => JSON.parse(body))
    expect(first).toMatchObject({ ref: 'refs/heads/main', repository: { full_name: 'Codertocat/Hello-World' } })
    expect(first.after).toMatch(/^[0-9a-f]{40}$/)
    expect(first.after).not.toBe(second.after)
    expect(sample('github').event).toBe('push')
  })

  it('GitHub: another event needs its payload', () => {
    expect(() => sample('github', { event: 'issues' })).toThrow('give its payload with --data @file.json')
    expect(sample('github', { event: 'issues', data: '{}' })).toEqual({
      body: '{}',
      contentType: 'application/json',
      event: 'issues',
    })
  })

  it('JSON: what the first route’s task requires; nothing where no route is', () => {
    expect(JSON.parse(sample('shop').body)).toEqual({
      dataset: 'dataset',
      mode: 'fast',
      depth: 2,
      share: 0.5,
      count: 1,
      dry: true,
    })
    expect(sample('idle').body).toBe('{}')
    expect(sample('shop', { data: 'as it is' }).body).toBe('as it is')
  })
})
