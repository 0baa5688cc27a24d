/** What identifies the elements of a batch, and what does not. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { bodyOf, urlEvent } from '../../support/function-url.ts'
import { type Headers, signBody } from '../../support/sign.ts'
import { startWorld, type World } from '../../support/world.ts'

const key = 'a secret of the shop'
const scheme = (more: string) => `{ header: x-sig, algorithm: sha256, encoding: hex${more} }`
const source = (more: string) => `{ adapter: hmac, scheme: ${scheme(more)}, secret: "env:SHOP", each: events }`
const config = `
sources:
  ids: ${source(', key: { body: id }')}
  bodies: ${source(', key: body')}
  headers: ${source(', key: { header: x-id }')}
  several: ${source(', key: { body: [id, part] }')}
  none: ${source('')}
  notion: { adapter: hmac, scheme: notion, secret: "env:SHOP" }
tasks:
  job: { cluster: c, taskDefinition: t, container: a, subnets: [s], local: { command: ["true"] } }
routes:
${['ids', 'bodies', 'headers', 'several', 'none', 'notion'].map((name) => `  - { on: ${name}, run: job, with: {} }`).join('\n')}
`
let world: World
beforeAll(async () => {
  world = await startWorld({ config, env: { SHOP: key }, poll: false })
})
afterAll(() => world.close())

async function runsOf(name: string, body: object, headers: Headers = {}): Promise<readonly unknown[]> {
  const text = JSON.stringify(body)
  const signed = { 'content-type': 'application/json', ...signBody(text, 'x-sig', '', { key }), ...headers }
  const answer = await world.bridge.receive(urlEvent(`/${name}`, signed, text))
  return (bodyOf(answer).results as { run: string }[]).map(({ run }) => run)
}
const different = (runs: readonly unknown[]): number => new Set(runs).size

it.each<[string, Headers]>([
  ['bodies', {}],
  ['headers', { 'x-id': '1' }],
  ['none', { 'idempotency-key': 'k' }],
])('%s: equal elements of one request are two runs, and its retry is the same two', async (name, headers) => {
  const batch = { events: [{ a: 1 }, { a: 1 }] }
  const runs = await runsOf(name, batch, headers)
  expect(different(runs)).toBe(2)
  expect(await runsOf(name, batch, headers)).toEqual(runs)
})

it('an element that comes again in another request is another run, unless it has an id', async () => {
  const [first] = await runsOf('bodies', { time: 1, events: [{ b: 1 }] })
  expect(await runsOf('bodies', { time: 2, events: [{ b: 1 }] })).not.toEqual([first])
  const [known] = await runsOf('ids', { time: 1, events: [{ id: 'e1' }] })
  expect(await runsOf('ids', { time: 2, events: [{ id: 'e2' }, { id: 'e1' }] })).toContain(known)
})

it('an element without an id is known by the whole body and by itself, also if its number is too large for JSON', async () => {
  const first = await runsOf('ids', { time: 1, events: [{ a: 1 }] })
  expect(await runsOf('ids', { time: 2, events: [{ a: 1 }] })).not.toEqual(first)
  expect(await runsOf('ids', { time: 1, events: [{ a: 1 }] })).toEqual(first)
  const large = await Promise.all([1, 2].map((time) => runsOf('ids', { time, events: [{ id: 2 ** 60 }] })))
  expect(large[0]).not.toEqual(large[1])
})

it('several keys identify an element together', async () => {
  const events = [
    { id: 1, part: 'a' },
    { id: 1, part: 'b' },
    { id: 1, part: 'a', attempt: 2 },
    { id: 1 },
    { id: 1, part: null },
  ]
  const runs = await runsOf('several', { events })
  expect(different(runs)).toBe(3)
  expect(runs[2]).toBe(runs[0])
  expect(runs[4]).toBe(runs[3])
})

it('without anything that identifies it, a repeated batch is new', async () => {
  const batch = { events: [{ a: 1 }, { a: 2 }, { a: 1 }] }
  const runs = [...(await runsOf('none', batch)), ...(await runsOf('none', batch))]
  expect(different(runs)).toBe(6)
})

it.each(['PUT', 'DELETE', 'HEAD', 'GET'])('%s is no handshake of a sender that posts its secret', async (method) => {
  const event = urlEvent('/notion', {}, '{"verification_token":"a"}')
  const http = { ...event.requestContext?.http, method }
  const answer = await world.bridge.receive({ ...event, requestContext: { ...event.requestContext, http } })
  expect([answer.statusCode, answer.headers.allow]).toEqual([405, 'POST'])
})
