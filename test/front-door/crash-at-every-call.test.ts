/**
 * Whatever dies, at whatever moment: a function that is gone between any two of its calls, its message lost or brought again. Then time
 * passes, and one sweep puts it right: every run has ended, whoever asked knows, nothing is left to look at, and no slot is held.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isTerminal } from '../../src/core/model/run.ts'
import { type Delivery, slackDelivery } from '../support/deliveries.ts'
import { bodyOf } from '../support/function-url.ts'
import { accessDenied } from '../support/relay.ts'
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
  ${task('plain', 'true')}
  ${task('grouped', 'true', 'concurrency: { limit: 1 }')}
  ${task('long', 'sleep 60', 'concurrency: { limit: 1 }')}
  ${task('voted', 'true')}
routes:
  - { on: github, event: push, run: plain, if: 'event.repository.name == "plain"' }
  - { on: github, event: push, run: grouped, if: 'event.repository.name == "grouped"' }
  - { on: slack, command: /long, run: long }
  - { on: slack, command: /voted, run: voted, approval: { from: [U2], expires: 10m } }
`

let on: Stage
let left = Number.POSITIVE_INFINITY
let dead = false
let calls = 0
/** The call at which it dies is not made any more, and neither is any after it. */
const dies = (): boolean => {
  calls++
  if (left-- <= 0) dead = true
  return dead
}

beforeAll(async () => {
  on = await startStage({ config, env: stageSecrets })
  for (const relay of [on.dynamo, on.sqs, on.ecs]) relay.intercept(() => (dies() ? accessDenied : undefined))
  on.beforeFetch(async () => {
    if (dies()) throw new TypeError('fetch failed')
  })
})
afterAll(() => on?.close())

/** One invocation. @returns false: it died */
async function invoke(what: () => Promise<boolean>): Promise<boolean> {
  const held = await what().catch(() => false)
  if (!dead) return held
  dead = false
  left = Number.POSITIVE_INFINITY
  return false
}

type Fate = 'lost' | 'brought again'

/** AWS and the senders around the functions: what it brings, and what it does with what was not taken. */
function around(fate: Fate, sleeps = false) {
  const runs: string[] = []
  const settled = new Map<string, number>()
  const bring = async (what: () => Promise<boolean>): Promise<boolean> => {
    if (await invoke(what)) return true
    if (fate === 'lost') return false
    // A lease that the dead one holds ends.
    on.advance(91_000)
    return invoke(what)
  }
  const start = (body: string) => async () =>
    (await on.bridge.start({ Records: [{ messageId: 'm', body }] })).batchItemFailures.length === 0

  const add = (run: string | undefined): void => {
    if (run === undefined || runs.includes(run)) return
    runs.push(run)
    if (sleeps) sleeping.add(run)
  }

  return {
    runs,
    async deliver(path: string, delivery: () => Delivery): Promise<void> {
      const made = delivery()
      await bring(async () => {
        const answer = await on.post(path, made)
        const run = answer.statusCode < 300 ? runIn(answer.body) : undefined
        add(run)
        return answer.statusCode < 500 && !answer.body.includes('went wrong on our side')
      })
    },
    async command(body: unknown): Promise<void> {
      await bring(start(JSON.stringify(body)))
    },
    /** Until nothing moves any more. */
    async play(): Promise<void> {
      for (let quiet = 0; quiet < 2; ) {
        quiet++
        for (const body of await on.takeMessages()) {
          quiet = 0
          // One whose sender was answered 500, though it was written down.
          const run = runIn(body)
          add(run)
          await bring(start(body))
        }
        for (const run of runs) {
          if (isMoving(run)) quiet = 0
          for (const event of on.eventsOf(run).slice(settled.get(run) ?? 0)) {
            quiet = 0
            settled.set(run, (settled.get(run) ?? 0) + 1)
            await bring(() => on.bridge.settle(event).then(() => true))
          }
        }
        if (quiet < 2) await new Promise((resolve) => setTimeout(resolve, 3))
      }
    },
  }
}
/** Its task is on its way to its end, or to `sleep`. */
const isMoving = (run: string): boolean => {
  const states = on.eventsOf(run).map(({ detail }) => detail?.lastStatus)
  return states.length > 0 && !states.includes('STOPPED') && !(states.includes('RUNNING') && sleeping.has(run))
}
/** Runs that end only when they are stopped, and nobody has stopped yet. */
const sleeping = new Set<string>()

const runIn = (body: string): string | undefined => /"(?:run|value)":"([0-9a-f]{20})"/.exec(body)?.[1]

