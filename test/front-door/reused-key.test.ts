/** ADR 6: an Idempotency-Key belongs to one body. With another one, nothing starts. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { refuseOtherBody } from '../../src/core/lifecycle/open.ts'
import { bodyOf } from '../support/function-url.ts'
import { signBody } from '../support/sign.ts'
import { type Stage, startStage } from '../support/stage.ts'

const key = 'a secret of the shop'
const config = `
sources:
  shop: { adapter: hmac, scheme: { header: x-sig, algorithm: sha256, encoding: hex, key: { body: id } }, secret: "env:SHOP" }
tasks:
  job: { cluster: c, taskDefinition: t, container: a, subnets: [s], params: { n: { type: integer } }, local: { command: ["true"] } }
routes:
  - { name: always, on: shop, run: job, if: "body.n < 100", with: { n: "\${body.n}" } }
  - { name: big, on: shop, run: job, if: "body.n > 10", with: { n: "\${body.n}" } }
`
let stage: Stage
beforeEach(async () => {
  stage = await startStage({ config, env: { SHOP: key } })
})
afterEach(() => stage.close())

const send = (body: string, idempotencyKey?: string) =>
  stage.post('/shop', {
    headers: {
      'content-type': 'application/json',
      ...signBody(body, 'x-sig', '', { key }),
      ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
    },
    body,
  })
const runCount = async (): Promise<number> =>
  (await stage.items()).filter(({ pk }) => pk?.S?.startsWith('run#') === true).length

it.each([
  ['another body that matches one route more', '{"n":1}', '{"n":20}'],
  ['another body that matches another route only', '{"n":1}', '{"n":200}'],
])('%s is refused, and starts nothing', async (_, first, second) => {
  expect((await send(first, 'k1')).statusCode).toBe(202)
  await stage.takeMessages()
  const refused = await send(second, 'k1')
  expect(refused.statusCode).toBe(422)
  expect(bodyOf(refused).detail).toContain('the Idempotency-Key was used before')
  expect(await stage.takeMessages()).toEqual([])
  expect(await runCount()).toBe(1)
  expect((await send(first, 'k1')).statusCode).toBe(200)
})

it('takes an empty key for no key', async () => {
  expect((await send('{"n":1}', '')).statusCode).toBe(202)
  expect((await send('{"n":2}', '')).statusCode).toBe(202)
})

it('takes two ids for two deliveries, even if JSON makes one number of them', async () => {
  const sent = ['9007199254740992', '9007199254740993', '"7"', '7']
  for (const id of sent) expect((await send(`{"n":1,"id":${id}}`)).statusCode).toBe(202)
  for (const id of sent.slice(2)) expect((await send(`{"n":1,"id":${id}}`)).statusCode).toBe(200)
})

it('does not refuse a delivery whose row the version before wrote, which has no hash', () => {
  expect(() => refuseOtherBody({}, { bodyHash: 'a' })).not.toThrow()
  expect(() => refuseOtherBody({ bodyHash: 'b' }, { bodyHash: 'a' })).toThrow('the Idempotency-Key was used before')
})
