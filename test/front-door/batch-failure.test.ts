/** One element of a batch meets a failure of ours: the answer asks the sender to send again, which starts nothing twice. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { bodyOf } from '../support/function-url.ts'
import { accessDenied } from '../support/relay.ts'
import { signBody } from '../support/sign.ts'
import { type Stage, startStage } from '../support/stage.ts'

const key = 'a secret of the shop'
const config = `
sources:
  shop: { adapter: hmac, scheme: { header: x-sig, algorithm: sha256, encoding: hex, key: { body: id } }, secret: "env:SHOP", each: events }
tasks:
  job: { cluster: c, taskDefinition: t, container: a, subnets: [s], params: { dataset: { type: string } }, local: { command: ["true"] } }
routes: [{ on: shop, run: job, with: { dataset: "\${body.dataset}" } }]
`
let stage: Stage
beforeEach(async () => {
  stage = await startStage({ config, env: { SHOP: key } })
})
afterEach(() => stage.close())

const body = JSON.stringify({
  events: [
    { id: 'e1', dataset: 'sales' },
    { id: 'e2', dataset: 'unlucky' },
  ],
})
const send = () =>
  stage.post('/shop', {
    headers: { 'content-type': 'application/json', ...signBody(body, 'x-sig', '', { key }) },
    body,
  })
const codesOf = (answer: Parameters<typeof bodyOf>[0]) =>
  (bodyOf(answer).results as { code: number }[]).map(({ code }) => code)

it('answers 500, logs a failure, and accepts only the rest when it comes again', async () => {
  stage.dynamo.intercept(({ input }) => (JSON.stringify(input).includes('unlucky') ? accessDenied : undefined))
  const failed = await send()
  stage.dynamo.intercept()
  expect(failed.statusCode).toBe(500)
  expect(codesOf(failed)).toEqual([202, 500])
  const line = stage.logs
    .map((text) => JSON.parse(text) as Record<string, unknown>)
    .findLast((each) => 'outcome' in each)
  expect(line).toMatchObject({ outcome: 'failed', status: 500 })
  const again = await send()
  expect(again.statusCode).toBe(202)
  expect(codesOf(again)).toEqual([200, 202])
  expect(codesOf(await send())).toEqual([200, 200])
})
