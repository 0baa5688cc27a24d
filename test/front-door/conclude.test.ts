/** The end of a run: it is concluded (slot released, rerun opened) and its sender is notified, and neither depends on the other. */
import { afterEach, describe, expect, it } from 'vitest'
import { slackDelivery } from '../support/deliveries.ts'
import { accessDenied, type Call } from '../support/relay.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { pushTo, stageSecrets } from '../support/stage-deliveries.ts'

const task = (name: string, command: string, more = '') => `
  ${name}:
    cluster: c
    taskDefinition: ${name}
    container: app
    subnets: [s]
    local: { command: [sh, -c, '${command}'] }
    ${more}`
const config = `
sources:
  github: { adapter: github, secret: "env:GITHUB", token: "env:GITHUB_TOKEN" }
  slack: { adapter: slack, signingSecret: "env:SLACK" }
tasks:
  ${task('spot', 'sleep 60', 'capacity: [FARGATE_SPOT]')}
  ${task('grouped', 'true', 'concurrency: { limit: 1 }')}
  ${task('single', 'sleep 60', 'concurrency: { limit: 1, whenFull: reject }')}
  ${task('hurried', 'sleep 60', 'startWithin: 10m\n    concurrency: { limit: 1 }')}
  ${task('reviewed', 'true', 'concurrency: { limit: 1 }')}
routes:
  - { on: github, event: push, repositories: [demo/spot], run: spot, onSpotInterruption: rerun }
  - { on: github, event: push, repositories: [demo/grouped], run: grouped }
  - { on: github, event: push, repositories: [demo/single], run: single }
  - { on: github, event: push, repositories: [demo/hurried], run: hurried }
  - { on: slack, command: /reviewed, run: reviewed, approval: { from: [U2], expires: 10m } }
`

let on: Stage
afterEach(() => on.close())
const begin = async (): Promise<void> => {
  on = await startStage({ config, env: stageSecrets })
}
const minutes = (count: number) => count * 60_000
const accept = (name: string) => on.accept('/github', pushTo(name).delivery)
const deliver = (body: object) => on.bridge.start({ Records: [{ messageId: 'm', body: JSON.stringify(body) }] })
const settleAll = async (run: string) => {
  for (const event of await on.waitForEvents(run, 3)) await on.bridge.settle(event)
}
const notifications = () => on.notifications.map(({ body }) => (body as { state: string }).state)
const errors = () => on.logs.filter((line) => /"level":"(error|warn)"/.test(line)).join()

const opensRerun = ({ action, input }: Call): boolean =>
  action === 'PutItem' && JSON.stringify(input).includes('rerunOf')
const isGroup = ({ input }: Call): boolean => JSON.stringify(input.Key ?? {}).includes('group#')

async function interrupt(): Promise<string> {
  const run = await accept('spot')
  on.faults.inject({ kind: 'interrupted', stopCode: 'SpotInterruption', reason: 'Your Spot Task was interrupted.' })
  await on.start(run)
  await settleAll(run)
  return run
}
const rerunsOf = async (run: string) => {
  const bodies = await on.takeMessages()
  const runs = bodies.map((body) => JSON.parse(body) as { verb: string; run: string })
  const rows = await Promise.all(runs.filter(({ verb }) => verb === 'start').map((each) => on.runRecord(each.run)))
  return rows.filter(({ rerunOf }) => rerunOf === run)
}

describe('a rerun that cannot be opened', () => {
  it('does not count as a failed notification, and is opened once it can be', async () => {
    await begin()
    on.dynamo.intercept((call) => (opensRerun(call) ? accessDenied : undefined))
    const run = await interrupt()
    expect(await on.runRecord(run)).toMatchObject({ status: 'failed', notified: 'failed' })
    expect(notifications().at(-1)).toBe('failure')
    const told = notifications().length
    for (let hour = 0; hour < 12; hour++) {
      on.advance(minutes(61))
      await on.sweep()
    }
    expect((await on.runRecord(run)).notifyTries).toBeUndefined()
    expect(notifications()).toHaveLength(told)
    expect(errors()).not.toContain('notif')
    expect(await on.openRuns()).toContain(run)

    on.dynamo.intercept()
    on.advance(minutes(61))
    await on.sweep()
    expect(await rerunsOf(run)).toHaveLength(1)
    expect(await on.openRuns()).not.toContain(run)
  })

  it('is opened even after the sender was given up', async () => {
    await begin()
    on.dynamo.intercept((call) => (opensRerun(call) ? accessDenied : undefined))
    on.beforeFetch(async () => {
      throw new TypeError('fetch failed')
    })
    const run = await interrupt()
    for (let hour = 0; hour < 15; hour++) {
      on.advance(minutes(61))
      await on.sweep()
    }
    expect(on.logs.filter((line) => line.includes('giving up'))).toHaveLength(1)
    expect(await on.openRuns()).toContain(run)
    on.dynamo.intercept()
    on.advance(minutes(61))
    await on.sweep()
    expect(await rerunsOf(run)).toHaveLength(1)
    expect(await on.openRuns()).not.toContain(run)
  })
})

