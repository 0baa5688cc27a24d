/** SECURITY.md: a recorded delivery does not open the list of runs, and a link that only reads costs the function no waiting time. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { githubDelivery } from '../support/deliveries.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { partnerDelivery, pushTo, stageSecrets } from '../support/stage-deliveries.ts'

const config = `
sources:
  partner: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER" }
  plain: { adapter: hmac, scheme: github, secret: "env:GITHUB" }
  github: { adapter: github, secret: "env:GITHUB" }
tasks:
  analyze:
    cluster: c
    taskDefinition: t
    container: app
    subnets: [s]
    params: { dataset: { type: string } }
    local: { command: [sh, -c, 'sleep 60'] }
routes:
  - { on: partner, run: analyze }
  - { on: plain, run: analyze }
  - { on: github, event: push, run: analyze, with: { dataset: hub } }
`

let stage: Stage
beforeEach(async () => {
  stage = await startStage({ config, env: stageSecrets })
})
afterEach(() => stage.close())

const list = async (source: string, headers: Readonly<Record<string, string>>, body = '') =>
  (await stage.bridge.receive(urlEvent(`/runs?source=${source}&task=analyze`, headers, body, 'GET'))).statusCode

it('the list refuses a recorded delivery of a sender with timestamps', async () => {
  const recorded = partnerDelivery(stage.now(), { dataset: 'x' })
  await stage.accept('/partner', recorded)
  expect(await list('partner', recorded.headers, String(recorded.body))).toBe(400)
})

it.each(['plain', 'github'])('the list refuses a recorded delivery of %s, which signs no timestamp', async (source) => {
  const { headers, body } = githubDelivery(stageSecrets.GITHUB, '{"dataset":"x"}', 'push')
  expect(await list(source, { ...headers, 'idempotency-key': 'k' }, String(body))).toBe(401)
})

it('the list refuses the signature of an empty body if the scheme signs no timestamp', async () => {
  const { headers } = githubDelivery(stageSecrets.GITHUB, '', 'x')
  expect(await list('plain', { ...headers, 'idempotency-key': 'k' })).toBe(401)
})

it('a link that only reads ignores ?wait', async () => {
  const answer = await stage.post('/github', pushTo('b').delivery)
  const { pathname, search } = new URL(String(bodyOf(answer).statusUrl))
  const reads = () => stage.dynamo.callsOf('GetItem').length
  const before = reads()
  const status = await stage.bridge.receive(urlEvent(`${pathname}${search}&wait=20`, {}, '', 'GET'))
  expect(status.statusCode).toBe(200)
  // One that waits reads the run again and again.
  expect(reads() - before).toBe(1)
})