let typed = 0
const command = (name: string): Delivery => {
  const id = ++typed
  const fields = {
    ...{ command: name, text: '', user_id: 'U1', user_name: 'ann', channel_id: 'C1', trigger_id: `1.2.${id}` },
    response_url: `https://hooks.slack.com/commands/T1/${id}/x`,
  }
  return slackDelivery(stageSecrets.SLACK, new URLSearchParams(fields).toString(), on.now() / 1000)
}

type Around = ReturnType<typeof around>
const sleepers = 'a run that is cancelled, and one that waits for it and is cancelled'
const lives: Readonly<Record<string, (aws: Around) => Promise<void>>> = {
  'a run': async (aws) => {
    await aws.deliver('/github', () => pushTo('plain').delivery)
    await aws.play()
  },
  'two runs of a group of one': async (aws) => {
    await aws.deliver('/github', () => pushTo('grouped').delivery)
    await aws.deliver('/github', () => pushTo('grouped').delivery)
    await aws.play()
  },
  [sleepers]: async (aws) => {
    for (let at = 0; at < 2; at++) await aws.deliver('/slack', () => command('/long'))
    await aws.play()
    for (const run of aws.runs.toReversed()) await aws.command({ verb: 'cancel', run, by: 'bob' })
    await stopSleepers(aws)
  },
  'a run that is approved': async (aws) => {
    await aws.deliver('/slack', () => command('/voted'))
    await aws.play()
    for (const run of aws.runs) await aws.command({ verb: 'approve', run, by: 'bob', actor: 'U2' })
    await aws.play()
  },
  'a run that is rejected, after it has said how far it is': async (aws) => {
    await aws.deliver('/slack', () => command('/voted'))
    await aws.play()
    for (const run of aws.runs) {
      await aws.command({ verb: 'progress', run, report: { percent: 1 }, at: on.now() })
      await aws.command({ verb: 'reject', run, by: 'bob' })
    }
    await aws.play()
  },
}

/** Nobody waits an hour for a task whose cancellation was lost. */
async function stopSleepers(aws: Around): Promise<void> {
  for (let round = 0; round < 2; round++) {
    await aws.play()
    for (const { taskArn = '', lastStatus, startedBy = '' } of await on.tasks()) {
      sleeping.delete(startedBy.replace('taskhook/', ''))
      if (lastStatus === 'RUNNING') await on.stopTask(taskArn)
    }
    await aws.play()
  }
}

const later = (minutes: number) => on.advance(minutes * 60_000)

async function live(life: (aws: Around) => Promise<void>, fate: Fate, at: number): Promise<number> {
  const aws = around(fate, life === lives[sleepers])
  calls = 0
  left = at
  await life(aws)
  const made = calls
  left = Number.POSITIVE_INFINITY
  later(16)
  await on.sweep()
  await stopSleepers(aws)

  for (const run of aws.runs) {
    const row = await on.runRecord(run)
    const where = `${run} of the life that ended at call ${at}: ${row.status} ${row.reason ?? ''}`
    expect(isTerminal(row.status), where).toBe(true)
    expect(row.notified, where).toBe(row.status)
    expect((await on.tasks(run)).length, where).toBeLessThanOrEqual(1)
    expect(
      (await on.tasks(run)).every(({ lastStatus }) => lastStatus === 'STOPPED'),
      where,
    ).toBe(true)
  }
  expect(await on.openRuns()).toEqual([])
  return made
}

describe.each(Object.entries(lives))('%s', (_, life) => {
  it.each<Fate>(['brought again', 'lost'])(
    'dies at its calls in turn; what was not taken is %s',
    async (fate) => {
      const calls = await live(life, fate, Number.POSITIVE_INFINITY)
      expect(calls).toBeGreaterThan(5)
      // Every other call, by turns with the other fate; the simulation dies at all of them, thousands of times.
      for (let at = fate === 'lost' ? 1 : 3; at < calls; at += 4) await live(life, fate, at)
      // A slot that somebody still held would keep this one waiting.
      const aws = around('brought again')
      await aws.deliver('/github', () => pushTo('grouped').delivery)
      await aws.play()
      expect((await on.runRecord(aws.runs[0] ?? '')).status).toBe('succeeded')
    },
    120_000,
  )
})

it('the test notices when something is left undone', async () => {
  const aws = around('lost')
  left = 2
  await aws.deliver('/github', () => pushTo('plain').delivery)
  await aws.play()
  const [run = ''] = aws.runs
  expect(bodyOf(await on.post('/github', pushTo('plain').delivery)).status).toBe('queued')
  expect(isTerminal((await on.runRecord(run)).status)).toBe(false)
})
