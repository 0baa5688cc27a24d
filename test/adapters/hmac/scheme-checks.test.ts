/** `taskhook check` refuses schemes that no delivery can pass, or whose parts could be taken for each other. */
import { expect, it } from 'vitest'
import { builtinSpecs } from '../../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../../src/config/compile.ts'

const check = (scheme: string, more = '') =>
  compileConfig(
    `
sources:
  shop: { adapter: hmac, secret: "env:S", scheme: { header: x-sig, ${scheme} }${more} }
tasks:
  t: { cluster: c, taskDefinition: t, subnets: [s] }
routes:
  - { on: shop, run: t, with: {} }
`,
    builtinSpecs,
  )
const hex = 'algorithm: sha256, encoding: hex'
const time = 'timestamp: { header: x-time }'

it.each([
  [
    'an id and a body without a separator',
    `${hex}, id: x-id, signed: "{id}{body}"`,
    'signs {id}{body} without a separator',
  ],
  [
    'a body and an id without a separator',
    `${hex}, id: x-id, signed: "{body}{id}"`,
    'signs {body}{id} without a separator',
  ],
  [
    'an id next to a time',
    `${hex}, id: x-id, ${time}, signed: "{id}{timestamp}.{body}"`,
    'signs {id}{timestamp} without a separator',
  ],
  [
    'two headers without a separator',
    `${hex}, signed: "{header:x-a}{header:x-b}.{body}"`,
    'signs {header:x-a}{header:x-b} without a separator',
  ],
  ['the body twice', `${hex}, signed: "{body}.{body}"`, 'has {body} more than once'],
  ['an id that is not signed', `${hex}, id: x-id`, 'has an "id" that is not signed'],
  ['an id without a place', `${hex}, signed: "{id}.{body}"`, 'signs {id}; set "id" to the header that contains it'],
  ['a time that is not signed', `${hex}, ${time}`, 'has a timestamp that is not signed'],
  ['a time without a place', `${hex}, signed: "{timestamp}.{body}"`, 'signs {timestamp}; set timestamp.header'],
  [
    'a key that has no effect',
    `${hex}, id: x-id, signed: "{id}.{body}", key: body`,
    'has a signed id, which identifies the delivery, so "key" has no effect',
  ],
  [
    'a time in the signature header that has no separator',
    `${hex}, timestamp: { part: "t=" }, signed: "{timestamp}.{body}"`,
    'has timestamp.part and no separator',
  ],
  [
    'a time that looks like a signature',
    `${hex}, prefix: "t=v1", separator: ";", timestamp: { part: "t=" }, signed: "{timestamp}.{body}"`,
    'cannot tell the timestamp from the signatures',
  ],
  ['a placeholder that does not exist', `${hex}, signed: "{ts}.{body}"`, 'signs {ts}, which is no placeholder'],
  ['a header without a name', `${hex}, signed: "{header:}.{body}"`, 'signs {header:}, which is no placeholder'],
  ['a separator inside the prefix', `${hex}, prefix: "v1,", separator: ","`, 'has the separator "," inside "v1,"'],
  [
    'a separator that occurs in signatures',
    'algorithm: sha256, encoding: base64, separator: "/"',
    'has the separator "/", which is a character of base64',
  ],
  ['a separator that is a hex digit', `${hex}, separator: "a"`, 'has the separator "a", which is a character of hex'],
  ['a public key as text', 'algorithm: ed25519, encoding: hex', 'verifies with a public key of 32 bytes'],
  [
    'a token with what would be signed',
    'algorithm: token, encoding: hex, secret: base64',
    'sends its secret and signs nothing',
  ],
  [
    'a header that cannot exist',
    `${hex}, key: { header: "x id" }`,
    'names "x id", which cannot be the name of a header',
  ],
  [
    'a token whose signature could be that of a delivery',
    `${hex}, handshake: [{ sign: { body: token, as: signature } }]`,
    'has a handshake that signs a token',
  ],
  [
    'a handshake that does nothing',
    `${hex}, handshake: [{ if: { a: 1 } }]`,
    'must have one of echo, copy, sign and reply',
  ],
  [
    'a handshake that does two things',
    `${hex}, handshake: [{ echo: { body: a }, reply: {} }]`,
    'must have one of echo, copy, sign and reply',
  ],
  [
    'an echo of two places',
    `${hex}, handshake: [{ echo: { body: a, query: b } }]`,
    'must have one of body, query, header',
  ],
  ['a rule for every delivery', `${hex}, ignore: [{ because: x }]`, 'must have event, if, or both'],
])('refuses %s', (_, scheme, words) => {
  expect(() => check(scheme)).toThrow(words)
})

it.each([
  `${hex}, ${time}, signed: "{timestamp}{body}"`,
  `${hex}, ${time}, signed: "{body}{timestamp}"`,
  `${hex}, timestamp: { header: x-time, unit: date }, signed: "{body}{timestamp}"`,
  `${hex}, signed: "{method}{url}{body}"`,
  `${hex}, id: x-id, signed: "{id}.{body}"`,
  `${hex}, signed: "{header:x-a};{body}"`,
  `${hex}, signed: '{"Body":"{body}"}'`,
  `${hex}, ${time}, signed: "{timestamp}:{body}", handshake: [{ sign: { body: token, as: signature } }]`,
  'algorithm: ed25519, encoding: hex, secret: hex',
  'algorithm: token, encoding: hex',
])('accepts %s', (scheme) => {
  expect(() => check(scheme)).not.toThrow()
})

it.each([
  [', publicUrl: "https://hooks.example.com/shop"', 'publicUrl: has no effect'],
  [', publicUrl: "hooks.example.com"', 'must be the whole URL'],
  [', accepted: 201', 'must be 200, 202 or 204'],
  [', refusals: 204', 'must be 200'],
])('refuses a source with%s', (more, words) => {
  expect(() => check(hex, more)).toThrow(words)
})

it('accepts the public URL of a scheme that signs it', () => {
  expect(() =>
    check(`${hex}, signed: "{url}{body}"`, ', publicUrl: "https://hooks.example.com/shop?a=1"'),
  ).not.toThrow()
})
