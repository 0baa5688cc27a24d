/** A task that is paused: what is asked for is refused, what was accepted waits, what runs goes on. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createItems } from '../../src/core/aws/dynamodb-items.ts'
import type { Pauses } from '../../src/core/model/pause.ts'
import { changePauses } from '../../src/core/store/pause-store.ts'
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

let on: Stage
let client: DynamoDBClient
beforeAll(async () => {
  on = await startStage({ config, env: stageSecrets })
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  client = new DynamoDBClient({ endpoint: on.dynamo.url, region: 'us-east-1', credentials })
})
afterAll(async () => {
  client?.destroy()
  await on?.close()
})

const message = 'Cluster <upgrade> until 14:00'
/** It is heeded once what was read before is old. */
async function pause(what: Pauses): Promise<void> {
  await changePauses(createItems(client, 'taskhook'), () => what)
  on.advance(5_000)
}
const pauseFor = (name: string, until?: number) =>
  pause({ [name]: { message, by: 'ann', since: on.now(), ...(until !== undefined && { until }) } })
beforeEach(() => pause({}))

const partner = () => on.post('/partner', partnerDelivery(on.now()))
let trigger = 0
const typed = (command: string, user = 'U1') => {
  const form = { command, text: '', user_id: user, channel_id: 'C1', trigger_id: `${++trigger}.1` }
  const body = new URLSearchParams({ ...form, response_url: 'https://hooks.slack.com/commands/T1/1/x' })
  return slackDelivery(stageSecrets.SLACK, body.toString(), on.now() / 1000)
}
const runsMade = () => on.dynamo.callsOf('PutItem').length

describe('at the door', () => {
  it('HTTP: 503 with the operator’s words, and when to come again; nothing is written', async () => {
    await pauseFor('job')
    const before = runsMade()
    const reply = await partner()
    expect(reply.statusCode).toBe(503)
    expect(reply.headers).toMatchObject({ 'retry-after': '60', 'content-type': 'application/problem+json' })
    expect(bodyOf(reply)).toMatchObject({ detail: `job is paused: ${message}` })
    expect(runsMade()).toBe(before)
    expect(JSON.parse(on.logs.at(-1) ?? '')).toMatchObject({ level: 'info', outcome: 'refused', status: 503 })
    await pause({})
    expect((await partner()).statusCode).toBe(202)
  })

  it('GitHub: the same, on its delivery page', async () => {
    await pauseFor('*')
    expect(await on.post('/github', pushTo('job').delivery)).toMatchObject({
      statusCode: 503,
      body: expect.stringContaining('job is paused: Cluster <upgrade>'),
    })
  })

  it('Slack: 200, and the words, escaped', async () => {
    await pauseFor('job')
    const reply = await on.post('/slack', typed('/job'))
    expect(reply.statusCode).toBe(200)
    expect(bodyOf(reply).text).toBe('Nothing was started. job is paused: Cluster &lt;upgrade&gt; until 14:00')
    expect(JSON.stringify(bodyOf(reply).blocks)).not.toContain('<upgrade>')
  })

  it('only what is paused; a delivery that takes two routes starts both or none', async () => {
    await pauseFor('other')
    expect((await partner()).statusCode).toBe(202)
    const before = runsMade()
    expect((await on.post('/both', partnerDelivery(on.now()))).statusCode).toBe(503)
    expect(runsMade()).toBe(before)
  })

  it('a duplicate of a run that is there is answered as ever', async () => {
    const delivery = partnerDelivery(on.now())
    const first = await on.post('/partner', delivery)
    await pauseFor('job')
    const again = await on.post('/partner', delivery)
    expect([again.statusCode, bodyOf(again).run]).toEqual([200, bodyOf(first).run])
  })

  it('a repetition is refused; to look and to cancel is not', async () => {
    const first = bodyOf(await partner())
    const path = String(first.statusUrl).replace(/^https:\/\/[^/]+/, '')
    const ask = (method: string, to = '') => on.bridge.receive(urlEvent(path.replace('?', `${to}?`), {}, '', method))
    await pauseFor('job')
    expect(await ask('POST', '/rerun')).toMatchObject({ statusCode: 503, headers: { 'retry-after': '60' } })
    expect((await ask('GET')).statusCode).toBe(200)
    expect((await ask('POST', '/cancel')).statusCode).toBe(202)
  })

  it('runs out by itself', async () => {
    await pauseFor('job', on.now() + 65_000)
    const reply = await partner()
    expect(reply.headers['retry-after']).toMatch(/^(59|60)$/)
    on.advance(61_000)
    expect((await partner()).statusCode).toBe(202)
  })

  it('is read once in five seconds, and where it cannot be read nobody is let in', async () => {
    await pause({})
    const reads = () => on.dynamo.calls.filter(({ input }) => JSON.stringify(input).includes('"pause"')).length
    const before = reads()
    for (let at = 0; at < 3; at++) await partner()
    expect(reads() - before).toBe(1)
    on.advance(5_000)
    on.dynamo.intercept(({ input }) =>
      JSON.stringify(input).includes('"pause"') ? { type: 'AccessDeniedException', message: 'no' } : undefined,
    )
    expect((await partner()).statusCode).toBe(500)
    on.dynamo.intercept()
    expect((await partner()).statusCode).toBe(202)
  })
})

