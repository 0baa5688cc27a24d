/** docs/config.md: `timeout` stops a run that takes longer, whatever is known of its start. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Pushed, type PushStage, startPushStage } from './push-stage.ts'

let stage: PushStage
beforeEach(async () => {
  stage = await startPushStage()
})
afterEach(() => stage.close())

/** The sweep stops it after 90 seconds, and not after 60. */
async function expectTimeout({ run, sha }: Pushed) {
  const stops = () => stage.ecs.callsOf('StopTask').map(({ input }) => input)
  await stage.waitForEvents(run, 2)
  stage.advance(60_000)
  await stage.sweep()
  expect(stops()).toEqual([])
  stage.advance(31_000)
  await stage.sweep()
  expect(stops()).toMatchObject([{ reason: 'taskhook: timed out' }])
  await stage.settleToEnd(run)
  expect(await stage.runRecord(run)).toMatchObject({ status: 'timed-out', exitCode: 143 })
  expect(stage.statesAt(sha).at(-1)).toBe('error')
  expect(await stage.openRuns()).not.toContain(run)
}
const settleRunning = async (run: string) => {
  for (const event of await stage.waitForEvents(run, 2)) await stage.bridge.settle(event)
}

it('stops a run of which no event has come', async () => {
  await expectTimeout(await stage.pushAndStart('limited'))
})

it('stops a run whose events have come', async () => {
  const pushed = await stage.pushAndStart('limited')
  await settleRunning(pushed.run)
  await expectTimeout(pushed)
})

it('stops a run whose RunTask answers were lost, and which is known only by its events', async () => {
  stage.faults.inject({ kind: 'lost' }, 3)
  const pushed = await stage.pushAndStart('limited')
  await settleRunning(pushed.run)
  await stage.start(pushed.run)
  await expectTimeout(pushed)
})
