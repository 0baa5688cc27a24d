/** Stripe signs each attempt of an event with a new time. By Stripe's own package, against `taskhook dev`. */
import Stripe from 'stripe'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { createLog } from '../../src/core/telemetry/log.ts'
import { type DevServer, startDevServer } from '../../src/local/dev-server.ts'

const secret = 'whsec_c2VjcmV0IHRoYXQgaXMgbm90IGRlY29kZWQ'
const config = compileConfig(
  `
sources: { stripe: { adapter: hmac, scheme: stripe, secret: "env:STRIPE" } }
tasks:
  report:
    cluster: c
    taskDefinition: t
    container: a
    subnets: [s]
    params: { customer: { type: string } }
    local: { command: ["true"] }
routes: [{ on: stripe, event: invoice.paid, run: report, with: { customer: "\${body.data.object.customer}" } }]
`,
  builtinSpecs,
)

let dev: DevServer
beforeAll(async () => {
  dev = await startDevServer({
    config,
    configPath: 'taskhook.yaml',
    port: 0,
    env: { STRIPE: secret },
    log: createLog('silent'),
  })
})
afterAll(() => dev.close())

async function send(id: string, secondsAgo: number) {
  const event = { id, object: 'event', type: 'invoice.paid', data: { object: { customer: 'cus_1' } } }
  const payload = JSON.stringify(event)
  const timestamp = Math.floor(Date.now() / 1000) - secondsAgo
  const signature = new Stripe('sk_test_x').webhooks.generateTestHeaderString({ payload, secret, timestamp })
  const headers = { 'content-type': 'application/json', 'stripe-signature': signature }
  const response = await fetch(`${dev.url}/stripe`, { method: 'POST', headers, body: payload })
  return { status: response.status, run: ((await response.json()) as { run?: string }).run }
}

it('an event that is sent a minute ago and now is one run, and another event is another run', async () => {
  const first = await send('evt_1', 60)
  const retry = await send('evt_1', 0)
  expect([first.status, retry.status]).toEqual([202, 200])
  expect(retry.run).toBe(first.run)
  const other = await send('evt_2', 0)
  expect(other.status).toBe(202)
  expect(other.run).not.toBe(first.run)
})
