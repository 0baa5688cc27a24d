/** Groups of runs: never more at a time than they may be, in the order in which they were asked for, whatever breaks on the way. */
import { afterEach, describe, expect, it } from 'vitest'
import { isTerminal } from '../../src/core/model/run.ts'
import { eventually } from '../support/eventually.ts'
import { bodyOf } from '../support/function-url.ts'
import { accessDenied, type Call } from '../support/relay.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { partnerDelivery, stageSecrets } from '../support/stage-deliveries.ts'

const config = (concurrency: string, command = 'true') => `
sources:
  partner: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER" }
  second: { adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER" }
tasks:
  analyze:
    cluster: c
    taskDefinition: t
    container: app
    subnets: [s]
    concurrency: ${concurrency}
    params: { dataset: { type: string, required: true }, at: { type: string } }
    local: { command: [sh, -c, '${command}'] }
routes:
  - { on: partner, run: analyze }
  - { on: second, run: analyze }
`

let stage: Stage | undefined
afterEach(async () => {
  await stage?.close()
  stage = undefined
})
const begin = async (concurrency: string, command?: string): Promise<Stage> => {
  stage = await startStage({ config: config(concurrency, command), env: stageSecrets })
  return stage
}
const ask = async (on: Stage, dataset: string, path = '/partner'): Promise<string> => {
  on.advance(1000)
  return on.accept(path, partnerDelivery(on.now(), { dataset }))
}
const going = async (on: Stage): Promise<string[]> =>
  (await on.tasks()).flatMap(({ lastStatus, startedBy = '' }) =>
    lastStatus === 'STOPPED' ? [] : startedBy.replace('taskhook/', ''),
  )
/** What the queue holds, delivered once. */
const deliverQueue = async (on: Stage): Promise<void> => {
  for (const body of await on.takeMessages()) await on.bridge.start({ Records: [{ messageId: 'm', body }] })
}

describe('queue', () => {
  it('holds back what is over the limit, says its place, and lets the next in when one ends', async () => {
    const on = await begin('{ group: "${params.dataset}" }', 'sleep 60')
    const runs = [
      await ask(on, 'sales'),
      await ask(on, 'sales'),
      await ask(on, 'sales', '/second'),
      await ask(on, 'people'),
    ]
    for (const run of runs) await on.start(run)
    const [first = '', second = '', third = '', other = ''] = runs
    expect((await going(on)).sort()).toEqual([first, other].sort())
    expect(await on.runRecord(second)).toMatchObject({ status: 'queued', reason: '1st in line, 1 at a time' })
    expect(await on.runRecord(third)).toMatchObject({ status: 'queued', reason: '2nd in line, 1 at a time' })

    await on.stopTask((await on.runRecord(first)).taskArn ?? '')
    for (const event of await eventually(
      () => on.eventsOf(first).at(-1)?.detail?.lastStatus === 'STOPPED' && on.eventsOf(first),
    ))
      await on.bridge.settle(event)
    expect(await on.runRecord(third)).toMatchObject({ status: 'queued', reason: '1st in line, 1 at a time' })
    await deliverQueue(on)
    expect((await going(on)).sort()).toEqual([second, other].sort())
  })

  it('one who waits and is cancelled leaves the line', async () => {
    const on = await begin('{}', 'sleep 60')
    const [first, second, third] = [await ask(on, 'a'), await ask(on, 'b'), await ask(on, 'c')]
    for (const run of [first, second, third]) await on.start(run)
    await on.bridge.start({
      Records: [{ messageId: 'm', body: JSON.stringify({ verb: 'cancel', run: second, by: 'ann' }) }],
    })
    expect(await on.runRecord(second)).toMatchObject({ status: 'cancelled', reason: 'cancelled by ann' })
    await on.stopTask((await on.runRecord(first)).taskArn ?? '')
    for (const event of await eventually(
      () => on.eventsOf(first).at(-1)?.detail?.lastStatus === 'STOPPED' && on.eventsOf(first),
    ))
      await on.bridge.settle(event)
    await deliverQueue(on)
    expect(await going(on)).toEqual([third])
  })
})

