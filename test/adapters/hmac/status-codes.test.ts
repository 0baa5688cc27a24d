/** `accepted` and `refusals`: senders that take only some status codes. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { urlEvent } from '../../support/function-url.ts'
import { signBody } from '../../support/sign.ts'
import { startWorld, type World } from '../../support/world.ts'

const key = 'a secret of the shop'
const scheme = '{ header: x-sig, algorithm: sha256, encoding: hex, key: body }'
const config = `
sources:
  plain: { adapter: hmac, scheme: ${scheme}, secret: "env:SHOP" }
  ok: { adapter: hmac, scheme: ${scheme}, secret: "env:SHOP", accepted: 200, refusals: 200 }
  empty: { adapter: hmac, scheme: ${scheme}, secret: "env:SHOP", accepted: 204 }
tasks:
  job: { cluster: c, taskDefinition: t, container: a, subnets: [s], params: { n: { type: integer } }, local: { command: ["true"] } }
routes:
  - { on: plain, run: job }
  - { on: ok, run: job }
  - { on: empty, run: job }
`
let world: World
beforeAll(async () => {
  world = await startWorld({ config, env: { SHOP: key }, poll: false })
})
afterAll(() => world.close())

const post = (source: string, body: string, signed = body) =>
  world.bridge.receive(
    urlEvent(`/${source}`, { 'content-type': 'application/json', ...signBody(signed, 'x-sig', '', { key }) }, body),
  )

it.each([
  ['plain', 202, 200, 422, 400],
  ['ok', 200, 200, 200, 200],
  ['empty', 204, 204, 422, 400],
])('%s: a new run %d, a duplicate %d, a refusal %d, no JSON %d', async (source, fresh, duplicate, refused, broken) => {
  expect((await post(source, '{"n":1}')).statusCode).toBe(fresh)
  expect((await post(source, '{"n":1}')).statusCode).toBe(duplicate)
  const answer = await post(source, '{"n":"x"}')
  expect(answer.statusCode).toBe(refused)
  // The body tells the truth in any case.
  expect(JSON.parse(answer.body)).toMatchObject({ status: 422, problems: [{ path: 'n' }] })
  expect((await post(source, '{')).statusCode).toBe(broken)
})

it('a request that is not authenticated, or has no source, keeps its status', async () => {
  expect((await post('ok', '{"n":2}', 'other')).statusCode).toBe(401)
  expect((await post('nowhere', '{"n":2}')).statusCode).toBe(404)
})
