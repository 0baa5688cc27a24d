/** A start that cannot lie: whatever RunTask answers, there is one task or none, and the ledger and the sender know which. */

import type { RunTaskCommandInput } from '@aws-sdk/client-ecs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { meanings } from '../../src/core/model/run-task-errors.ts'
import { slackDelivery } from '../support/deliveries.ts'
import { eventually } from '../support/eventually.ts'
import { accessDenied } from '../support/relay.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { pushTo, stageSecrets } from '../support/stage-deliveries.ts'

const task = (name: string, more: string) => `
  ${name}:
    cluster: main
    subnets: [subnet-a, subnet-b]
    local: { command: [sh, -c, "echo up $TASKHOOK_RUN_ID; exec sleep 60"] }
    ${more}`
const config = `
sources:
  github: { adapter: github, secret: "env:GITHUB", token: "env:GITHUB_TOKEN" }
  slack:  { adapter: slack, signingSecret: "env:SLACK" }
tasks:
  ${task('plain', 'taskDefinition: plain\n    container: app')}
  ${task('roomy', 'taskDefinition: roomy\n    container: app\n    capacity: [FARGATE_SPOT, FARGATE]')}
  ${task('bare', 'taskDefinition: bare')}
  ${task('ghost', 'taskDefinition: ghost:7\n    container: app')}
  ${task('bareghost', 'taskDefinition: bareghost')}
  ${task('vague', 'taskDefinition: shared')}
  ${task('left', 'taskDefinition: shared\n    container: left')}
  ${task('right', 'taskDefinition: shared\n    container: right')}
routes:
  ${['plain', 'roomy', 'bare', 'ghost', 'bareghost', 'vague']
    .map((name) => `- { on: github, event: push, repositories: [demo/${name}], run: ${name} }`)
    .join('\n  ')}
  - { on: slack, command: /ghost, run: ghost }
`
/** Where a run of \`roomy\` may go, in the order in which it is tried. */
const placesOfRoomy = ['FARGATE_SPOT', 'FARGATE'].flatMap((capacity) => [
  [capacity, ['subnet-a', 'subnet-b']],
  [capacity, ['subnet-a']],
  [capacity, ['subnet-b']],
])

let stage: Stage
beforeAll(async () => {
  stage = await startStage({ config, env: stageSecrets, unknown: ['ghost', 'bareghost'] })
})
afterAll(() => stage.close())
afterEach(async () => {
  for (const relay of [stage.dynamo, stage.sqs, stage.ecs]) relay.intercept()
  stage.beforeFetch()
  await stage.takeMessages()
})

const accept = (name: string) => stage.accept('/github', pushTo(name).delivery)

/** The RunTask calls for a run. */
const callsFor = (run: string) =>
  stage.ecs
    .callsOf('RunTask')
    .map(({ input }) => input as unknown as RunTaskCommandInput)
    .filter(({ startedBy }) => startedBy === `taskhook/${run}`)
const tokensFor = (run: string) => callsFor(run).map(({ clientToken }) => clientToken)
const placeOf = ({ launchType, capacityProviderStrategy, networkConfiguration }: RunTaskCommandInput) => [
  launchType ?? capacityProviderStrategy?.[0]?.capacityProvider,
  networkConfiguration?.awsvpcConfiguration?.subnets,
]
/** One task at ECS, and one process. */
const runsOnce = async (run: string) => {
  await stage.waitForEvents(run, 2)
  expect(await stage.tasks(run)).toHaveLength(1)
  await eventually(() => stage.output.includes(`up ${run}`))
  expect(stage.output.filter((line) => line === `up ${run}`)).toHaveLength(1)
}
const taken = { batchItemFailures: [] }

/** The delays of its messages, in seconds: each is spread by a quarter. */
function expectDelays(run: string, ...seconds: number[]) {
  const delays = stage.messageDelays(run)
  expect(delays).toHaveLength(seconds.length)
  for (const [at, wanted] of seconds.entries()) {
    expect(delays[at]).toBeGreaterThanOrEqual(Math.floor(wanted * 0.75))
    expect(delays[at]).toBeLessThanOrEqual(Math.ceil(wanted * 1.25))
  }
}

/** The message that a run was given up or put off with, by GitHub's commit status. */
const statusesAt = (sha: string) =>
  stage.notifications
    .filter(({ url }) => url.pathname.endsWith(`/statuses/${sha}`))
    .map(({ body }) => body as { state: string; description: string })

