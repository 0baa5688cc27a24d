/** docs: a callback that is not accepted is tried again with the newest status only, at growing intervals, ten times. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type CallbackStage, startCallbackStage, verified } from './callback-stage.ts'

let on: CallbackStage
beforeEach(async () => {
  on = await startCallbackStage()
})
afterEach(() => on.stage.close())

const minute = 60_000

it.each([500, 404, 302, 304, 410])('an answer %d is tried again, with the newest status alone', async (status) => {
  on.answerWith(status)
  const run = await on.runToEnd()
  expect(on.types()).toEqual(['run.starting', 'run.running', 'run.succeeded'])
  expect(await on.stage.openRuns()).toContain(run)
  on.callbacks.length = 0
  await on.stage.sweep()
  expect(on.callbacks).toEqual([])
  on.answerWith(200)
  on.stage.advance(2 * minute + 1000)
  await on.stage.sweep()
  expect(on.types()).toEqual(['run.succeeded'])
  expect(on.callbacks[0]?.headers['webhook-id']).toBe(`${run}_succeeded`)
  expect(await on.stage.openRuns()).not.toContain(run)
  on.stage.advance(600 * minute)
  await on.stage.sweep()
  expect(on.types()).toEqual(['run.succeeded'])
})

it('a receiver that fails for hours is given up after ten attempts, each later than the one before', async () => {
  on.answerWith(500)
  const run = await on.runToEnd()
  const before = on.stage.logs.length
  for (let passed = 0; passed < 330; passed++) {
    on.stage.advance(minute)
    await on.stage.sweep()
  }
  expect(on.types().slice(0, 2)).toEqual(['run.starting', 'run.running'])
  const ended = on.callbacks.slice(2)
  expect(new Set(ended.map(({ body }) => body.type))).toEqual(new Set(['run.succeeded']))
  expect(new Set(ended.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([`${run}_succeeded`]))
  for (const callback of on.callbacks) verified(callback)
  const pauses = ended.slice(1).map(({ at }, previous) => Math.round((at - (ended[previous]?.at ?? 0)) / minute))
  // The sweep runs once a minute, so each attempt may be that much later.
  const wanted = [2, 4, 8, 16, 32, 60, 60, 60, 60]
  expect(pauses).toHaveLength(wanted.length)
  for (const [at, pause] of pauses.entries()) {
    expect(pause).toBeGreaterThanOrEqual(wanted[at] ?? 0)
    expect(pause).toBeLessThanOrEqual((wanted[at] ?? 0) + 1)
  }
  expect(await on.stage.openRuns()).not.toContain(run)
  expect(on.stage.logs.slice(before).join()).toContain('the sender was never notified of the end; giving up')
}, 60_000)
