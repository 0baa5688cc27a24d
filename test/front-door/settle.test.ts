/** However events and broken writes come, a run ends once, its sender hears the true last word, and nothing is left open. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { EcsEvent, EcsTask } from '../../src/core/model/ecs-task.ts'
import { eventually } from '../support/eventually.ts'
import { bodyOf } from '../support/function-url.ts'
import { accessDenied, type Call } from '../support/relay.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { partnerDelivery, pushTo, stageSecrets } from '../support/stage-deliveries.ts'

const task = (name: string, command: string, more = '') => `
  ${name}:
    cluster: main
    taskDefinition: ${name}
    container: app
    subnets: [subnet-a]
    local: { command: [sh, -c, "echo up $TASKHOOK_RUN_ID; exec ${command}"] }
    ${more}`
const config = `
sources:
  github:  { adapter: github, secret: "env:GITHUB", token: "env:GITHUB_TOKEN" }
  partner: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER" }
tasks:
  ${task('quick', 'true')}
  ${task('long', 'sleep 60')}
  ${task('limited', 'sleep 60', 'timeout: 90s')}
routes:
  ${['quick', 'long', 'limited']
    .map((name) => `- { on: github, event: push, repositories: [demo/${name}], run: ${name} }`)
    .join('\n  ')}
  - { on: partner, run: quick }
`

let stage: Stage
beforeAll(async () => {
  stage = await startStage({ config, env: stageSecrets })
})
afterAll(() => stage.close())
afterEach(async () => {
  for (const relay of [stage.dynamo, stage.sqs, stage.ecs]) relay.intercept()
  stage.beforeFetch()
  await stage.takeMessages()
})

const minutes = (count: number) => count * 60_000

/** A run of a task, started, and what its commit has been told. */
async function begin(name: string) {
  const { sha, delivery } = pushTo(name)
  const run = await stage.accept('/github', delivery)
  await stage.start(run)
  return { sha, run, told: () => notifiedAt(sha) }
}
const notifiedAt = (sha: string) =>
  stage.notifications
    .filter(({ url }) => url.pathname.endsWith(`/statuses/${sha}`))
    .map(({ body }) => (body as { state: string }).state)
const statusOf = async (run: string) => (await stage.runRecord(run)).status
const once = async (run: string) => {
  expect(await stage.tasks(run)).toHaveLength(1)
  expect(stage.output.filter((line) => line === `up ${run}`)).toHaveLength(1)
}
/** The messages that a sweep has sent, which the queue then brings. */
async function bringMessages(): Promise<string[]> {
  const bodies = await stage.takeMessages()
  await stage.bridge.start({ Records: bodies.map((body) => ({ messageId: body, body })) })
  return bodies.map((body) => (JSON.parse(body) as { run: string }).run)
}

