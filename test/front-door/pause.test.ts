/** docs/operations.md: a paused task takes no new runs; runs that were accepted wait for the end of the pause, and running tasks keep running. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { slackDelivery } from '../support/deliveries.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { partnerDelivery, pushTo, stageSecrets } from '../support/stage-deliveries.ts'

const task = (name: string, command: string) => `
  ${name}: { cluster: c, taskDefinition: ${name}, container: app, subnets: [s], local: { command: [sh, -c, '${command}'] } }`
const config = `
sources:
  github: { adapter: github, secret: "env:GITHUB", token: "env:GITHUB_TOKEN" }
  slack: { adapter: slack, signingSecret: "env:SLACK" }
  partner: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER" }
  both: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER" }
tasks:${task('job', 'true')}${task('other', 'true')}${task('long', 'sleep 60')}
routes:
  - { on: github, event: push, run: job }
  - { on: slack, command: /job, run: job }
  - { on: slack, command: /voted, run: job, approval: { from: [U2], expires: 1h } }
  - { on: slack, command: /long, run: long }
  - { on: partner, run: job }
  - { on: both, run: job }
  - { on: both, run: other }
`

let stage: Stage
beforeEach(async () => {
  stage = await startStage({ config, env: stageSecrets })
})
afterEach(() => stage.close())

const message = 'Cluster <upgrade> until 14:00'
const pauseFor = (name: string, until?: number) =>
  stage.pause({ [name]: { message, by: 'ann', since: stage.now(), ...(until !== undefined && { until }) } })

const partner = () => stage.post('/partner', partnerDelivery(stage.now()))
let trigger = 0
const typed = (command: string, user = 'U1') => {
  const form = { command, text: '', user_id: user, channel_id: 'C1', trigger_id: `${++trigger}.1` }
  const body = new URLSearchParams({ ...form, response_url: 'https://hooks.slack.com/commands/T1/1/x' })
  return slackDelivery(stageSecrets.SLACK, body.toString(), stage.now() / 1000)
}
const runsMade = () => stage.dynamo.callsOf('PutItem').length

describe('a delivery for a paused task is refused', () => {
  it('over HTTP with 503, the message of the operator and Retry-After, and nothing is stored', async () => {
    await pauseFor('job')
    const before = runsMade()
    const reply = await partner()
    expect(reply.statusCode).toBe(503)
    expect(reply.headers).toMatchObject({ 'retry-after': '60', 'content-type': 'application/problem+json' })
    expect(bodyOf(reply)).toMatchObject({ detail: `job is paused: ${message}` })
    expect(runsMade()).toBe(before)
    expect(JSON.parse(stage.logs.at(-1) ?? '')).toMatchObject({ level: 'info', outcome: 'refused', status: 503 })
    await stage.pause({})
    expect((await partner()).statusCode).toBe(202)
  })

  it('for GitHub with the same, which its delivery page shows', async () => {
    await pauseFor('*')
    expect(await stage.post('/github', pushTo('job').delivery)).toMatchObject({
      statusCode: 503,
      body: expect.stringContaining('job is paused: Cluster <upgrade>'),
    })
  })

  it('in Slack with a reply that contains the message, escaped', async () => {
    await pauseFor('job')
    const reply = await stage.post('/slack', typed('/job'))
    expect(reply.statusCode).toBe(200)
    expect(bodyOf(reply).text).toBe('Nothing was started. job is paused: Cluster &lt;upgrade&gt; until 14:00')
    expect(JSON.stringify(bodyOf(reply).blocks)).not.toContain('<upgrade>')
  })

  it('only if one of its tasks is paused; a delivery that matches two routes starts both or none', async () => {
    await pauseFor('other')
    expect((await partner()).statusCode).toBe(202)
    const before = runsMade()
    expect((await stage.post('/both', partnerDelivery(stage.now()))).statusCode).toBe(503)
    expect(runsMade()).toBe(before)
  })

  it('not if it is a duplicate of a run that exists', async () => {
    const delivery = partnerDelivery(stage.now())
    const first = await stage.post('/partner', delivery)
    await pauseFor('job')
    const again = await stage.post('/partner', delivery)
    expect([again.statusCode, bodyOf(again).run]).toEqual([200, bodyOf(first).run])
  })

  it('if it is a rerun; reading and cancelling a run is not refused', async () => {
    const first = bodyOf(await partner())
    const path = String(first.statusUrl).replace(/^https:\/\/[^/]+/, '')
    const ask = (method: string, to = '') => stage.bridge.receive(urlEvent(path.replace('?', `${to}?`), {}, '', method))
    await pauseFor('job')
    expect(await ask('POST', '/rerun')).toMatchObject({ statusCode: 503, headers: { 'retry-after': '60' } })
    expect((await ask('GET')).statusCode).toBe(200)
    expect((await ask('POST', '/cancel')).statusCode).toBe(202)
  })

  it('until the pause expires', async () => {
    await pauseFor('job', stage.now() + 65_000)
    const reply = await partner()
    expect(reply.headers['retry-after']).toMatch(/^(59|60)$/)
    stage.advance(61_000)
    expect((await partner()).statusCode).toBe(202)
  })

  it('by pauses that are read every five seconds; if they cannot be read, a delivery is an error', async () => {
    const reads = () => stage.dynamo.calls.filter(({ input }) => JSON.stringify(input).includes('"pause"')).length
    const before = reads()
    for (let at = 0; at < 3; at++) await partner()
    expect(reads() - before).toBe(1)
    stage.advance(5_000)
    stage.dynamo.intercept(({ input }) =>
      JSON.stringify(input).includes('"pause"') ? { type: 'AccessDeniedException', message: 'no' } : undefined,
    )
    expect((await partner()).statusCode).toBe(500)
    stage.dynamo.intercept()
    expect((await partner()).statusCode).toBe(202)
  })
})

describe('a run that was accepted before the pause', () => {
  it('waits, notifies its sender once, and starts after the pause', async () => {
    const { delivery } = pushTo('job')
    const run = await stage.accept('/github', delivery)
    await pauseFor('job')
    const before = stage.notifications.length
    await stage.start(run)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'queued', reason: `paused: ${message}` })
    expect(await stage.tasks(run)).toEqual([])
    expect(stage.messageDelays(run).at(-1)).toBe(60)
    stage.advance(60_000)
    await stage.start(run)
    expect(stage.notifications.slice(before).map(({ body }) => JSON.stringify(body))).toEqual([
      expect.stringContaining('queued, paused: Cluster <upgrade> until 14:00'),
    ])
    await stage.pause({})
    await stage.start(run)
    expect(await stage.tasks(run)).toHaveLength(1)
    await stage.settleToEnd(run)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'succeeded' })
  })

  it('is started when the pause expires, and by the sweep if that message was lost', async () => {
    const run = await stage.accept('/partner', partnerDelivery(stage.now()))
    await pauseFor('job', stage.now() + 25_000)
    await stage.start(run)
    expect(stage.messageDelays(run).at(-1)).toBeLessThanOrEqual(20)
    expect(stage.messageDelays(run).at(-1)).toBeGreaterThan(15)
    await stage.takeMessages()
    stage.advance(200_000)
    await stage.sweep()
    expect(await stage.takeMessages()).toContain(JSON.stringify({ verb: 'start', run }))
    await stage.start(run)
    expect(await stage.tasks(run)).toHaveLength(1)
  })

  it('can be cancelled', async () => {
    const run = await stage.accept('/partner', partnerDelivery(stage.now()))
    await pauseFor('*')
    await stage.start(run)
    await stage.deliver({ verb: 'cancel', run, by: 'ann' })
    expect(await stage.runRecord(run)).toMatchObject({ status: 'cancelled', reason: 'cancelled by ann' })
  })

  it('waits for its approval, and once approved for the end of the pause', async () => {
    await stage.post('/slack', typed('/voted'))
    const [start = ''] = await stage.takeMessages()
    const { run } = JSON.parse(start) as { run: string }
    await pauseFor('job')
    await stage.start(run)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'queued', reason: 'waits for approval' })
    await stage.deliver({ verb: 'approve', run, by: 'bob', actor: 'U2' })
    await stage.start(run)
    expect(await stage.runRecord(run)).toMatchObject({
      status: 'queued',
      reason: `paused: ${message}`,
      approvedBy: 'bob',
    })
    await stage.pause({})
    await stage.start(run)
    expect(await stage.tasks(run)).toHaveLength(1)
  })

  it('has its whole hour for ECS to find capacity after the pause', async () => {
    const run = await stage.accept('/partner', partnerDelivery(stage.now()))
    const refused = { kind: 'failure', reason: 'Capacity is unavailable at this time' } as const
    stage.faults.inject(refused)
    await stage.start(run)
    expect((await stage.runRecord(run)).reason).toContain('capacity')
    await pauseFor('job')
    stage.advance(2 * 3_600_000)
    await stage.start(run)
    await stage.pause({})
    stage.faults.inject(refused)
    await stage.start(run)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'queued', reason: expect.stringContaining('capacity') })
    await stage.start(run)
    expect(await stage.tasks(run)).toHaveLength(1)
  })
})

it('a running task keeps running, and its end is recorded', async () => {
  await stage.post('/slack', typed('/long'))
  const [command = ''] = await stage.takeMessages()
  const { run } = JSON.parse(command) as { run: string }
  await stage.start(run)
  const [running] = await stage.tasks(run)
  await pauseFor('*')
  await stage.sweep()
  expect(await stage.tasks(run)).toHaveLength(1)
  await stage.stopTask(running?.taskArn ?? '')
  await stage.settleToEnd(run)
  expect(['failed', 'cancelled']).toContain((await stage.runRecord(run)).status)
})
