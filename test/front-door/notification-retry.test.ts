/** docs/operations.md: a sender that could not be notified is notified by the sweep, and the last message it gets is the true one. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { minutes, type PushStage, startPushStage } from './push-stage.ts'

let stage: PushStage
beforeEach(async () => {
  stage = await startPushStage()
})
afterEach(() => stage.close())

const senderIsDown = async () => {
  throw new TypeError('fetch failed')
}

it('the sweep notifies a sender that could not be notified, once', async () => {
  const { sha, run } = await stage.pushAndStart('quick')
  stage.beforeFetch(senderIsDown)
  await stage.settleToEnd(run)
  expect(await stage.statusOf(run)).toBe('succeeded')
  expect(stage.logs.join()).toContain('could not notify the sender that the run is succeeded')
  expect(await stage.openRuns()).toContain(run)
  stage.beforeFetch()

  await stage.sweep()
  expect(stage.statesAt(sha)).toEqual(['pending'])
  stage.advance(minutes(2) + 1000)
  await stage.sweep()
  expect(stage.statesAt(sha)).toEqual(['pending', 'success'])
  expect(await stage.openRuns()).not.toContain(run)
  stage.advance(minutes(60))
  await stage.sweep()
  expect(stage.statesAt(sha)).toEqual(['pending', 'success'])
})

it('after ten attempts, each later than the one before, the sender is given up', async () => {
  const { sha, run } = await stage.pushAndStart('quick')
  let attempts = 0
  stage.beforeFetch(async ({ url }) => {
    if (url.endsWith(sha)) attempts++
    return senderIsDown()
  })
  const ended = (await stage.waitUntilStopped(run)).at(-1) ?? {}
  await stage.bridge.settle(ended)
  for (let hour = 0; hour < 12; hour++) {
    stage.advance(minutes(60) + 1000)
    await stage.sweep()
  }
  expect(attempts).toBe(10)
  expect(stage.statesAt(sha)).toEqual(['pending'])
  expect(await stage.openRuns()).not.toContain(run)
  expect(stage.logs.join()).toContain('the sender was never notified of the end; giving up')
})

/** Holds the first request to a sender, until it is released or aborted. */
function holdFirstRequest() {
  let [release, abort] = [() => {}, () => {}]
  const held = new Promise<void>((resolve, reject) => {
    release = resolve
    abort = () => reject(new DOMException('The operation was aborted due to timeout', 'TimeoutError'))
  })
  let requests = 0
  stage.beforeFetch(async () => {
    if (requests++ === 0) await held
  })
  return { sent: () => eventually(() => requests > 0), release: () => release(), abort: () => abort() }
}

it('an old status that reaches the sender after the end is followed by the end again', async () => {
  const { sha, run } = await stage.push('quick')
  const first = holdFirstRequest()
  const starting = stage.start(run)
  await first.sent()
  await stage.settleToEnd(run)
  expect(stage.statesAt(sha)).toEqual(['pending', 'success'])
  first.release()
  expect(await starting).toEqual({ batchItemFailures: [] })
  expect(stage.statesAt(sha).slice(2)).toEqual(['pending', 'success'])
  expect(await stage.runRecord(run)).toMatchObject({ status: 'succeeded', notified: 'succeeded' })
})

it('the end is sent again if an old status was sent and not answered: it may arrive after the end', async () => {
  const { sha, run } = await stage.push('quick')
  const first = holdFirstRequest()
  const starting = stage.start(run)
  await first.sent()
  await stage.settleToEnd(run)
  expect(stage.statesAt(sha)).toEqual(['pending', 'success'])
  expect(await stage.openRuns()).not.toContain(run)
  first.abort()
  await starting
  expect(await stage.openRuns()).toContain(run)
  stage.advance(minutes(2))
  await stage.sweep()
  expect(stage.statesAt(sha)).toEqual(['pending', 'success', 'success'])
  expect(await stage.openRuns()).not.toContain(run)
})