describe('events', () => {
  it.each([
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ])('in the order %i %i %i, each twice, end in one success', async (...order) => {
    const { run, told } = await begin('quick')
    const events = await stage.waitForEvents(run, 3)
    expect(events.map(({ detail }) => detail?.lastStatus)).toEqual(['PENDING', 'RUNNING', 'STOPPED'])
    const [running, ended] = [order.indexOf(1), order.indexOf(2)]
    for (const [step, at] of order.entries()) {
      for (const event of [events[at], events[at]]) if (event !== undefined) await stage.bridge.settle(event)
      expect(await statusOf(run)).toBe(step >= ended ? 'succeeded' : step >= running ? 'running' : 'starting')
    }
    expect(told()).toEqual(running < ended ? ['pending', 'pending', 'success'] : ['pending', 'success'])
    expect(await stage.runRecord(run)).toMatchObject({ exitCode: 0, notified: 'succeeded' })
  })

  it('a terminal status never changes, not even for a higher version', async () => {
    const { run, told } = await begin('quick')
    await stage.settleToEnd(run)
    const row = await stage.runRecord(run)
    const detail: EcsTask = {
      taskArn: row.taskArn,
      startedBy: `taskhook/${run}`,
      lastStatus: 'STOPPED',
      version: 99,
      containers: [{ name: 'app', exitCode: 1 }],
    }
    await stage.bridge.settle(taskEvent(detail))
    await stage.bridge.settle(taskEvent({ ...detail, lastStatus: 'RUNNING', version: 100 }))
    expect(await stage.runRecord(run)).toEqual(row)
    expect(told().at(-1)).toBe('success')
  })

  const taskEvent = (detail: EcsTask): EcsEvent => ({
    source: 'aws.ecs',
    'detail-type': 'ECS Task State Change',
    detail,
  })
  const stopped: EcsTask = { taskArn: 'arn:aws:ecs:eu-west-1:1:task/main/1', lastStatus: 'STOPPED', version: 3 }
  const unknown = `taskhook/${'0'.repeat(20)}`
  it.each<[string, EcsEvent]>([
    ['of a task that a service has started', taskEvent({ ...stopped, startedBy: 'ecs-svc/1234567890123456789' })],
    ['of a task that nobody says to have started', taskEvent(stopped)],
    ['of a task whose startedBy only looks like ours', taskEvent({ ...stopped, startedBy: 'taskhook/../x' })],
    [
      'of another kind',
      { source: 'aws.ecs', 'detail-type': 'ECS Deployment State Change', detail: { startedBy: unknown } },
    ],
    ['of another sender', { ...taskEvent({ ...stopped, startedBy: unknown }), source: 'my.app' }],
    ['with nothing in it', {}],
  ])('one %s is not even looked up', async (_name, event) => {
    const [calls, lines] = [stage.dynamo.calls.length, stage.logs.length]
    await stage.bridge.settle(event)
    expect(stage.dynamo.calls).toHaveLength(calls)
    expect(stage.logs).toHaveLength(lines)
  })

  it('one of a run that the ledger does not know is logged and makes no run', async () => {
    const lines = stage.logs.length
    await stage.bridge.settle(taskEvent({ ...stopped, startedBy: unknown }))
    expect(stage.logs.slice(lines).join()).toContain('a run that the ledger does not know')
    await expect(stage.runRecord('0'.repeat(20))).rejects.toThrow('the ledger has no run')
  })

  it('one that cannot be written down is thrown, so that EventBridge brings it again', async () => {
    const { run } = await begin('quick')
    const events = await stage.waitForEvents(run, 3)
    stage.dynamo.intercept(({ action }) => (action === 'UpdateItem' ? accessDenied : undefined))
    for (const event of events) await expect(stage.bridge.settle(event)).rejects.toThrow('refused by the test')
    stage.dynamo.intercept()
    await stage.settleToEnd(run)
    expect(await statusOf(run)).toBe('succeeded')
  })

  it('a task that ECS took and could not start is failed-to-start, with the reason', async () => {
    const reason = 'CannotPullContainerError: pull image manifest has been retried 5 time(s)'
    stage.faults.inject({ kind: 'failed-to-start', reason })
    const { run, told } = await begin('quick')
    for (const event of await stage.waitForEvents(run, 2)) await stage.bridge.settle(event)
    expect(await stage.runRecord(run)).toMatchObject({
      status: 'failed-to-start',
      reason: `the image could not be pulled: ${reason}`,
    })
    expect(told()).toEqual(['pending', 'error'])
  })
})

