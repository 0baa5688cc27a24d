/** docs/config.md: `concurrency` limits how many runs of a group have a task at once; `whenFull` says what happens to the others. */
import { afterEach, describe, expect, it } from 'vitest'
import { bodyOf } from '../support/function-url.ts'
import { partnerDelivery } from '../support/stage-deliveries.ts'
import { type ConcurrencyStage, startConcurrencyStage } from './concurrency-stage.ts'

let stage: ConcurrencyStage | undefined
afterEach(async () => {
  await stage?.close()
  stage = undefined
})
const begin = async (concurrency: string): Promise<ConcurrencyStage> => {
  stage = await startConcurrencyStage(concurrency)
  return stage
}

describe('whenFull: queue', () => {
  it('queues runs beyond the limit with their place, and starts the next one when a run ends', async () => {
    const on = await begin('{ group: "${params.dataset}" }')
    const runs = [
      await on.request('sales'),
      await on.request('sales'),
      await on.request('sales', '/second'),
      await on.request('people'),
    ]
    for (const run of runs) await on.start(run)
    const [first = '', second = '', third = '', other = ''] = runs
    expect([...(await on.runningRuns())].sort()).toEqual([first, other].sort())
    expect(await on.runRecord(second)).toMatchObject({ status: 'queued', reason: '1st in line, 1 at a time' })
    expect(await on.runRecord(third)).toMatchObject({ status: 'queued', reason: '2nd in line, 1 at a time' })

    await on.stopAndSettle(first)
    expect(await on.runRecord(third)).toMatchObject({ status: 'queued', reason: '1st in line, 1 at a time' })
    await on.deliverQueue()
    expect([...(await on.runningRuns())].sort()).toEqual([second, other].sort())
  })

  it('removes a cancelled run from the queue of its group', async () => {
    const on = await begin('{}')
    const [first, second, third] = [await on.request('a'), await on.request('b'), await on.request('c')]
    for (const run of [first, second, third]) await on.start(run)
    await on.deliver({ verb: 'cancel', run: second, by: 'ann' })
    expect(await on.runRecord(second)).toMatchObject({ status: 'cancelled', reason: 'cancelled by ann' })
    await on.stopAndSettle(first)
    await on.deliverQueue()
    expect(await on.runningRuns()).toEqual([third])
  })

  it('cancels a run that is cancelled while `start` puts it into the queue of its group', async () => {
    const on = await begin('{}')
    await on.start(await on.request('a'))
    const second = await on.request('b')
    let cancelled = false
    on.dynamo.intercept(async ({ action, input }) => {
      if (cancelled || action !== 'UpdateItem' || !JSON.stringify(input).includes('1st in line')) return undefined
      cancelled = true
      await on.deliver({ verb: 'cancel', run: second, by: 'ann' })
      return undefined
    })
    await on.start(second)
    on.dynamo.intercept()
    expect(cancelled).toBe(true)
    expect(await on.runRecord(second)).toMatchObject({
      ...{ status: 'cancelled', reason: 'cancelled by ann', notified: 'cancelled' },
    })
  })

  it('answers the sender 202, and its status page shows the place', async () => {
    const on = await begin('{}')
    await on.start(await on.request('a'))
    const answer = await on.post('/partner', partnerDelivery(on.now(), { dataset: 'b' }))
    expect(answer.statusCode).toBe(202)
    await on.start(String(bodyOf(answer).run))
    const { pathname, search } = new URL(String(bodyOf(answer).statusUrl))
    const status = await on.bridge.receive({
      rawPath: pathname,
      rawQueryString: search.slice(1),
      requestContext: { http: { method: 'GET' } },
    })
    expect(bodyOf(status)).toMatchObject({ status: 'queued', reason: '1st in line, 1 at a time' })
  })
})

it('whenFull: reject fails a run beyond the limit to start, with the reason', async () => {
  const on = await begin('{ group: "${params.dataset}", whenFull: reject }')
  const [first, second] = [await on.request('sales'), await on.request('sales')]
  for (const run of [first, second]) await on.start(run)
  expect(await on.runRecord(second)).toMatchObject({
    ...{ status: 'failed-to-start', reason: 'rejected, because another run of sales had not ended' },
  })
  expect(await on.runningRuns()).toEqual([first])
})

it('whenFull: cancel-oldest starts the newest run, and cancels the runs before it', async () => {
  const on = await begin('{ whenFull: cancel-oldest }')
  const runs = [await on.request('a'), await on.request('b'), await on.request('c')]
  for (const run of runs) await on.start(run)
  const [first = '', second = '', third = ''] = runs
  await on.settleToEnd(first)
  const cancelled = { status: 'cancelled', reason: 'cancelled by a newer run' }
  expect(await on.runRecord(first)).toMatchObject(cancelled)
  expect(await on.runRecord(second)).toMatchObject(cancelled)
  await on.deliverQueue()
  expect(await on.runningRuns()).toEqual([third])
})
