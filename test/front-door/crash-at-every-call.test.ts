/**
 * docs/architecture.md: a function can die between any two of its requests, and its message can be lost. Then one sweep is enough: every
 * run ends, its sender is notified, no run is open, and no slot is held.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isTerminal } from '../../src/core/model/run.ts'
import { bodyOf } from '../support/function-url.ts'
import { pushTo } from '../support/stage-deliveries.ts'
import { type Aws, type CrashStage, type Fate, startCrashStage } from './crash-stage.ts'

let on: CrashStage
beforeEach(async () => {
  on = await startCrashStage()
})
afterEach(() => on.stage.close())

interface Scenario {
  readonly runsUntilStopped?: true
  readonly play: (aws: Aws) => Promise<void>
}

const scenarios: Readonly<Record<string, Scenario>> = {
  'a run': {
    async play(aws) {
      await aws.post('/github', pushTo('plain').delivery)
      await aws.settleDown()
    },
  },
  'two runs of a group of one': {
    async play(aws) {
      for (let at = 0; at < 2; at++) await aws.post('/github', pushTo('grouped').delivery)
      await aws.settleDown()
    },
  },
  'a running and a waiting run of a group, both cancelled': {
    runsUntilStopped: true,
    async play(aws) {
      for (let at = 0; at < 2; at++) await aws.post('/slack', on.command('/long'))
      await aws.settleDown()
      for (const run of aws.runs.toReversed()) await aws.deliver({ verb: 'cancel', run, by: 'bob' })
      await aws.stopTasks()
    },
  },
  'a run that is approved': {
    async play(aws) {
      await aws.post('/slack', on.command('/approved'))
      await aws.settleDown()
      for (const run of aws.runs) await aws.deliver({ verb: 'approve', run, by: 'bob', actor: 'U2' })
      await aws.settleDown()
    },
  },
  'a run that is rejected, after a report of its progress': {
    async play(aws) {
      await aws.post('/slack', on.command('/approved'))
      await aws.settleDown()
      for (const run of aws.runs) {
        await aws.deliver({ verb: 'progress', run, report: { percent: 1 }, at: on.stage.now() })
        await aws.deliver({ verb: 'reject', run, by: 'bob' })
      }
      await aws.settleDown()
    },
  },
}

/** Plays a scenario in which the function that makes request number `at` dies; then comes one sweep. @returns the number of requests */
async function playAndDie({ play, runsUntilStopped }: Scenario, fate: Fate, at: number): Promise<number> {
  const aws = on.createAws(fate, runsUntilStopped)
  const requests = on.dieAt(at)
  await play(aws)
  const made = requests()
  on.dieAt(Number.POSITIVE_INFINITY)
  on.stage.advance(16 * 60_000)
  await on.stage.sweep()
  await aws.stopTasks()

  for (const run of aws.runs) {
    const { status, reason = '', notified } = await on.stage.runRecord(run)
    const which = `${run}, died at request ${at}: ${status} ${reason}`
    const tasks = await on.stage.tasks(run)
    expect(isTerminal(status), which).toBe(true)
    expect(notified, which).toBe(status)
    expect(tasks.length, which).toBeLessThanOrEqual(1)
    expect(
      tasks.every(({ lastStatus }) => lastStatus === 'STOPPED'),
      which,
    ).toBe(true)
  }
  expect(await on.stage.openRuns()).toEqual([])
  return made
}

describe.each(Object.entries(scenarios))('%s', (_, scenario) => {
  it.each<Fate>(['delivered again', 'lost'])(
    'ends if a function dies at any request, and what it did not take is %s',
    async (fate) => {
      const requests = await playAndDie(scenario, fate, Number.POSITIVE_INFINITY)
      expect(requests).toBeGreaterThan(5)
      // Every fourth request, with the other fate two requests later. The simulation dies at all of them, thousands of times.
      for (let at = fate === 'lost' ? 1 : 3; at < requests; at += 4) await playAndDie(scenario, fate, at)
      // A slot that an ended run still held would keep this run waiting.
      const aws = on.createAws('delivered again')
      await aws.post('/github', pushTo('grouped').delivery)
      await aws.settleDown()
      expect((await on.stage.runRecord(aws.runs[0] ?? '')).status).toBe('succeeded')
    },
    120_000,
  )
})

it('without a sweep, a lost message leaves a run queued: these tests can fail', async () => {
  const aws = on.createAws('lost')
  // Read the pauses, store the run, queue it: `start` dies at its claim.
  on.dieAt(3)
  await aws.post('/github', pushTo('plain').delivery)
  await aws.settleDown()
  const [run = ''] = aws.runs
  expect(bodyOf(await on.stage.post('/github', pushTo('plain').delivery)).status).toBe('queued')
  expect(isTerminal((await on.stage.runRecord(run)).status)).toBe(false)
})