describe('soon: throttled, or an answer that never came', () => {
  it.each([
    ['ThrottlingException', 'Rate exceeded', 400, 3, meanings.throttled],
    ['InvalidParameterException', 'Rate exceeded', 400, 1, meanings.throttled],
    ['ServerException', 'Service Unavailable. Please try again later.', 500, 3, meanings['server-error']],
  ])(
    '%s: the queue brings it again, with the same token, and it runs once',
    async (type, message, status, times, is) => {
      const run = await accept('plain')
      stage.faults.inject({ kind: 'error', type, message, status }, times)
      expect(await stage.start(run)).toEqual(taken)
      expect(await stage.runRecord(run)).toMatchObject({ status: 'queued', reason: is.reason })
      expectDelays(run, 0, 5)
      expect(await stage.tasks(run)).toEqual([])

      expect(await stage.start(run)).toEqual(taken)
      await runsOnce(run)
      expect(tokensFor(run)).toHaveLength(times + 1)
      expect(new Set(tokensFor(run)).size).toBe(1)
      expect(await stage.runRecord(run)).toMatchObject({ status: 'starting', taskArn: expect.any(String) as unknown })
      expect(await stage.runRecord(run)).not.toHaveProperty('reason')
    },
  )

  it.each([
    ['once, which the SDK mends', 1],
    ['for good, which the queue mends', 3],
  ])('the task started and the connection broke, %s: the next try finds it', async (_name, times) => {
    const run = await accept('plain')
    stage.faults.inject({ kind: 'lost' }, times)
    expect(await stage.start(run)).toEqual(taken)
    if (times === 3) expect(await stage.runRecord(run)).toMatchObject({ status: 'queued' })
    expect(await stage.start(run)).toEqual(taken)
    await runsOnce(run)
    expect(new Set(tokensFor(run)).size).toBe(1)
    const [only] = await stage.tasks(run)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'starting', taskArn: only?.taskArn })
  })

  it('nothing that was lost is started again once its events have come', async () => {
    const run = await accept('plain')
    stage.faults.inject({ kind: 'lost' }, 3)
    await stage.start(run)
    for (const event of await stage.waitForEvents(run, 2)) await stage.bridge.settle(event)
    expect(await stage.start(run)).toEqual(taken)
    expect(callsFor(run)).toHaveLength(3)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'running' })
    await runsOnce(run)
  })

  it('an answer that never came is not given up after an hour either: the task may be running', async () => {
    const { sha, delivery } = pushTo('plain')
    const run = await stage.accept('/github', delivery)
    // The SDK makes three calls of one start.
    stage.faults.inject({ kind: 'lost' }, 6)
    await stage.start(run)
    expect(statusesAt(sha)).toEqual([])
    stage.advance(3_700_000)
    await stage.start(run)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'queued' })
    expectDelays(run, 0, 5, 120)
    expect(statusesAt(sha)).toMatchObject([
      { state: 'pending', description: expect.stringMatching(/^queued, /) as unknown },
    ])
    await stage.start(run)
    await runsOnce(run)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'starting', taskArn: expect.any(String) as unknown })
  })

  it('an event that comes while the next try is refused has the last word', async () => {
    const { sha, delivery } = pushTo('plain')
    const run = await stage.accept('/github', delivery)
    stage.faults.inject({ kind: 'lost' }, 3)
    await stage.start(run)
    stage.ecs.intercept(async ({ action }) => {
      if (action !== 'RunTask') return undefined
      for (const event of await stage.waitForEvents(run, 2)) await stage.bridge.settle(event)
      return accessDenied
    })
    expect(await stage.start(run)).toEqual(taken)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'running' })
    expect(statusesAt(sha).map(({ state }) => state)).toEqual(['pending'])
  })

  it('a ConflictException names the task that runs already', async () => {
    const run = await accept('plain')
    const taskArn = 'arn:aws:ecs:us-east-1:000000000000:task/main/0123456789abcdef'
    stage.ecs.intercept(({ action }) =>
      action === 'RunTask'
        ? { type: 'ConflictException', message: 'other parameters', resourceIds: [taskArn] }
        : undefined,
    )
    await stage.start(run)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'starting', taskArn })
  })
})

