/** So many fuzzed requests a second into `receive`, all in this one process; the emulators have one of their own. */
import { setImmediate, setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { builtin } from '../../src/adapters/registry.ts'
import { createBridge } from '../../src/compose.ts'
import type { Bridge } from '../../src/core/bridge.ts'
import { createLog } from '../../src/core/telemetry/log.ts'
import { createInbox } from '../../src/local/senders/inbox.ts'
import { start } from '../processes/start.ts'
import { chanceFrom } from './chance.ts'
import { type Fuzzed, fuzzedRequest } from './requests.ts'
import { config, secrets } from './sources.ts'
import { createWatch, type Watch } from './watch.ts'

export interface FuzzOptions {
  readonly seconds: number
  /** Requests a second. */
  readonly rate: number
  readonly seed: number
  /** Valid deliveries of a hundred. */
  readonly valid?: number
  onProgress?(line: string): void
}

export interface FuzzResult {
  readonly requests: number
  /** Wall time, and CPU time of this process, in seconds. */
  readonly seconds: number
  readonly cpuSeconds: number
  /** `kind status` → how often. */
  readonly answers: ReadonlyMap<string, number>
  /** Requests that were answered 5xx or threw, as JSON; the first few. */
  readonly failures: readonly string[]
  readonly failed: number
  readonly watch: Watch
  /** Bytes in use after a forced collection: after a sixth of all requests, and at the end. */
  readonly heap: { readonly early: number; readonly end: number }
}

/** As many as a function may have instances. */
const mostInFlight = 500

export async function fuzz({ seconds, rate, seed, valid = 1, onProgress }: FuzzOptions): Promise<FuzzResult> {
  const emulators = await start<Record<string, string>>('emulators.ts')
  const watch = createWatch()
  const inbox = createInbox()
  const bridge = await createBridge({
    adapters: builtin,
    config,
    log: createLog('trace', { write: watch.write }),
    // GitHub and Slack, as far as the door asks them.
    fetch: inbox.fetch,
    env: { ...emulators.said, ...secrets, TASKHOOK_KEY: 'env:STATUS_KEY' },
  })
  const counts = createCounts()
  const chance = chanceFrom(seed)
  const total = seconds * rate
  const collect = createCollector()
  let inFlight = 0
  const began = performance.now()
  const cpu = process.cpuUsage()
  const shoot = async (): Promise<void> => {
    const fuzzed = fuzzedRequest(chance, valid, Date.now())
    watch.add(fuzzed.signatures)
    inFlight++
    await answered(bridge, fuzzed, counts)
    inFlight--
  }
  const drained = async (): Promise<void> => {
    while (inFlight > 0) await setImmediate()
  }
  let early = 0
  let shown = 0
  for (let sent = 0; sent < total; ) {
    const elapsed = (performance.now() - began) / 1000
    // A few at a time, so that what waits for others goes on between them.
    const due = Math.min(total, Math.floor(elapsed * rate))
    for (let few = 20; few > 0 && sent < due && inFlight < mostInFlight; few--, sent++) void shoot()
    // Who is not behind sleeps, so that what is left of the core is seen.
    await (sent < due ? setImmediate() : setTimeout(1))
    if (early === 0 && sent >= total / 6) {
      await drained()
      early = collect()
    }
    if (elapsed > shown + 10) {
      shown = elapsed
      onProgress?.(`${sent} sent, ${(sent / elapsed).toFixed(0)} a second`)
    }
  }
  await drained()
  const wall = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const heap = { early, end: collect() }
  await emulators.closed()
  return { requests: total, seconds: wall, cpuSeconds: (user + system) / 1e6, watch, heap, ...counts.seen() }
}

type Counts = ReturnType<typeof createCounts>

function createCounts() {
  const answers = new Map<string, number>()
  const failures: string[] = []
  let failed = 0
  return {
    add({ kind, event }: Fuzzed, status: number | string) {
      const name = `${kind} ${status}`
      answers.set(name, (answers.get(name) ?? 0) + 1)
      if (typeof status === 'number' && status < 500) return
      failed++
      if (failures.length < 5) failures.push(`${name}: ${JSON.stringify(event).slice(0, 3000)}`)
    },
    seen: () => ({ answers, failures, failed }),
  }
}

async function answered(bridge: Bridge, fuzzed: Fuzzed, counts: Counts): Promise<void> {
  try {
    const { statusCode, body } = await bridge.receive(fuzzed.event)
    // Slack shows people what it is told with 200, our failures too.
    counts.add(fuzzed, body.includes('went wrong on our side') ? '5xx in words' : statusCode)
  } catch (error) {
    counts.add(fuzzed, `threw ${error}`)
  }
}

/** Without a flag on the command line. */
function createCollector(): () => number {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  return () => {
    gc()
    gc()
    return process.memoryUsage().heapUsed
  }
}
