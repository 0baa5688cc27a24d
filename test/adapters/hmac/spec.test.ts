/** What `check` reports about callbacks, and about routes that could never run. */
import { describe, expect, it } from 'vitest'
import { presets } from '../../../src/adapters/hmac/presets.ts'
import { hmacSpec } from '../../../src/adapters/hmac/spec.ts'
import { builtinSpecs } from '../../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../../src/config/compile.ts'

const compile = (source: string, route = '') =>
  compileConfig(
    `
sources:
  shop: { adapter: hmac, secret: "env:S", ${source} }
tasks:
  t: { cluster: c, taskDefinition: t, subnets: [s], params: { dataset: { type: string } } }
routes:
  - { on: shop, run: t${route} }
`,
    builtinSpecs,
  )
const standard = 'scheme: standard-webhooks'
const secret = 'callbackSecret: "env:C"'

it.each([
  [
    'callbacks without a secret',
    `${standard}, callbackUrl: "https://a.example.com/x"`,
    '',
    'callbackSecret: is missing',
  ],
  ['a callback secret without callbacks', `${standard}, ${secret}`, '', 'callbackSecret: signs nothing'],
  [
    'a callback URL without TLS',
    `${standard}, ${secret}, callbackUrl: "http://a.example.com/x"`,
    '',
    'callbackUrl: does not use https',
  ],
  [
    'a callback URL with a password',
    `${standard}, ${secret}, callbackUrl: "https://a:b@example.com/x"`,
    '',
    'contains a user name or password',
  ],
  [
    'a callback URL that is not a URL',
    `${standard}, ${secret}, callbackUrl: "example"`,
    '',
    'callbackUrl: is not a URL',
  ],
  ['a URL in place of a host', `${standard}, ${secret}, callbackHosts: ["https://a.example.com"]`, '', 'is not a host'],
  ['a wildcard for every host', `${standard}, ${secret}, callbackHosts: ["*"]`, '', 'is not a host'],
  ['a host without a dot', `${standard}, ${secret}, callbackHosts: [localhost]`, '', 'is not a host'],
  ['an event whose key would be a parameter', standard, ', event: a.b', 'event: is in the body, as "type"'],
])('reports %s', (_, source, route, words) => {
  expect(() => compile(source, route)).toThrow(words)
})

it.each([
  ['this machine, for dev', `${standard}, ${secret}, callbackUrl: "http://localhost:3000/x"`, ''],
  [
    'hosts with and without a wildcard',
    `${standard}, ${secret}, callbackHosts: ["*.example.com", hooks.example.org]`,
    '',
  ],
  ['an event in the body, if the route sets its parameters', standard, ', event: a.b, with: { dataset: "${body.x}" }'],
  ['an event in a header', 'scheme: github', ', event: push'],
])('accepts %s', (_, source, route) => {
  expect(() => compile(source, route)).not.toThrow()
})

it('callbackSecret is a token that receive cannot read', () => {
  const { shop } = compile(`${standard}, ${secret}, callbackUrl: "https://a.example.com/x"`).sources
  expect(shop).toMatchObject({ tokens: { callbackSecret: ['env:C'] } })
  expect(shop?.receiveTokens).toBeUndefined()
})

describe('notes', () => {
  const own = (more: string) =>
    `scheme: { header: x-own, algorithm: sha256, encoding: hex, signed: "{timestamp}.{body}", timestamp: { header: x-time }${more} }`
  const notesOn = (source: string) => {
    const { shop } = compile(source).sources
    return shop === undefined ? undefined : hmacSpec.notes?.(shop)
  }

  it('say that a retry starts a second run if nothing identifies a delivery', () => {
    expect(notesOn(own(''))).toEqual([
      'a retry from shop starts a second run unless it has an Idempotency-Key; set "key" in its scheme to what stays the same in a retry',
    ])
  })
  it.each(['key: body', 'key: { body: event.id }', 'key: { header: [x-a, x-b] }'])('accept %s', (key) => {
    expect(notesOn(own(`, ${key}`))).toEqual([])
  })
  it('say nothing about any preset', () => {
    const noted = Object.keys(presets).filter((name) => (notesOn(`scheme: ${name}`)?.length ?? 0) > 0)
    expect(noted).toEqual([])
  })
  it.each([
    ['key: header', 'is not one of body, or one of body:, header:'],
    ['key: {}', 'must have one of body, header'],
    ['key: { body: a, header: b }', 'must have one of body, header'],
  ])('the schema rejects %s', (key, words) => {
    expect(() => compile(own(`, ${key}`))).toThrow(words)
  })
})
