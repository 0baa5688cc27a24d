/** What `check` says of a source that is called back, and of routes that could never run. */
import { expect, it } from 'vitest'
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
  ['no secret to sign with', `${standard}, callbackUrl: "https://a.example.com/x"`, '', 'callbackSecret: is missing'],
  ['a secret for nobody', `${standard}, ${secret}`, '', 'callbackSecret: signs nothing'],
  [
    'an address without TLS',
    `${standard}, ${secret}, callbackUrl: "http://a.example.com/x"`,
    '',
    'callbackUrl: is not https',
  ],
  [
    'an address with a password',
    `${standard}, ${secret}, callbackUrl: "https://a:b@example.com/x"`,
    '',
    'holds a user name',
  ],
  ['no address', `${standard}, ${secret}, callbackUrl: "example"`, '', 'callbackUrl: is not a URL'],
  ['an address as a host', `${standard}, ${secret}, callbackHosts: ["https://a.example.com"]`, '', 'is not a host'],
  ['every host', `${standard}, ${secret}, callbackHosts: ["*"]`, '', 'is not a host'],
  ['a host of one label', `${standard}, ${secret}, callbackHosts: [localhost]`, '', 'is not a host'],
  ['an event whose key would be a parameter', standard, ', event: a.b', 'event: stands in the body, as "type"'],
])('%s is a problem', (_, source, route, words) => {
  expect(() => compile(source, route)).toThrow(words)
})

it.each([
  ['its own machine, for dev', `${standard}, ${secret}, callbackUrl: "http://localhost:3000/x"`, ''],
  ['hosts', `${standard}, ${secret}, callbackHosts: ["*.example.com", hooks.example.org]`, ''],
  ['an event with what the route takes', standard, ', event: a.b, with: { dataset: "${body.x}" }'],
  ['an event in a header', 'scheme: github', ', event: push'],
])('%s is none', (_, source, route) => {
  expect(() => compile(source, route)).not.toThrow()
})

it('the secret that signs is one of the tokens, and nothing that receive has', () => {
  const { shop } = compile(`${standard}, ${secret}, callbackUrl: "https://a.example.com/x"`).sources
  expect(shop).toMatchObject({ tokens: { callbackSecret: ['env:C'] } })
  expect(shop?.receiveTokens).toBeUndefined()
})