describe('a run that was accepted before', () => {
  it('waits, says so once, and starts when the pause has ended', async () => {
    const { delivery } = pushTo('job')
    const run = await on.accept('/github', delivery)
    await pauseFor('job')
    const told = on.notifications.length
    await on.start(run)
    expect(await on.runRecord(run)).toMatchObject({ status: 'queued', reason: `paused: ${message}` })
    expect(await on.tasks(run)).toEqual([])
    expect(on.messageDelays(run).at(-1)).toBe(60)
    on.advance(60_000)
    await on.start(run)
    expect(on.notifications.slice(told).map(({ body }) => JSON.stringify(body))).toEqual([
      expect.stringContaining('queued, paused: Cluster <upgrade> until 14:00'),
    ])
    await pause({})
    await on.start(run)
    expect(await on.tasks(run)).toHaveLength(1)
    await on.settleToEnd(run)
    expect(await on.runRecord(run)).toMatchObject({ status: 'succeeded' })
  })

  it('is looked at when the pause runs out, and found by the sweep where that look got lost', async () => {
    const run = await on.accept('/partner', partnerDelivery(on.now()))
    await pauseFor('job', on.now() + 25_000)
    await on.start(run)
    expect(on.messageDelays(run).at(-1)).toBeLessThanOrEqual(20)
    expect(on.messageDelays(run).at(-1)).toBeGreaterThan(15)
    await on.takeMessages()
    on.advance(200_000)
    await on.sweep()
    expect(await on.takeMessages()).toContain(JSON.stringify({ verb: 'start', run }))
    await on.start(run)
    expect(await on.tasks(run)).toHaveLength(1)
  })

  it('can be cancelled', async () => {
    const run = await on.accept('/partner', partnerDelivery(on.now()))
    await pauseFor('*')
    await on.start(run)
    await on.bridge.start({
      Records: [{ messageId: '1', body: JSON.stringify({ verb: 'cancel', run, by: 'ann' }) }],
    })
    expect(await on.runRecord(run)).toMatchObject({ status: 'cancelled', reason: 'cancelled by ann' })
  })

  it('that waits for a yes goes on waiting for it, and with it for the end of the pause', async () => {
    await on.post('/slack', typed('/voted'))
    const [command = ''] = await on.takeMessages()
    const { run } = JSON.parse(command) as { run: string }
    await pauseFor('job')
    await on.start(run)
    expect(await on.runRecord(run)).toMatchObject({ status: 'queued', reason: 'waits for approval' })
    await on.bridge.start({
      Records: [{ messageId: '1', body: JSON.stringify({ verb: 'approve', run, by: 'bob', actor: 'U2' }) }],
    })
    await on.start(run)
    expect(await on.runRecord(run)).toMatchObject({ status: 'queued', reason: `paused: ${message}`, approvedBy: 'bob' })
    await pause({})
    await on.start(run)
    expect(await on.tasks(run)).toHaveLength(1)
  })

  it('has its whole hour of patience with ECS after the pause', async () => {
    const run = await on.accept('/partner', partnerDelivery(on.now()))
    const refused = { kind: 'failure', reason: 'Capacity is unavailable at this time' } as const
    on.faults.inject(refused)
    await on.start(run)
    expect((await on.runRecord(run)).reason).toContain('capacity')
    await pauseFor('job')
    on.advance(2 * 3_600_000)
    await on.start(run)
    await pause({})
    on.faults.inject(refused)
    await on.start(run)
    expect(await on.runRecord(run)).toMatchObject({ status: 'queued', reason: expect.stringContaining('capacity') })
    await on.start(run)
    expect(await on.tasks(run)).toHaveLength(1)
  })
})

it('what runs goes on', async () => {
  await on.post('/slack', typed('/long'))
  const [command = ''] = await on.takeMessages()
  const { run } = JSON.parse(command) as { run: string }
  await on.start(run)
  const [running] = await on.tasks(run)
  await pauseFor('*')
  await on.sweep()
  expect(await on.tasks(run)).toHaveLength(1)
  await on.stopTask(running?.taskArn ?? '')
  for (const event of await on.waitForEvents(run, 3)) await on.bridge.settle(event)
  expect(['failed', 'cancelled']).toContain((await on.runRecord(run)).status)
})
