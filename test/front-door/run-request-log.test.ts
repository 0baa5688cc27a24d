/** The log line of a request about a run: one for each request, with the run, whether it succeeds, is refused or fails. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { accessDenied } from '../support/relay.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { partnerDelivery, stageSecrets } from '../support/stage-deliveries.ts'

const config = `
sources:
  shop: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER", limits: { deliveries: { rate: 2/h, burst: 2 } } }
tasks:
  job: { cluster: c, taskDefinition: job, container: app, subnets: [s], local: { command: ["true"] } }
routes:
  - { on: shop, run: job }
`
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const trace = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` }

let stage: Stage
let run: string
let statusUrl: URL
beforeEach(async () => {
  stage = await startStage({ config, env: stageSecrets })
  const reply = bodyOf(await stage.post('/shop', partnerDelivery(stage.now())))
  run = String(reply.run)
  statusUrl = new URL(String(reply.statusUrl))
  await stage.takeMessages()
})
afterEach(() => stage?.close())

/** @returns the reply's status and all lines that were logged */
async function ask(path: string, method = 'POST', body = '') {
  const before = stage.logs.length
  const headers = { 'content-type': 'application/json', ...trace }
  const { statusCode } = await stage.bridge.receive(urlEvent(`${path}${statusUrl.search}`, headers, body, method))
  const lines = stage.logs.slice(before).map((line) => JSON.parse(line) as Record<string, unknown>)
  return { status: statusCode, lines }
}
const about = () => ({ source: 'shop', runs: [run], trace: traceId })

describe('a request about a run logs one line', () => {
  it('for a cancel', async () => {
    const { status, lines } = await ask(`/runs/${run}/cancel`, 'POST', '{"by":"ann"}')
    expect(lines).toMatchObject([
      { ...about(), outcome: 'controlled', status, event: 'cancel', actor: 'ann', bytes: 12 },
    ])
    expect(lines[0]?.ms).toBeGreaterThanOrEqual(0)
  })

  it('for a rerun', async () => {
    const { status, lines } = await ask(`/runs/${run}/rerun`)
    expect(lines).toMatchObject([{ ...about(), outcome: 'controlled', status, event: 'rerun', actor: 'shop' }])
  })

  it('for a rerun over the rate limit, with the reason', async () => {
    // The delivery was the first of two that the limit allows.
    await ask(`/runs/${run}/rerun`)
    const { status, lines } = await ask(`/runs/${run}/rerun`)
    expect(status).toBe(429)
    expect(lines).toMatchObject([{ ...about(), outcome: 'refused', status, event: 'rerun' }])
    expect(lines[0]?.reason).toMatch(/^The limit here is/)
  })

  it('for a cancel that fails, after the error', async () => {
    stage.sqs.intercept(({ action }) => (action === 'SendMessage' ? accessDenied : undefined))
    const { status, lines } = await ask(`/runs/${run}/cancel`)
    expect(status).toBe(500)
    expect(lines).toMatchObject([
      { ...about(), level: 'error', msg: 'a delivery failed', error: accessDenied.message },
      { ...about(), outcome: 'failed', status, event: 'cancel', reason: 'see the error before this line' },
    ])
  })

  it('for a wrong token, without the run', async () => {
    const { status, lines } = await ask(`/runs/${'0'.repeat(20)}/cancel`)
    expect(lines).toMatchObject([{ source: '', outcome: 'unauthorized', status, trace: traceId }])
    expect(lines[0]).not.toHaveProperty('runs')
  })

  it('but none for its status', async () => {
    expect(await ask(`/runs/${run}`, 'GET')).toEqual({ status: 200, lines: [] })
  })
})
