/** docs/config.md: a group never has more tasks than its limit, and its runs start in order, even if functions die between any two steps. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { isTerminal } from '../../src/core/model/run.ts'
import { eventually } from '../support/eventually.ts'
import { accessDenied } from '../support/relay.ts'
import { type ConcurrencyStage, startConcurrencyStage } from './concurrency-stage.ts'

let stage: ConcurrencyStage
afterEach(() => stage.close())

const limit = 2
const count = 50

it.each([
  ['without faults', false],
  ['if `start` and `settle` die between any two steps', true],
])(
  'fifty deliveries into a group of two all run, in order, %s',
  async (_name, faulty) => {
    stage = await startConcurrencyStage(`{ limit: ${limit} }`, 'sleep 0.1')
    const runs: string[] = []
    for (let at = 0; at < count; at++) runs.push(await stage.request(`d${at}`, at % 2 === 0 ? '/partner' : '/second'))

    const started = new Set<string>()
    const isStopped = (run: string) => stage.eventsOf(run).at(-1)?.detail?.lastStatus === 'STOPPED'
    let mostAtOnce = 0
    stage.ecs.intercept(({ action, input }) => {
      if (action === 'RunTask') {
        started.add(String(input.startedBy).replace('taskhook/', ''))
        mostAtOnce = Math.max(mostAtOnce, [...started].filter((run) => !isStopped(run)).length)
      }
      return undefined
    })
    // A call that fails is where the function died: what came before it is done, and what comes after it is not.
    const random = mulberry32(1)
    for (const relay of [stage.dynamo, stage.sqs])
      relay.intercept(() => (faulty && random() < 0.06 ? accessDenied : undefined))

    for (const run of runs) await stage.start(run)
    const settled = new Map<string, number>()
    const open = new Set(runs)
    const hasNews = () => [...started].some((run) => stage.eventsOf(run).length > (settled.get(run) ?? 0))
    // Rounds and not seconds: a busy machine needs longer for each.
    // What is lost needs the sweep, and so more than a lease for each round.
    const passed = faulty ? 200_000 : 1000
    for (let round = 0; !(await moveOn(started, open, settled, passed)); round++) {
      expect(round).toBeLessThan(500)
      await Promise.race([eventually(hasNews).catch(() => {}), sleep(300)])
    }
    for (const relay of [stage.dynamo, stage.sqs]) relay.intercept()

    const records = await Promise.all(runs.map((run) => stage.runRecord(run)))
    expect(new Set(records.map(({ status }) => status))).toEqual(new Set(['succeeded']))
    expect(mostAtOnce).toBe(limit)
    // A start that was repeated is the same start: one token for each run.
    const tokens = stage.ecs.callsOf('RunTask').map(({ input }) => `${input.startedBy} ${input.clientToken}`)
    expect(new Set(tokens).size).toBe(count)
    // Slots are given in order. A run whose start died may be overtaken by those that the other slot lets start until its lease ends.
    const furthest = Math.max(...[...started].map((run, at) => Math.abs(runs.indexOf(run) - at)))
    expect(furthest).toBeLessThanOrEqual(faulty ? 6 : 0)
    // The sweep notifies of what a dead function did not; then no run is open.
    for (let hour = 0; hour < 5; hour++) {
      stage.advance(3_600_000)
      await stage.sweep()
    }
    expect(await stage.openRuns()).toEqual([])
  },
  300_000,
)

/** The same numbers from 0 to 1 for the same seed. */
function mulberry32(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** AWS around the functions: delivers events and messages, repeats what was not taken, and runs the sweep. @param open runs that have not ended, as far as the last round saw @param settled events per run @param passed milliseconds since the last round @returns whether all have ended */
async function moveOn(
  started: ReadonlySet<string>,
  open: Set<string>,
  settled: Map<string, number>,
  passed: number,
): Promise<boolean> {
  const takes = (work: Promise<unknown>) =>
    work.then(
      () => true,
      () => false,
    )
  for (const run of started)
    for (const event of stage.eventsOf(run).slice(settled.get(run) ?? 0)) {
      // EventBridge tries three times. After that it is left to the sweep.
      for (let tries = 0; tries < 3; tries++) if (await takes(stage.bridge.settle(event))) break
      settled.set(run, (settled.get(run) ?? 0) + 1)
    }
  for (const body of await stage.takeMessages())
    for (let tries = 0; tries < 20; tries++) {
      if ((await stage.deliver(body)).batchItemFailures.length === 0) break
      stage.advance(91_000)
    }
  stage.advance(passed)
  await takes(stage.sweep())
  for (const run of [...open]) {
    if (!isTerminal((await stage.runRecord(run)).status)) return false
    open.delete(run)
  }
  return true
}