describe('elsewhere: no room here', () => {
  it('RESOURCE:ENI: the next place, with a new token, and it runs once', async () => {
    const run = await accept('roomy')
    stage.faults.inject({ kind: 'failure', reason: 'RESOURCE:ENI' })
    expect(await stage.start(run)).toEqual(taken)
    await runsOnce(run)
    expect(callsFor(run).map(placeOf)).toEqual(placesOfRoomy.slice(0, 2))
    expect(new Set(tokensFor(run)).size).toBe(2)
    expect(stage.messageDelays(run)).toEqual([0])
  })

  it('FARGATE_SPOT goes out as a strategy, FARGATE as a launch type, never both', async () => {
    const run = await accept('roomy')
    stage.faults.inject({ kind: 'failure', reason: 'Capacity is unavailable at this time.' }, 3)
    await stage.start(run)
    const [first, , , last] = callsFor(run)
    expect(first).toMatchObject({ capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] })
    expect(first).not.toHaveProperty('launchType')
    expect(last).toMatchObject({ launchType: 'FARGATE' })
    expect(last).not.toHaveProperty('capacityProviderStrategy')
    expect((await stage.tasks(run)).map(({ launchType }) => launchType)).toEqual(['FARGATE'])
  })

  it('no room anywhere: later, with new tokens; after an hour it could not be started, and the sender is told', async () => {
    const { sha, delivery } = pushTo('roomy')
    const run = await stage.accept('/github', delivery)
    const fault = { kind: 'failure', reason: 'Capacity is unavailable at this time.' } as const
    const reason = 'no Spot and on-demand capacity in 2 subnets'
    stage.faults.inject(fault, 6)
    expect(await stage.start(run)).toEqual(taken)
    expect(callsFor(run).map(placeOf)).toEqual(placesOfRoomy)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'queued', reason })
    expectDelays(run, 0, 60)
    expect((await stage.takeMessages()).filter((body) => body.includes(run))).toEqual([])
    await eventually(() => statusesAt(sha).length > 0)
    expect(statusesAt(sha)).toMatchObject([{ state: 'pending', description: `queued, to be tried again: ${reason}` }])

    stage.advance(60_000)
    stage.faults.inject(fault, 6)
    expect(await stage.start(run)).toEqual(taken)
    expect(callsFor(run).map(placeOf)).toEqual([...placesOfRoomy, ...placesOfRoomy])
    expect(new Set(tokensFor(run)).size).toBe(12)
    expect(statusesAt(sha)).toHaveLength(1)

    stage.advance(3_600_000)
    stage.faults.inject(fault, 6)
    expect(await stage.start(run)).toEqual(taken)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'failed-to-start', reason })
    expect(statusesAt(sha).at(-1)).toMatchObject({ state: 'error', description: `could not be started: ${reason}` })
    expect(await stage.tasks(run)).toEqual([])
    expect(await stage.openRuns()).not.toContain(run)
  })

  it('a subnet that is wrong in every place will not get better by waiting', async () => {
    const run = await accept('roomy')
    const message = "The subnet ID 'subnet-b' does not exist"
    stage.faults.inject({ kind: 'error', type: 'InvalidParameterException', message, status: 400 }, 6)
    await stage.start(run)
    expect(await stage.runRecord(run)).toMatchObject({
      status: 'failed-to-start',
      reason: `${meanings.subnet.reason} (${message})`,
    })
  })

  it('a subnet that is wrong in the last place does not speak for those that were only full', async () => {
    const run = await accept('roomy')
    stage.faults.inject({ kind: 'failure', reason: 'Capacity is unavailable at this time.' }, 5)
    const message = "The subnet ID 'subnet-b' does not exist"
    stage.faults.inject({ kind: 'error', type: 'InvalidParameterException', message, status: 400 })
    await stage.start(run)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'queued' })
  })
})

describe('later: a quota', () => {
  it('goes back to the queue without trying other places, and starts with a new token', async () => {
    const run = await accept('roomy')
    const message = "You've reached the limit on the number of vCPUs you can run concurrently"
    stage.faults.inject({ kind: 'error', type: 'ClientException', message, status: 400 })
    await stage.start(run)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'queued', reason: meanings.quota.reason })
    expect(callsFor(run)).toHaveLength(1)
    await stage.start(run)
    await runsOnce(run)
    expect(new Set(tokensFor(run)).size).toBe(2)
  })
})

describe('never: a person must change something', () => {
  it('an unknown task definition could not be started, and GitHub is told in words', async () => {
    const { sha, delivery } = pushTo('ghost')
    const run = await stage.accept('/github', delivery)
    expect(await stage.start(run)).toEqual(taken)
    const reason = 'the task definition cannot be used (TaskDefinition not found)'
    expect(await stage.runRecord(run)).toMatchObject({ status: 'failed-to-start', reason })
    expect(statusesAt(sha)).toMatchObject([{ state: 'error', description: `could not be started: ${reason}` }])
    expect(stage.messageDelays(run)).toEqual([0])
    expect(await stage.openRuns()).not.toContain(run)
    // The queue may bring it twice.
    expect(await stage.start(run)).toEqual(taken)
    expect(callsFor(run)).toHaveLength(1)
  })

  it('and so is the person in Slack', async () => {
    const form = { command: '/ghost', text: '', user_id: 'U1', channel_id: 'C1', trigger_id: '1.2.3' }
    const response_url = 'https://hooks.slack.com/commands/T1/1/ghost'
    const body = new URLSearchParams({ ...form, response_url }).toString()
    await stage.post('/slack', slackDelivery(stageSecrets.SLACK, body, stage.now() / 1000))
    for (const message of await stage.takeMessages())
      await stage.bridge.start({ Records: [{ messageId: '1', body: message }] })
    const texts = stage.notifications
      .filter(({ url }) => url.href === response_url)
      .map(({ body }) => body as { text: string })
    expect(texts.map(({ text }) => text)).toEqual([
      'ghost could not be started: the task definition cannot be used (TaskDefinition not found)',
    ])
  })
})

