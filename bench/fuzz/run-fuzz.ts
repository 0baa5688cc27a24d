/** Sends fuzzed requests to `receive` at a given rate, all in this process. The emulators run in another one. */
import { setImmediate, setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { builtin } from '../../src/adapters/registry.ts'
import { createBridge } from '../../src/compose.ts'
import type { Bridge } from '../../src/core/bridge.ts'
import { createLog } from '../../src/core/telemetry/log.ts'
import { createInbox } from '../../src/local/senders/inbox.ts'
import { startChild } from '../processes/child-process.ts'
import { config, secrets } from './config.ts'
import { createLeakDetector, type LeakDetector } from './leak-detector.ts'
import { createRandom } from './random.ts'
import { type FuzzedRequest, makeFuzzedRequest } from './requests.ts'

export interface FuzzOptions {
  readonly seconds: number
  /** Requests per second. */
  readonly rate: number
  readonly seed: number
  /** Percentage of valid deliveries. Default: 1 */
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
  /** The first few requests that were answered 5xx or threw, as JSON. */
  readonly failures: readonly string[]
  readonly failed: number
  readonly leakDetector: LeakDetector
  /** Bytes in use after a forced collection: after a sixth of all requests, and at the end. */
  readonly heap: { readonly early: number; readonly end: number }
}

export async function runFuzz({ seconds, rate, seed, valid = 1, onProgress }: FuzzOptions): Promise<FuzzResult> {
  const emulators = await startChild<Record<string, string>>('emulators.ts')
  const leakDetector = createLeakDetector()
  const bridge = await createBridge({
    adapters: builtin,
    config,
    log: createLog('trace', { write: leakDetector.write }),
    // Stub responses of GitHub and Slack, for what `receive` asks them.
    fetch: createInbox().fetch,
    env: { ...emulators.ready, ...secrets, TASKHOOK_KEY: 'env:STATUS_KEY' },
  })
  const results = createResults()
  const random = createRandom(seed)
  const requests = seconds * rate
  const cpu = process.cpuUsage()
  const { wallSeconds, earlyHeap } = await sendAtRate({
    ...{ requests, rate, onProgress },
    async send() {
      const request = makeFuzzedRequest(random, valid, Date.now())
      leakDetector.addSignatures(request.signatures)
      results.add(request, await statusOf(bridge, request))
    },
  })
  const { user, system } = process.cpuUsage(cpu)
  const heap = { early: earlyHeap, end: collectGarbage() }
  await emulators.close()
  return {
    ...{ requests, seconds: wallSeconds, cpuSeconds: (user + system) / 1e6, leakDetector, heap },
    ...results.summary(),
  }
}

interface Load {
  readonly requests: number
  readonly rate: number
  readonly onProgress: ((line: string) => void) | undefined
  send(): Promise<void>
}

/** The number of instances that a function may have. */
const maxInFlight = 500
/** Sent in one turn of the event loop, so that pending I/O continues in between. */
const batchSize = 20

async function sendAtRate({ requests, rate, send, onProgress }: Load) {
  let inFlight = 0
  const sendOne = async (): Promise<void> => {
    inFlight++
    await send()
    inFlight--
  }
  const drain = async (): Promise<void> => {
    while (inFlight > 0) await setImmediate()
  }
  const began = performance.now()
  const elapsed = (): number => (performance.now() - began) / 1000
  let earlyHeap = 0
  let lastProgress = 0
  for (let sent = 0; sent < requests; ) {
    const due = Math.min(requests, Math.floor(elapsed() * rate))
    for (let left = batchSize; left > 0 && sent < due && inFlight < maxInFlight; left--, sent++) void sendOne()
    // If no request is due, it sleeps, so that the unused share of the core shows in the CPU time.
    await (sent < due ? setImmediate() : setTimeout(1))
    if (earlyHeap === 0 && sent >= requests / 6) {
      await drain()
      earlyHeap = collectGarbage()
    }
    if (elapsed() > lastProgress + 10) {
      lastProgress = elapsed()
      onProgress?.(`${sent} sent, ${(sent / lastProgress).toFixed(0)} a second`)
    }
  }
  await drain()
  return { wallSeconds: elapsed(), earlyHeap }
}

const maxFailuresKept = 5

function createResults() {
  const answers = new Map<string, number>()
  const failures: string[] = []
  let failed = 0
  return {
    add({ kind, event }: FuzzedRequest, status: number | string) {
      const name = `${kind} ${status}`
      answers.set(name, (answers.get(name) ?? 0) + 1)
      if (typeof status === 'number' && status < 500) return
      failed++
      if (failures.length < maxFailuresKept) failures.push(`${name}: ${JSON.stringify(event).slice(0, 3000)}`)
    },
    summary: () => ({ answers, failures, failed }),
  }
}

/** The status, or a text for an exception or an internal error. */
async function statusOf(bridge: Bridge, { event }: FuzzedRequest): Promise<number | string> {
  try {
    const { statusCode, body } = await bridge.receive(event)
    return isInternalErrorText(body) ? 'internal error as text' : statusCode
  } catch (error) {
    return `threw ${error}`
  }
}

/** Slack shows a response to people only if its status is 200, so an internal error is a text there. */
export const isInternalErrorText = (body: string): boolean => body.includes('went wrong on our side')

/** Enables `gc` without a flag on the command line. @returns bytes in use */
function collectGarbage(): number {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  gc()
  gc()
  return process.memoryUsage().heapUsed
}