describe('the sweep', () => {
  it('starts what was opened and never queued', async () => {
    const { delivery, sha } = pushTo('quick')
    stage.sqs.intercept(() => accessDenied)
    expect((await stage.post('/github', delivery)).statusCode).toBe(500)
    stage.sqs.intercept()
    const runs = (await stage.openRuns()).slice(-1)
    const run = String(runs[0])

    stage.advance(minutes(1))
    await stage.sweep()
    expect(await bringMessages()).toEqual([])
    stage.advance(minutes(1) + 1000)
    await stage.sweep()
    expect(await bringMessages()).toEqual([run])
    await stage.settleToEnd(run)
    expect(await statusOf(run)).toBe('succeeded')
    expect(notifiedAt(sha).at(-1)).toBe('success')
    await once(run)
  })

  it('and so does the sender who tries again', async () => {
    const delivery = partnerDelivery(stage.now())
    stage.sqs.intercept(() => accessDenied)
    expect((await stage.post('/partner', delivery)).statusCode).toBe(500)
    stage.sqs.intercept()
    stage.advance(11_000)
    const again = await stage.post('/partner', delivery)
    expect(again.statusCode).toBe(200)
    const run = String(bodyOf(again).run)
    expect(await bringMessages()).toEqual([run])
    await stage.settleToEnd(run)
    await once(run)
  })

  /** Has `start` break off at a write to the ledger, and lets the queue and then the sweep put it right. */
  it.each<[string, (input: Call['input']) => boolean]>([
    ['before RunTask', ({ UpdateExpression }) => String(UpdateExpression).includes('#attempt =')],
    ['after RunTask', ({ UpdateExpression }) => String(UpdateExpression).includes('#taskArn =')],
  ])('starts what was claimed by a start that broke off %s, once', async (_name, breaks) => {
    const run = await stage.accept('/github', pushTo('quick').delivery)
    stage.dynamo.intercept(({ action, input }) => (action === 'UpdateItem' && breaks(input) ? accessDenied : undefined))
    const comesAgain = { batchItemFailures: [{ itemIdentifier: run }] }
    expect(await stage.start(run)).toEqual(comesAgain)
    stage.dynamo.intercept()
    // Within the lease whoever claimed it may still be at it.
    expect(await stage.start(run)).toEqual(comesAgain)
    await stage.sweep()
    expect(await bringMessages()).toEqual([])

    stage.advance(91_000)
    await stage.sweep()
    expect(await bringMessages()).toEqual([run])
    await stage.settleToEnd(run)
    expect(await statusOf(run)).toBe('succeeded')
    await once(run)
  })

  it('finds what has ended without an event', async () => {
    const { run, told } = await begin('quick')
    await stage.waitForEvents(run, 3)
    stage.advance(minutes(9))
    await stage.sweep()
    expect(await statusOf(run)).toBe('starting')
    stage.advance(minutes(1) + 1000)
    await stage.sweep()
    expect(await stage.runRecord(run)).toMatchObject({ status: 'succeeded', exitCode: 0 })
    expect(told()).toEqual(['pending', 'success'])
    // The event comes after all.
    await stage.settleToEnd(run)
    expect(told()).toEqual(['pending', 'success'])
  })

  it('says so where ECS has forgotten the task', async () => {
    const { run, told } = await begin('quick')
    await stage.waitForEvents(run, 3)
    stage.advance(minutes(61))
    await stage.sweep()
    expect(await stage.runRecord(run)).toMatchObject({
      status: 'failed',
      reason: 'ECS no longer knows the task, and no event reported how it ended',
    })
    expect(told()).toEqual(['pending', 'failure'])
  })

  it('leaves a task that runs alone', async () => {
    const { run, told } = await begin('long')
    for (const event of await stage.waitForEvents(run, 2)) await stage.bridge.settle(event)
    stage.advance(minutes(120))
    await stage.sweep()
    expect(await statusOf(run)).toBe('running')
    expect(told()).toEqual(['pending', 'pending'])
    expect(await stage.openRuns()).toContain(run)
    await stopAtEcs(run)
  })

  it('is not held up by a run that cannot be put right', async () => {
    const [stuck, fine] = [await begin('quick'), await begin('quick')]
    await Promise.all([stage.waitForEvents(stuck.run, 3), stage.waitForEvents(fine.run, 3)])
    const { taskArn } = await stage.runRecord(stuck.run)
    stage.ecs.intercept(({ input }) => (JSON.stringify(input).includes(String(taskArn)) ? accessDenied : undefined))
    stage.advance(minutes(10) + 1000)
    const lines = stage.logs.length
    await stage.sweep()
    expect(await statusOf(fine.run)).toBe('succeeded')
    expect(stage.logs.slice(lines).join()).toContain('could not repair a run')
    // It goes to the end of the line: a hundred like it would otherwise be all that a sweep ever looks at.
    const calls = stage.ecs.callsOf('DescribeTasks').length
    await stage.sweep()
    expect(stage.ecs.callsOf('DescribeTasks')).toHaveLength(calls)

    stage.ecs.intercept()
    stage.advance(minutes(10) + 1000)
    await stage.sweep()
    expect(await statusOf(stuck.run)).toBe('succeeded')
  })
})

/** Ends a task from outside, and delivers what ECS says of it. */
async function stopAtEcs(run: string) {
  const before = await stage.waitForEvents(run, 2)
  const [only] = await stage.tasks(run)
  await stage.stopTask(String(only?.taskArn))
  for (const event of (await stage.waitForEvents(run, before.length + 1)).slice(before.length))
    await stage.bridge.settle(event)
}

describe('a timeout', () => {
  /** Sweeps at 60 s and at 91 s, and lets the event of the stop come. */
  const runsOut = async ({ run, told }: Awaited<ReturnType<typeof begin>>) => {
    const before = (await stage.waitForEvents(run, 2)).length
    stage.advance(60_000)
    await stage.sweep()
    expect(stopsOf(run)).toEqual([])
    stage.advance(31_000)
    await stage.sweep()
    expect(stopsOf(run)).toMatchObject([{ reason: 'taskhook: timed out' }])
    for (const event of (await stage.waitForEvents(run, before + 1)).slice(before)) await stage.bridge.settle(event)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'timed-out', exitCode: 143 })
    expect(told().at(-1)).toBe('error')
    expect(await stage.openRuns()).not.toContain(run)
  }
  const stopsOf = (run: string) =>
    stage.ecs
      .callsOf('StopTask')
      .map(({ input }) => input)
      .filter(({ task }) => stage.eventsOf(run).some(({ detail }) => detail?.taskArn === task))

  it('stops a run of which no event has come', async () => {
    await runsOut(await begin('limited'))
  })

  it('stops a run whose events have come', async () => {
    const began = await begin('limited')
    for (const event of await stage.waitForEvents(began.run, 2)) await stage.bridge.settle(event)
    await runsOut(began)
  })

  it('stops a run whose start was lost, and of which only the events told', async () => {
    stage.faults.inject({ kind: 'lost' }, 3)
    const began = await begin('limited')
    for (const event of await stage.waitForEvents(began.run, 2)) await stage.bridge.settle(event)
    await stage.start(began.run)
    await runsOut(began)
  })
})