it('reject: one too many does not run, and is told why', async () => {
  const on = await begin('{ group: "${params.dataset}", whenFull: reject }', 'sleep 60')
  const [first, second] = [await ask(on, 'sales'), await ask(on, 'sales')]
  for (const run of [first, second]) await on.start(run)
  expect(await on.runRecord(second)).toMatchObject({
    status: 'failed-to-start',
    reason: 'another run of sales must end first',
  })
  expect(await going(on)).toEqual([first])
})

it('cancel-oldest: the newest runs, and those before it are cancelled', async () => {
  const on = await begin('{ whenFull: cancel-oldest }', 'sleep 60')
  const runs = [await ask(on, 'a'), await ask(on, 'b'), await ask(on, 'c')]
  for (const run of runs) await on.start(run)
  const [first = '', second = '', third = ''] = runs
  await eventually(() => on.eventsOf(first).at(-1)?.detail?.lastStatus === 'STOPPED')
  for (const event of on.eventsOf(first)) await on.bridge.settle(event)
  expect(await on.runRecord(first)).toMatchObject({ status: 'cancelled', reason: 'cancelled by a newer run' })
  expect(await on.runRecord(second)).toMatchObject({ status: 'cancelled', reason: 'cancelled by a newer run' })
  await deliverQueue(on)
  expect(await going(on)).toEqual([third])
})