describe('a slot', () => {
  it('that cannot be released is released by the sweep, and the sender is notified once', async () => {
    await begin()
    const [first, second] = [await accept('grouped'), await accept('grouped')]
    for (const run of [first, second]) await on.start(run)
    on.dynamo.intercept((call) => (isGroup(call) ? accessDenied : undefined))
    await settleAll(first)
    on.dynamo.intercept()
    expect(await on.runRecord(first)).toMatchObject({ status: 'succeeded', notified: 'succeeded' })
    expect((await on.runRecord(first)).notifyTries).toBeUndefined()
    expect(await on.openRuns()).toContain(first)
    const told = notifications().length
    on.advance(minutes(2))
    await on.sweep()
    expect(await on.takeMessages()).toContain(JSON.stringify({ verb: 'start', run: second }))
    expect(notifications()).toHaveLength(told)
    expect(await on.openRuns()).not.toContain(first)
  })

  it('is released at once where the sender cannot be notified', async () => {
    await begin()
    const [first, second] = [await accept('grouped'), await accept('grouped')]
    for (const run of [first, second]) await on.start(run)
    on.beforeFetch(async () => {
      throw new TypeError('fetch failed')
    })
    await settleAll(first)
    expect(await on.runRecord(first)).toMatchObject({ status: 'succeeded', notifyTries: 1 })
    expect(await on.takeMessages()).toContain(JSON.stringify({ verb: 'start', run: second }))
  })

  it('is released where settle dies before it could, and another function has notified the sender of the end', async () => {
    await begin()
    const [first, second] = [await accept('grouped'), await accept('grouped')]
    let dead = false
    let ended = false
    on.dynamo.intercept(async (call) => {
      if (dead) return accessDenied
      // While `start` records that the sender knows of the start, the run ends, and the function that settles it dies.
      if (!ended && JSON.stringify(call.input).includes('":set_told":{"S":"starting"}')) {
        ended = true
        const events = await on.waitForEvents(first, 3)
        on.dynamo.intercept((inner) => {
          dead ||= isGroup(inner)
          return dead ? accessDenied : undefined
        })
        for (const event of events) await on.bridge.settle(event).catch(() => {})
        on.dynamo.intercept()
      }
      return undefined
    })
    await on.start(first)
    expect(ended && dead).toBe(true)
    expect(await on.runRecord(first)).toMatchObject({ status: 'succeeded', notified: 'succeeded' })
    expect(await on.openRuns()).toContain(first)
    await on.start(second)
    for (let sweeps = 0; sweeps < 3; sweeps++) {
      on.advance(minutes(11))
      await on.sweep()
      for (const body of await on.takeMessages()) await deliver(JSON.parse(body) as object)
    }
    expect(await on.openRuns()).not.toContain(first)
    expect(await on.tasks(second)).toHaveLength(1)
  })
})

describe('is concluded before the ledger records that the sender knows:', () => {
  const reviewed = async () => {
    const fields = { command: '/reviewed', text: '', user_id: 'U1', channel_id: 'C1', trigger_id: crypto.randomUUID() }
    const form = new URLSearchParams({ ...fields, response_url: 'https://hooks.slack.com/commands/T1/1/x' })
    await on.post('/slack', slackDelivery(stageSecrets.SLACK, form.toString(), on.now() / 1000))
    const [body = ''] = await on.takeMessages()
    return (JSON.parse(body) as { run: string }).run
  }
  const denied = { type: 'AccessDeniedException', message: 'no' }

  it.each<[string, string, () => Promise<string>]>([
    [
      'a run whose task ended',
      'succeeded',
      async () => {
        const run = await accept('grouped')
        await on.start(run)
        await settleAll(run)
        return run
      },
    ],
    [
      'a run whose end only the sweep sees',
      'succeeded',
      async () => {
        const run = await accept('grouped')
        await on.start(run)
        await on.waitForEvents(run, 3)
        on.advance(minutes(11))
        await on.sweep()
        return run
      },
    ],
    [
      'a cancelled run',
      'cancelled',
      async () => {
        const run = await accept('grouped')
        await deliver({ verb: 'cancel', run, by: 'ann' })
        return run
      },
    ],
    [
      'a rejected run',
      'cancelled',
      async () => {
        const run = await reviewed()
        await on.start(run)
        await deliver({ verb: 'reject', run, by: 'bob' })
        return run
      },
    ],
    [
      'a run that was not approved in time',
      'cancelled',
      async () => {
        const run = await reviewed()
        on.advance(minutes(11))
        await on.start(run)
        return run
      },
    ],
    [
      'a run that ECS refuses for good',
      'failed-to-start',
      async () => {
        const run = await accept('grouped')
        on.ecs.intercept(({ action }) => (action === 'RunTask' ? denied : undefined))
        await on.start(run)
        return run
      },
    ],
    [
      'a run that was not started in time',
      'failed-to-start',
      async () => {
        const run = await accept('hurried')
        on.advance(minutes(11))
        await on.start(run)
        return run
      },
    ],
    [
      'a run whose group is full',
      'failed-to-start',
      async () => {
        await on.start(await accept('single'))
        const run = await accept('single')
        await on.start(run)
        return run
      },
    ],
  ])('%s', async (_name, status, end) => {
    await begin()
    const run = await end()
    expect(await on.runRecord(run)).toMatchObject({ status, notified: status })
    expect(await on.openRuns()).not.toContain(run)
    const written = (text: string) =>
      on.dynamo.calls.findLastIndex(
        ({ input }) => JSON.stringify(input).includes(run) && JSON.stringify(input).includes(text),
      )
    const ended = written(`":set_status":{"S":"${status}"}`)
    const notified = written(`":set_told":{"S":"${status}"}`)
    expect(ended).toBeGreaterThan(-1)
    const concluded = on.dynamo.calls.findIndex((call, at) => at > ended && isGroup(call))
    expect(concluded).toBeGreaterThan(ended)
    expect(notified).toBeGreaterThan(concluded)
  })
})
