/** docs/config.md: `limits` allow a number of new runs per time. Only new runs count, and a run too many gets the time to wait. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { githubDelivery, slackDelivery } from '../support/deliveries.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { accessDenied } from '../support/relay.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { partnerDelivery, pushTo, stageSecrets } from '../support/stage-deliveries.ts'

const config = `
sources:
  github: { adapter: github, secret: "env:GITHUB", token: "env:GITHUB_TOKEN", limits: { deliveries: { rate: 1/h, burst: 2 } } }
  slack: { adapter: slack, signingSecret: "env:SLACK", limits: { deliveries: 100/h, perActor: 2/m } }
  partner: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER", limits: { deliveries: 3/m } }
  free: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER" }
tasks:
  job:
    cluster: c
    taskDefinition: job
    container: app
    subnets: [s]
    params: { depth: { type: integer, max: 3 } }
    local: { command: [sh, -c, "true"] }
routes:
  - { on: github, event: push, run: job }
  - { on: slack, command: /job, run: job }
  - { on: partner, run: job }
  - { on: free, run: job }
`

let stage: Stage
beforeEach(async () => {
  stage = await startStage({ config, env: stageSecrets })
})
afterEach(() => stage?.close())

let trigger = 0
const typed = (user: string, text = '') => {
  const form = { command: '/job', text, user_id: user, channel_id: 'C1', trigger_id: `${++trigger}.1` }
  const body = new URLSearchParams({ ...form, response_url: 'https://hooks.slack.com/commands/T1/1/x' })
  return slackDelivery(stageSecrets.SLACK, body.toString(), stage.now() / 1000)
}
const replyTo = async (user: string, text?: string) =>
  String(bodyOf(await stage.post('/slack', typed(user, text))).text)
const partner = (body?: unknown) => stage.post('/partner', partnerDelivery(stage.now(), body))
const fillUp = async () => {
  for (let at = 0; at < 3; at++) expect((await partner()).statusCode).toBe(202)
}

describe('a run too many is refused', () => {
  it('over HTTP with 429 and Retry-After', async () => {
    await fillUp()
    const reply = await partner()
    expect(reply.statusCode).toBe(429)
    expect(reply.headers).toMatchObject({ 'content-type': 'application/problem+json' })
    const after = Number(reply.headers['retry-after'])
    expect(after).toBeGreaterThan(15)
    expect(after).toBeLessThanOrEqual(20)
    expect(bodyOf(reply)).toMatchObject({
      title: 'Too Many Requests',
      detail: `The limit here is 3 runs a minute; try again in ${after} s`,
    })
    expect(JSON.parse(stage.logs.at(-1) ?? '')).toMatchObject({
      level: 'info',
      outcome: 'refused',
      status: 429,
      reason: expect.stringContaining('limit here is 3 runs a minute'),
    })
    stage.advance(after * 1000)
    expect((await partner()).statusCode).toBe(202)
    expect((await partner()).statusCode).toBe(429)
  })

  it('in Slack with a reply, for this person only', async () => {
    expect(await replyTo('U1')).toContain('job')
    expect(await replyTo('U1')).toContain('job')
    expect(await replyTo('U1')).toMatch(
      /^Nothing was started\. You have asked for more than 2 runs a minute; try again in (29|30) s$/,
    )
    expect(await replyTo('U2')).not.toContain('Nothing was started')
  })

  it('for GitHub with 429, which its delivery page shows', async () => {
    expect((await stage.post('/github', pushTo('job').delivery)).statusCode).toBe(202)
    expect((await stage.post('/github', pushTo('job').delivery)).statusCode).toBe(202)
    const reply = await stage.post('/github', pushTo('job').delivery)
    expect(reply.statusCode).toBe(429)
    expect(bodyOf(reply).detail).toMatch(/^The limit here is 1 run an hour; try again in (59 min|1 h)/)
  })

  it('if it is a rerun, but not if it is the same rerun again', async () => {
    const first = bodyOf(await partner())
    expect((await partner()).statusCode).toBe(202)
    const again = (key: string) =>
      stage.bridge.receive(
        urlEvent(
          String(first.statusUrl)
            .replace(/^https:\/\/[^/]+/, '')
            .replace('?', '/rerun?'),
          { 'idempotency-key': key },
        ),
      )
    expect((await again('one')).statusCode).toBe(202)
    const second = await again('two')
    expect(second.statusCode).toBe(429)
    expect(Number(second.headers['retry-after'])).toBeGreaterThan(0)
    expect((await again('one')).statusCode).toBe(200)
  })
})

describe('no token is taken by', () => {
  it('a duplicate, which is answered even if no token is left', async () => {
    const delivery = partnerDelivery(stage.now())
    const first = await stage.post('/partner', delivery)
    for (let at = 0; at < 5; at++) {
      const again = await stage.post('/partner', delivery)
      expect(again.statusCode).toBe(200)
      expect(bodyOf(again).run).toBe(bodyOf(first).run)
    }
    expect((await partner()).statusCode).toBe(202)
    expect((await partner()).statusCode).toBe(202)
    expect((await partner()).statusCode).toBe(429)
    expect((await stage.post('/partner', delivery)).statusCode).toBe(200)
  })

  it('a delivery that starts nothing: wrong parameters, a ping, help, another event, a bad signature', async () => {
    for (let at = 0; at < 5; at++) {
      expect((await partner({ depth: 4 })).statusCode).toBe(422)
      expect((await stage.post('/partner', { ...partnerDelivery(stage.now()), body: '{}x' })).statusCode).toBe(401)
      expect(await replyTo('U3', 'help')).toContain('/job')
      expect(await replyTo('U3', 'depth=9')).toContain('Nothing was started')
    }
    for (let at = 0; at < 2; at++) expect(await replyTo('U3')).not.toContain('Nothing was started')
    stage.advance(3 * 3_600_000)
    for (const event of ['ping', 'issues', 'ping', 'issues'])
      expect(
        (await stage.post('/github', githubDelivery(stageSecrets.GITHUB, '{"action":"opened"}', event))).statusCode,
      ).toBe(200)
    for (let at = 0; at < 2; at++) expect((await stage.post('/github', pushTo('job').delivery)).statusCode).toBe(202)
    await fillUp()
  })

  it('a source without limits, which makes no further request to the table', async () => {
    const before = stage.dynamo.calls.length
    expect((await stage.post('/free', partnerDelivery(stage.now()))).statusCode).toBe(202)
    expect(JSON.stringify(stage.dynamo.calls.slice(before))).not.toContain('rate#')
  })
})

it('of many deliveries at once, as many are accepted as there are tokens', async () => {
  const replies = await Promise.all(Array.from({ length: 20 }, () => partner()))
  const statuses = replies.map(({ statusCode }) => statusCode).sort()
  expect(statuses).toEqual([...Array(3).fill(202), ...Array(17).fill(429)])
})

it('if the buckets cannot be read, the delivery is an error, and accepted later', async () => {
  stage.dynamo.intercept(({ input }) => (JSON.stringify(input).includes('rate#') ? accessDenied : undefined))
  expect((await partner()).statusCode).toBe(500)
  stage.dynamo.intercept(() => undefined)
  expect((await partner()).statusCode).toBe(202)
})
