/** What an attacker found about runs that break off: a slot that is never given on, a task that nobody stops, and who may ask for what. */
import { afterEach, describe, expect, it } from 'vitest'
import { withoutTokens } from '../../src/core/telemetry/log.ts'
import { plainName } from '../../src/core/text/plain-name.ts'
import { githubDelivery, slackDelivery } from '../support/deliveries.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { accessDenied, type Call } from '../support/relay.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { partnerDelivery, stageSecrets } from '../support/stage-deliveries.ts'
import { startWorld } from '../support/world.ts'

const config = (concurrency: string, command = 'sleep 60') => `
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
    concurrency: ${concurrency}
    params: { dataset: { type: string } }
    local: { command: [sh, -c, '${command}'] }
routes:
  - { on: partner, run: analyze }
  - { on: plain, run: analyze }
  - { on: github, event: push, run: analyze, with: { dataset: hub } }
`

let on: Stage
afterEach(() => on?.close())
const begin = async (concurrency: string, command?: string) => {
  on = await startStage({ config: config(concurrency, command), env: stageSecrets })
}
const ask = (dataset: string) => {
  on.advance(1000)
  return on.accept('/partner', partnerDelivery(on.now(), { dataset }))
}
const deliver = async (body: string) => on.bridge.start({ Records: [{ messageId: 'm', body }] })
const drain = async (rounds: number) => {
  for (let at = 0; at < rounds; at++) {
    on.advance(700_000)
    await on.sweep()
    for (const body of await on.takeMessages()) await deliver(body)
  }
}
/** The start that dies between RunTask and the note of it. */
const diesAfterRunTask = ({ action, input }: Call) =>
  action === 'UpdateItem' && JSON.stringify(input.ExpressionAttributeNames ?? {}).includes('launchedAt')
    ? accessDenied
    : undefined
const isGroup = ({ input }: Call) => JSON.stringify(input.Key ?? {}).includes('group#')
const going = async () =>
  (await on.tasks()).flatMap(({ lastStatus, startedBy }) => (lastStatus === 'STOPPED' ? [] : startedBy))

describe('a start that died after RunTask', () => {
  it.each(['ann', 'a newer run'])('and was cancelled by %s: its task is found, and stopped', async (by) => {
    await begin('{}')
    const run = await ask('a')
    on.dynamo.intercept(diesAfterRunTask)
    expect((await on.start(run)).batchItemFailures).toHaveLength(1)
    on.dynamo.intercept()
    await deliver(JSON.stringify({ verb: 'cancel', run, by }))
    on.advance(91_000)
    await on.start(run)
    await on.settleToEnd(run)
    expect(await on.runRecord(run)).toMatchObject({ status: 'cancelled', reason: `cancelled by ${by}` })
    expect(await going()).toEqual([])
  })

  it('and whose task ends while it is started once more: its slot is given on', async () => {
    await begin('{}', 'true')
    const run = await ask('a')
    on.dynamo.intercept(diesAfterRunTask)
    await on.start(run)
    const events = await on.waitForEvents(run, 3)
    on.advance(91_000)
    let once = false
    on.dynamo.intercept(async (call) => {
      if (!once && call.action === 'GetItem' && isGroup(call)) {
        once = true
        for (const event of events) await on.bridge.settle(event)
      }
      return undefined
    })
    await on.start(run)
    on.dynamo.intercept()
    const second = await ask('b')
    await on.start(second)
    expect(await on.runRecord(second)).toMatchObject({ status: 'starting' })
  })
})

it('settle dies where it gives the slot on, while start still tells: the slot is given on all the same', async () => {
  await begin('{}', 'true')
  const run = await ask('a')
  let once = false
  let dead = false
  on.dynamo.intercept(async (call) => {
    if (dead && call.action === 'UpdateItem' && isGroup(call)) return accessDenied
    if (!once && JSON.stringify(call.input).includes('":set_told":{"S":"starting"}')) {
      once = true
      dead = true
      for (const event of await on.waitForEvents(run, 3)) await on.bridge.settle(event).catch(() => {})
      dead = false
    }
    return undefined
  })
  await on.start(run)
  on.dynamo.intercept()
  expect(once).toBe(true)
  const second = await ask('b')
  await on.start(second)
  await drain(3)
  expect(await on.runRecord(run)).toMatchObject({ status: 'succeeded' })
  expect((await on.runRecord(second)).status).not.toBe('queued')
})

it('the end of a task on another cluster is not the end of the run', async () => {
  await begin('{}')
  const [first, second] = [await ask('a'), await ask('b')]
  for (const run of [first, second]) await on.start(run)
  const clusterArn = 'arn:aws:ecs:us-east-1:666666666666:cluster/elsewhere'
  const taskArn = `${clusterArn.replace('cluster', 'task')}/x`
  await on.bridge.settle({
    source: 'aws.ecs',
    'detail-type': 'ECS Task State Change',
    detail: {
      clusterArn,
      taskArn,
      startedBy: `taskhook/${second}`,
      lastStatus: 'STOPPED',
      version: 9,
      containers: [{ name: 'app', exitCode: 0 }],
    },
  })
  expect(await on.runRecord(second)).toMatchObject({ status: 'queued' })
})