/** mulberry32: the same numbers for the same seed. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

describe('fifty deliveries into a group of two', () => {
  it.each([
    ['when all goes well', 0],
    ['with a crash of start or settle between any two steps, seed 1', 1],
  ])(
    '%s: never more than two at once, all run, in order',
    async (_name, seed) => {
      const on = await begin('{ limit: 2 }', 'sleep 0.1')
      const runs: string[] = []
      for (let at = 0; at < 50; at++) runs.push(await ask(on, `d${at}`, at % 2 === 0 ? '/partner' : '/second'))

      const started = new Set<string>()
      const stopped = (run: string) => on.eventsOf(run).some(({ detail }) => detail?.lastStatus === 'STOPPED')
      let mostAtOnce = 0
      on.ecs.intercept(({ action, input }) => {
        if (action === 'RunTask') {
          started.add(String(input.startedBy).replace('taskhook/', ''))
          mostAtOnce = Math.max(mostAtOnce, [...started].filter((run) => !stopped(run)).length)
        }
        return undefined
      })
      const chance = random(seed)
      // A call that fails is where the function died: what came before it is done, what comes after it is not.
      for (const relay of [on.dynamo, on.sqs])
        relay.intercept(() => (seed > 0 && chance() < 0.06 ? accessDenied : undefined))

      const settled = new Map<string, number>()
      const settleAll = async (): Promise<void> => {
        for (const run of started) {
          const events = on.eventsOf(run)
          for (let at = settled.get(run) ?? 0; at < events.length; at++) {
            const event = events[at] ?? {}
            const holds = () =>
              on.bridge.settle(event).then(
                () => true,
                () => false,
              )
            // EventBridge tries again, and some day gives up: then the sweep must do.
            for (let tries = 0; tries < 3; tries++) if (await holds()) break
            settled.set(run, at + 1)
          }
        }
      }
      for (const run of runs) await on.start(run)
      const ended = new Set<string>()
      await eventually(async () => {
        await settleAll()
        for (const body of await on.takeMessages()) {
          // The queue brings it again, until it is taken.
          for (let tries = 0; tries < 20; tries++) {
            const { batchItemFailures } = await on.bridge.start({ Records: [{ messageId: 'm', body }] })
            if (batchItemFailures.length === 0) break
            on.advance(91_000)
          }
        }
        on.advance(200_000)
        await on.sweep().catch(() => {})
        for (const run of runs)
          if (stopped(run) && !ended.has(run) && isTerminal((await on.runRecord(run)).status)) ended.add(run)
        return ended.size === runs.length
      }, 100_000)
      for (const relay of [on.dynamo, on.sqs]) relay.intercept()

      const rows = await Promise.all(runs.map((run) => on.runRecord(run)))
      expect(new Set(rows.map(({ status }) => status))).toEqual(new Set(['succeeded']))
      expect(mostAtOnce).toBe(2)
      // A start that was repeated is the same start: one token for each run.
      const tokens = on.ecs.callsOf('RunTask').map(({ input }) => `${input.startedBy} ${input.clientToken}`)
      expect(new Set(tokens).size).toBe(50)
      // Slots are given in order; who died on the way to its start may be overtaken by the few that the other slot lets in meanwhile.
      const order = [...started]
      const overtaken = Math.max(...order.map((run, at) => Math.abs(runs.indexOf(run) - at)))
      expect(overtaken).toBeLessThanOrEqual(seed === 0 ? 0 : 6)
      // What was not told for a crash is told by the sweep; then nobody has to look any more.
      for (let at = 0; at < 5; at++) {
        on.advance(3_600_000)
        await on.sweep()
      }
      expect(await on.openRuns()).toEqual([])
    },
    120_000,
  )
})

it('answers that it is queued, whoever is before it', async () => {
  const on = await begin('{}', 'sleep 60')
  await on.start(await ask(on, 'a'))
  const answer = await on.post('/partner', partnerDelivery(on.now(), { dataset: 'b' }))
  expect(answer.statusCode).toBe(202)
  const run = String(bodyOf(answer).run)
  await on.start(run)
  const { pathname, search } = new URL(String(bodyOf(answer).statusUrl))
  const status = await on.bridge.receive({
    rawPath: pathname,
    rawQueryString: search.slice(1),
    requestContext: { http: { method: 'GET' } },
  })
  expect(bodyOf(status)).toMatchObject({ status: 'queued', reason: '1st in line, 1 at a time' })
})

it.each(['queue', 'reject', 'cancel-oldest'])(
  '%s: a slot that a function gives to a run that has ended meanwhile, and dies of it, is no slot',
  async (whenFull) => {
    const on = await begin(`{ whenFull: ${whenFull} }`, 'sleep 60')
    const ended = await ask(on, 'a')
    const isOfGroup = ({ input }: Call): boolean => JSON.stringify(input.Key ?? '').includes('group#')
    const slow = gate()
    on.dynamo.intercept(async (call) => {
      if (isOfGroup(call) && !slow.reached()) await slow.pass()
      return undefined
    })
    const dying = on.start(ended)
    await eventually(slow.reached)

    // Another one takes it from there.
    on.advance(91_000)
    await on.start(ended)
    await on.stopTask((await on.runRecord(ended)).taskArn ?? '')
    await on.settleToEnd(ended)
    expect(await on.runRecord(ended)).toMatchObject({ status: 'cancelled' })
    expect(await on.openRuns()).toEqual([])

    let given = false
    on.dynamo.intercept((call) => {
      if (given) return accessDenied
      given = call.action === 'UpdateItem' && isOfGroup(call)
      return undefined
    })
    slow.open()
    await dying
    expect(given).toBe(true)
    on.dynamo.intercept()

    const [next, last] = [await ask(on, 'b'), await ask(on, 'c')]
    await on.start(next)
    expect(await going(on)).toEqual([next])
    await on.start(last)
    expect(await on.runRecord(last)).toMatchObject({ status: whenFull === 'reject' ? 'failed-to-start' : 'queued' })
  },
)

/** Nobody passes until it is open. */
function gate() {
  let open = () => {}
  let reached = false
  const way = new Promise<void>((resolve) => {
    open = resolve
  })
  return {
    open: () => open(),
    reached: () => reached,
    pass: () => {
      reached = true
      return way
    },
  }
}