describe('a container that the config leaves out', () => {
  it('is looked up, and its exit code is the one that counts', async () => {
    const run = await accept('bare')
    await stage.start(run)
    await runsOnce(run)
    expect(callsFor(run)[0]?.overrides?.containerOverrides?.[0]?.name).toBe('app')
    expect(await stage.runRecord(run)).toMatchObject({ container: 'app' })
  })

  it.each([
    [
      'bareghost',
      'of a task definition that ECS does not know',
      'the task definition cannot be used (Unable to describe task definition)',
    ],
    [
      'vague',
      'where there are several',
      `the task definition cannot be used (it has the containers left, right; name one in the task's "container")`,
    ],
  ])('%s: %s, is nothing that waiting would mend', async (name, _why, reason) => {
    const { sha, delivery } = pushTo(name)
    const run = await stage.accept('/github', delivery)
    expect(await stage.start(run)).toEqual(taken)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'failed-to-start', reason })
    expect(statusesAt(sha)).toMatchObject([{ state: 'error', description: `could not be started: ${reason}` }])
    expect(callsFor(run)).toEqual([])
  })
})

describe('the queue', () => {
  it('brings the same message twice at once: one RunTask, and the second looks again later', async () => {
    const run = await accept('plain')
    stage.faults.inject({ kind: 'delay', ms: 150 })
    const results = await Promise.all([stage.start(run), stage.start(run)])
    expect(callsFor(run)).toHaveLength(1)
    expect(results.flatMap(({ batchItemFailures }) => batchItemFailures)).toEqual([{ itemIdentifier: run }])
    expect(await stage.start(run)).toEqual(taken)
    await runsOnce(run)
    expect(callsFor(run)).toHaveLength(1)
  })

  it.each([
    'not json',
    '',
    'null',
    '[]',
    '{}',
    '{"verb":"start"}',
    '{"verb":"start","run":"../../etc"}',
    '{"verb":"explode","run":"00000000000000000000"}',
  ])('brings %j, which is dropped and logged', async (body) => {
    const [lines, calls] = [stage.logs.length, stage.dynamo.calls.length]
    expect(await stage.bridge.start({ Records: [{ messageId: 'm', body }] })).toEqual(taken)
    expect(stage.logs.slice(lines).join()).toContain('dropped a message in the queue that taskhook did not send')
    expect(stage.dynamo.calls).toHaveLength(calls)
  })

  it('brings a run that the ledger has forgotten, which is dropped', async () => {
    expect(await stage.start('0'.repeat(20))).toEqual(taken)
    expect(callsFor('0'.repeat(20))).toEqual([])
  })

  it('brings a batch of which one breaks off: that one comes again, the others are done', async () => {
    const [good, broken, other] = [await accept('plain'), await accept('plain'), await accept('bare')]
    stage.dynamo.intercept(({ input }) => (JSON.stringify(input).includes(`run#${broken}`) ? accessDenied : undefined))
    const { batchItemFailures } = await stage.bridge.start({
      Records: [
        { messageId: 'good', body: JSON.stringify({ verb: 'start', run: good }) },
        { messageId: 'broken', body: JSON.stringify({ verb: 'start', run: broken }) },
        { messageId: 'junk', body: 'junk' },
        { messageId: 'other', body: JSON.stringify({ verb: 'start', run: other }) },
      ],
    })
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'broken' }])
    await Promise.all([runsOnce(good), runsOnce(other)])
    expect(callsFor(broken)).toEqual([])

    stage.dynamo.intercept()
    expect(await stage.start(broken)).toEqual(taken)
    await runsOnce(broken)
  })

  it('cannot take the message for the next try: the present one comes again', async () => {
    const run = await accept('plain')
    stage.faults.next({ kind: 'error', type: 'InvalidParameterException', message: 'Rate exceeded', status: 400 })
    stage.sqs.intercept(() => accessDenied)
    expect(await stage.start(run)).toEqual({ batchItemFailures: [{ itemIdentifier: run }] })
    stage.sqs.intercept()
    expect(await stage.start(run)).toEqual(taken)
    await runsOnce(run)
  })
})