describe('a list', () => {
  const list = (source: string, headers: Readonly<Record<string, string>>, body = '') =>
    on.bridge.receive(urlEvent(`/runs?source=${source}&task=analyze`, headers, body, 'GET'))

  it('is not had for a recorded delivery, whoever sent that', async () => {
    await begin('{}')
    const recorded = partnerDelivery(on.now(), { dataset: 'x' })
    await on.accept('/partner', recorded)
    expect((await list('partner', recorded.headers, String(recorded.body))).statusCode).toBe(400)
    const { headers, body } = githubDelivery(stageSecrets.GITHUB, '{"dataset":"x"}', 'push')
    for (const source of ['plain', 'github'])
      expect((await list(source, { ...headers, 'idempotency-key': 'k' }, String(body))).statusCode).toBe(401)
    expect(
      (await list('plain', { ...githubDelivery(stageSecrets.GITHUB, '', 'x').headers, 'idempotency-key': 'k' }))
        .statusCode,
    ).toBe(401)
  })
})

it('a link that only reads does not wait', async () => {
  await begin('{}')
  const payload = {
    ref: 'refs/heads/main',
    after: 'a'.repeat(40),
    repository: { full_name: 'a/b', name: 'b' },
    sender: { login: 'ann' },
  }
  const answer = await on.post('/github', githubDelivery(stageSecrets.GITHUB, JSON.stringify(payload), 'push'))
  const { pathname, search } = new URL(String(bodyOf(answer).statusUrl))
  const began = Date.now()
  expect((await on.bridge.receive(urlEvent(`${pathname}${search}&wait=20`, {}, '', 'GET'))).statusCode).toBe(200)
  expect(Date.now() - began).toBeLessThan(900)
})

describe('a route that changed', () => {
  const slack = (routes: string) => `
sources:
  slack: { adapter: slack, signingSecret: "env:SLACK" }
tasks:
  job:
    cluster: c
    taskDefinition: t
    container: app
    subnets: [s]
    params: { env: { type: string, required: true, env: WHERE }, note: { type: string } }
    local: { command: [sh, -c, 'echo "in $WHERE"'] }
routes:
${routes}
`
  const prod = '  - { on: slack, command: /prod, run: job, with: { env: prod }, allow: { users: [U1] } }'
  const dev = '  - { on: slack, command: /dev, run: job, with: { env: dev } }'
  const SLACK = '8f742231b10e8888abcd99ccc555aa00'
  const command = (name: string, text: string, user: string) =>
    new URLSearchParams({
      command: name,
      text,
      user_id: user,
      channel_id: 'C1',
      trigger_id: `${user}.${text}.${Math.random()}`,
    }).toString()

  it('repeats nothing under the name of another, and shows nothing of a closed one', async () => {
    const world = await startWorld({ config: slack(`${prod}\n${dev}`), env: { SLACK } })
    try {
      const type = async (name: string, text: string, user: string) => {
        const body = command(name, text, user)
        return bodyOf(await world.bridge.receive(urlEvent('/slack', slackDelivery(SLACK, body).headers, body)))
      }
      await type('/prod', 'note=topsecret', 'U1')
      await type('/dev', 'note=plain', 'U666')
      expect(JSON.stringify(await type('/dev', 'status', 'U666'))).not.toContain('topsecret')
      expect(JSON.stringify(await type('/dev', 'status', 'U666'))).toContain('plain')
      expect(JSON.stringify(await type('/prod', 'status', 'U1'))).toContain('topsecret')
    } finally {
      await world.close()
    }
  })
})

describe('smaller ones', () => {
  it('a token that fetch quotes is not passed on', () => {
    expect(withoutTokens('Headers.append: "Bearer xoxb-1\nxoxb-2" is an invalid header value.')).toBe(
      'Headers.append: "Bearer <hidden>',
    )
  })
  it('a name is cut between characters', () => {
    expect(plainName(`${'a'.repeat(63)}\u{1D49C}\u{1D49C}`).isWellFormed()).toBe(true)
  })
})

it('a cancellation that meets a run on its way into the line is not lost', async () => {
  await begin('{}')
  await on.start(await ask('a'))
  const second = await ask('b')
  let once = false
  on.dynamo.intercept(async ({ action, input }) => {
    if (once || action !== 'UpdateItem' || !JSON.stringify(input).includes('1st in line')) return undefined
    once = true
    await deliver(JSON.stringify({ verb: 'cancel', run: second, by: 'ann' }))
    return undefined
  })
  await on.start(second)
  on.dynamo.intercept()
  expect(once).toBe(true)
  expect(await on.runRecord(second)).toMatchObject({
    status: 'cancelled',
    reason: 'cancelled by ann',
    notified: 'cancelled',
  })
})