describe('what could not be told', () => {
  it('is told by the sweep, and not twice', async () => {
    const { run, told } = await begin('quick')
    stage.beforeFetch(async () => {
      throw new TypeError('fetch failed')
    })
    const lines = stage.logs.length
    await stage.settleToEnd(run)
    expect(await statusOf(run)).toBe('succeeded')
    expect(stage.logs.slice(lines).join()).toContain('could not tell the sender that the run is succeeded')
    expect(await stage.openRuns()).toContain(run)
    stage.beforeFetch()

    await stage.sweep()
    expect(told()).toEqual(['pending'])
    stage.advance(minutes(2) + 1000)
    await stage.sweep()
    expect(told()).toEqual(['pending', 'success'])
    expect(await stage.openRuns()).not.toContain(run)
    stage.advance(minutes(60))
    await stage.sweep()
    expect(told()).toEqual(['pending', 'success'])
  })

  it('is given up after ten tries, each later than the one before', async () => {
    const { sha, run, told } = await begin('quick')
    let tries = 0
    stage.beforeFetch(async ({ url }) => {
      if (url.endsWith(sha)) tries++
      throw new TypeError('fetch failed')
    })
    for (const event of (await stage.waitForEvents(run, 3)).slice(2)) await stage.bridge.settle(event)
    for (let hour = 0; hour < 12; hour++) {
      stage.advance(minutes(60) + 1000)
      await stage.sweep()
    }
    expect(tries).toBe(10)
    expect(told()).toEqual(['pending'])
    expect(await stage.openRuns()).not.toContain(run)
    expect(stage.logs.join()).toContain('the sender was never told; giving up')
  })

  it('is told the truth in the end, where an old word is overtaken by the last one', async () => {
    const { sha, delivery } = pushTo('quick')
    const run = await stage.accept('/github', delivery)
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    let holding = 0
    stage.beforeFetch(async () => {
      // Only the first word: that the run is starting.
      if (holding++ === 0) await held
    })
    const starting = stage.start(run)
    await eventually(() => holding > 0)
    await stage.settleToEnd(run)
    expect(notifiedAt(sha)).toEqual(['pending', 'success'])
    release()
    expect(await starting).toEqual({ batchItemFailures: [] })
    expect(notifiedAt(sha).slice(2)).toEqual(['pending', 'success'])
    expect(await stage.runRecord(run)).toMatchObject({ status: 'succeeded', notified: 'succeeded' })
  })

  it('is followed by the end once more, where nobody knows whether an old word has come after it', async () => {
    const { sha, delivery } = pushTo('quick')
    const run = await stage.accept('/github', delivery)
    let giveUp = () => {}
    const held = new Promise<void>((_, reject) => {
      giveUp = () => reject(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
    })
    let holding = 0
    stage.beforeFetch(async () => {
      // That the run is starting: sent, and not answered in time.
      if (holding++ === 0) await held
    })
    const starting = stage.start(run)
    await eventually(() => holding > 0)
    await stage.settleToEnd(run)
    expect(notifiedAt(sha)).toEqual(['pending', 'success'])
    expect(await stage.openRuns()).not.toContain(run)
    giveUp()
    await starting
    expect(await stage.openRuns()).toContain(run)
    stage.advance(minutes(2))
    await stage.sweep()
    expect(notifiedAt(sha)).toEqual(['pending', 'success', 'success'])
    expect(await stage.openRuns()).not.toContain(run)
  })
})

it('nothing is open once all have ended', async () => {
  const runs = await Promise.all(Array.from({ length: 5 }, () => begin('quick')))
  expect(await stage.openRuns()).toEqual(expect.arrayContaining(runs.map(({ run }) => run)))
  await Promise.all(runs.map(({ run }) => stage.settleToEnd(run)))
  const open = await stage.openRuns()
  const left = await Promise.all(open.map((run) => statusOf(run)))
  expect(left).toEqual([])
})
