/** docs: the W3C trace of a delivery is passed to the log, the container and the callbacks of its run, and decides nothing. */
import type { RunTaskCommandInput } from '@aws-sdk/client-ecs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Delivery, standardDelivery } from '../support/deliveries.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { type Stage, startStage } from '../support/stage.ts'

const secrets = {
  PARTNER: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  CALLBACK: 'whsec_Y2FsbGJhY2stc2VjcmV0LW9mLXRoZS10ZXN0cw==',
}
const config = `
sources:
  shop: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER", callbackSecret: "env:CALLBACK", callbackUrl: "https://shop.example.com/x" }
tasks:
  t:
    cluster: main
    taskDefinition: t
    container: app
    subnets: [subnet-a]
    params: { text: { type: string } }
    local: { command: [sh, -c, "echo $TRACEPARENT $TRACESTATE"] }
routes:
  - { on: shop, run: t }
`
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`
const tracestate = 'congo=t61rcWkgMzE'
const other = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00'

let stage: Stage
const callbackHeaders: Headers[] = []
beforeEach(async () => {
  callbackHeaders.length = 0
  stage = await startStage({
    config,
    env: secrets,
    fetchPublic: async (_, init) => {
      callbackHeaders.push(new Headers(init?.headers))
      return new Response(null, { status: 204 })
    },
  })
})
afterEach(() => stage?.close())

const traced = ({ headers, body }: Delivery, more: Record<string, string>): Delivery => ({
  headers: { ...headers, ...more },
  body,
})
const delivery = (body: unknown = {}) => standardDelivery(secrets.PARTNER, JSON.stringify(body))
const envOf = (run: string): Record<string, string | undefined> => {
  const inputs = stage.ecs.callsOf('RunTask').map(({ input }) => input as unknown as RunTaskCommandInput)
  const own = inputs.find(({ startedBy }) => startedBy === `taskhook/${run}`)
  const pairs = own?.overrides?.containerOverrides?.[0]?.environment ?? []
  return Object.fromEntries(pairs.map(({ name = '', value }) => [name, value]))
}
const linesOf = (run: string) =>
  stage.logs
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((line) => line.run === run || (line.runs as string[] | undefined)?.includes(run))

describe('a delivery in a trace', () => {
  let run: string
  let sent: Delivery
  beforeEach(async () => {
    sent = delivery()
    run = await stage.accept('/shop', traced(sent, { traceparent, tracestate }))
    await stage.start(run)
    await stage.settleToEnd(run)
  })
  it('passes it to the container', () => {
    expect(envOf(run)).toMatchObject({ TRACEPARENT: traceparent, TRACESTATE: tracestate })
    expect(stage.output).toContain(`${traceparent} ${tracestate}`)
  })
  it('has it in every log line', () => {
    const lines = linesOf(run)
    expect(lines.map(({ msg }) => msg)).toEqual(['delivery accepted', 'run starting', 'run running', 'run succeeded'])
    for (const line of lines) expect(line.trace).toBe(traceId)
  })
  it('sends it with every callback, and in no answer', async () => {
    expect(callbackHeaders.length).toBeGreaterThan(1)
    for (const headers of callbackHeaders) {
      expect(headers.get('traceparent')).toBe(traceparent)
      expect(headers.get('tracestate')).toBe(tracestate)
    }
    const answer = await stage.post('/shop', sent)
    expect(answer.body).not.toContain(traceId)
  })
  it('is the same run if it is delivered in another trace, and keeps its first trace', async () => {
    const again = await stage.post('/shop', traced(sent, { traceparent: other }))
    expect(again.statusCode).toBe(200)
    expect(bodyOf(again).run).toBe(run)
    expect((await stage.runRecord(run)).trace).toEqual({ parent: traceparent, state: tracestate })
    expect(linesOf(run).at(-1)).toMatchObject({ msg: 'delivery duplicate', trace: other.slice(3, 35) })
  })
})

describe('a rerun', () => {
  it('has the trace of its own request', async () => {
    const first = await stage.post('/shop', traced(delivery(), { traceparent }))
    const { statusUrl } = bodyOf(first)
    const { pathname, search } = new URL(String(statusUrl))
    const again = await stage.bridge.receive(urlEvent(`${pathname}/rerun${search}`, { traceparent: other }))
    expect(again.statusCode, again.body).toBe(202)
    await stage.takeMessages()
    expect((await stage.runRecord(String(bodyOf(again).run))).trace).toEqual({ parent: other })
  })
})

describe.each([
  ['no trace', {}],
  ['a trace that cannot be read', { traceparent: `${traceparent}-more`, tracestate }],
])('a delivery with %s', (_, headers) => {
  it('passes none on', async () => {
    const run = await stage.accept('/shop', traced(delivery(), headers))
    await stage.start(run)
    expect(Object.keys(envOf(run)).filter((name) => name.startsWith('TRACE'))).toEqual([])
    expect(await stage.runRecord(run)).not.toHaveProperty('trace')
    for (const line of linesOf(run)) expect(line).not.toHaveProperty('trace')
    await stage.settleToEnd(run)
    for (const headers of callbackHeaders) expect(headers.has('traceparent')).toBe(false)
    expect(callbackHeaders.length).toBeGreaterThan(0)
  })
})

describe('a trace for which the container overrides have no room', () => {
  const post = async (length: number, headers: Record<string, string>) => {
    const answer = await stage.post('/shop', traced(delivery({ text: 'x'.repeat(length) }), headers))
    await stage.takeMessages()
    return answer
  }
  it('is left out, and the delivery is accepted', async () => {
    // The longest text that is accepted without a trace.
    let [fits, breaks] = [1000, 8000]
    while (breaks - fits > 1) {
      const middle = Math.floor((fits + breaks) / 2)
      if ((await post(middle, {})).statusCode === 202) fits = middle
      else breaks = middle
    }
    const answer = await post(fits, { traceparent, tracestate })
    expect(answer.statusCode, answer.body).toBe(202)
    const { plan } = await stage.runRecord(String(bodyOf(answer).run))
    expect(plan.env.map(({ name }) => name)).not.toContain('TRACEPARENT')
    const shorter = await post(fits - 300, { traceparent, tracestate })
    const { env } = (await stage.runRecord(String(bodyOf(shorter).run))).plan
    expect(env.map(({ name }) => name)).toEqual(expect.arrayContaining(['TRACEPARENT', 'TRACESTATE']))
  })
})
