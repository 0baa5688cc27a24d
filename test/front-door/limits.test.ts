/** So many runs a minute: what the sender is told of one too many, and what does not count. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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

let on: Stage
beforeAll(async () => {
  on = await startStage({ config, env: stageSecrets })
})
afterAll(() => on?.close())

let trigger = 0
const typed = (user: string, text = '') => {
  const form = { command: '/job', text, user_id: user, channel_id: 'C1', trigger_id: `${++trigger}.1` }
  const body = new URLSearchParams({ ...form, response_url: 'https://hooks.slack.com/commands/T1/1/x' })
  return slackDelivery(stageSecrets.SLACK, body.toString(), on.now() / 1000)
}
const said = async (user: string, text?: string) => String(bodyOf(await on.post('/slack', typed(user, text))).text)
const partner = (body?: unknown) => on.post('/partner', partnerDelivery(on.now(), body))
const fillUp = async () => {
  for (let at = 0; at < 3; at++) expect((await partner()).statusCode).toBe(202)
}

describe('one run too many', () => {
  it('over HTTP: 429, and when to come again', async () => {
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
    expect(JSON.parse(on.logs.at(-1) ?? '')).toMatchObject({
      level: 'info',
      outcome: 'refused',
      status: 429,
      reason: expect.stringContaining('limit here is 3 runs a minute'),
    })
    on.advance(after * 1000)
    expect((await partner()).statusCode).toBe(202)
    expect((await partner()).statusCode).toBe(429)
    on.advance(60_000)
  })

  it('in Slack: 200, and our own words, to this person alone', async () => {
    expect(await said('U1')).toContain('job')
    expect(await said('U1')).toContain('job')
    expect(await said('U1')).toMatch(
      /^Nothing was started\. You have asked for more than 2 runs a minute; try again in (29|30) s$/,
    )
    expect(await said('U2')).not.toContain('Nothing was started')
  })

  it('from GitHub: 429, which its delivery page shows', async () => {
    expect((await on.post('/github', pushTo('job').delivery)).statusCode).toBe(202)
    expect((await on.post('/github', pushTo('job').delivery)).statusCode).toBe(202)
    const reply = await on.post('/github', pushTo('job').delivery)
    expect(reply.statusCode).toBe(429)
    expect(bodyOf(reply).detail).toMatch(/^The limit here is 1 run an hour; try again in (59 min|1 h)/)
  })

  it('a repetition is a run, too', async () => {
    const first = bodyOf(await partner())
    expect((await partner()).statusCode).toBe(202)
    const again = (key: string) =>
      on.bridge.receive(
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
    on.advance(60_000)
  })
})

describe('what does not count', () => {
  it('a duplicate: it takes no token, and is answered when there is none', async () => {
    const delivery = partnerDelivery(on.now())
    const first = await on.post('/partner', delivery)
    for (let at = 0; at < 5; at++) {
      const again = await on.post('/partner', delivery)
      expect(again.statusCode).toBe(200)
      expect(bodyOf(again).run).toBe(bodyOf(first).run)
    }
    expect((await partner()).statusCode).toBe(202)
    expect((await partner()).statusCode).toBe(202)
    expect((await partner()).statusCode).toBe(429)
    expect((await on.post('/partner', delivery)).statusCode).toBe(200)
    on.advance(60_000)
  })

  it('what starts nothing: a wrong parameter, a ping, help, another event, a bad signature', async () => {
    for (let at = 0; at < 5; at++) {
      expect((await partner({ depth: 4 })).statusCode).toBe(422)
      expect((await on.post('/partner', { ...partnerDelivery(on.now()), body: '{}x' })).statusCode).toBe(401)
      expect(await said('U3', 'help')).toContain('/job')
      expect(await said('U3', 'depth=9')).toContain('Nothing was started')
    }
    for (let at = 0; at < 2; at++) expect(await said('U3')).not.toContain('Nothing was started')
    on.advance(3 * 3_600_000)
    for (const event of ['ping', 'issues', 'ping', 'issues'])
      expect(
        (await on.post('/github', githubDelivery(stageSecrets.GITHUB, '{"action":"opened"}', event))).statusCode,
      ).toBe(200)
    for (let at = 0; at < 2; at++) expect((await on.post('/github', pushTo('job').delivery)).statusCode).toBe(202)
    await fillUp()
    on.advance(60_000)
  })

  it('a source without limits, which asks the table for nothing more', async () => {
    const before = on.dynamo.calls.length
    expect((await on.post('/free', partnerDelivery(on.now()))).statusCode).toBe(202)
    expect(JSON.stringify(on.dynamo.calls.slice(before))).not.toContain('rate#')
  })
})

it('many at the same moment: as many runs as there are tokens, and the others are told', async () => {
  const replies = await Promise.all(Array.from({ length: 20 }, () => partner()))
  const statuses = replies.map(({ statusCode }) => statusCode).sort()
  expect(statuses).toEqual([...Array(3).fill(202), ...Array(17).fill(429)])
  on.advance(60_000)
})

it('where the table cannot be reached nobody is let in', async () => {
  on.dynamo.intercept(({ input }) => (JSON.stringify(input).includes('rate#') ? accessDenied : undefined))
  expect((await partner()).statusCode).toBe(500)
  on.dynamo.intercept(() => undefined)
  expect((await partner()).statusCode).toBe(202)
})
