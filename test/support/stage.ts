/**
 * A taskhook in which nothing moves by itself: the test delivers queue messages and ECS events, and advances the clock. It has the same
 * handlers, emulators and local ECS as a world (world.ts), with a relay in front of each emulator.
 */
import { builtin } from '../../src/adapters/registry.ts'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { createBridge } from '../../src/compose.ts'
import { compileConfig } from '../../src/config/compile.ts'
import type { Bridge, SqsResult } from '../../src/core/bridge.ts'
import type { FunctionUrlResult } from '../../src/core/http/lambda-url.ts'
import type { EcsEvent } from '../../src/core/model/ecs-task.ts'
import type { Pauses } from '../../src/core/model/pause.ts'
import { createLog } from '../../src/core/telemetry/log.ts'
import type { FaultInjector } from '../../src/local/faults/fault-injector.ts'
import { faultInjectingFetch } from '../../src/local/senders/fault-injecting-fetch.ts'
import { createInbox, type InboxMessage } from '../../src/local/senders/inbox.ts'
import type { Delivery } from './deliveries.ts'
import type { EcsTasks } from './ecs-tasks.ts'
import { eventually } from './eventually.ts'
import { bodyOf, urlEvent } from './function-url.ts'
import type { Relay } from './relay.ts'
import { startAws } from './stage-aws.ts'
import { createStageQueue, type StageQueue } from './stage-queue.ts'
import { createStageTable, type StageTable } from './stage-table.ts'

export interface Stage
  extends StageQueue,
    Pick<StageTable, 'runRecord' | 'openRuns' | 'items'>,
    Pick<EcsTasks, 'tasks' | 'stopTask'> {
  readonly bridge: Bridge
  /** Faults of ECS, of its events, and of the senders. */
  readonly faults: FaultInjector
  readonly dynamo: Relay
  readonly sqs: Relay
  readonly ecs: Relay
  /** Lines that tasks printed. */
  readonly output: string[]
  readonly logs: string[]
  /** Requests to senders: GitHub, Slack, callbacks. */
  readonly notifications: readonly InboxMessage[]
  /** Runs before each request to a sender; if it throws, the request fails. Without a function, nothing runs. */
  beforeFetch(before?: (request: Request) => Promise<void>): void
  /** Milliseconds since the epoch. */
  now(): number
  /** Advances the clock, here and at ECS. */
  advance(ms: number): void
  post(path: string, delivery: Delivery): Promise<FunctionUrlResult>
  /** Posts a delivery that is accepted, and takes its message out of the queue. @returns the run */
  accept(path: string, delivery: Delivery): Promise<string>
  /** Delivers a start message for each run, in one batch. */
  start(...runs: string[]): Promise<SqsResult>
  sweep(): Promise<void>
  /** Replaces all pauses, and advances the clock until every function has read them. */
  pause(pauses: Pauses): Promise<void>
  /** The events that ECS has sent for a run so far. */
  eventsOf(run: string): readonly EcsEvent[]
  /** Waits until ECS has sent `count` events for a run. @returns all of them */
  waitForEvents(run: string, count: number): Promise<readonly EcsEvent[]>
  /** Waits until the run's task has stopped. @returns all its events */
  waitUntilStopped(run: string): Promise<readonly EcsEvent[]>
  /** Settles all events of a run whose task stops by itself, or has been stopped. */
  settleToEnd(run: string): Promise<void>
  close(): Promise<void>
}

export interface StageOptions {
  readonly config: string
  readonly env: Readonly<Record<string, string>>
  /** Tasks of the config for which ECS has no task definition. */
  readonly unknown?: readonly string[]
  /** Answers in place of the senders. Default: takes everything, and keeps it in `notifications`. */
  readonly fetch?: typeof fetch
  /** Answers at addresses that a sender chose. Default: as `fetch`. */
  readonly fetchPublic?: typeof fetch
  /** The function's name, as Lambda sets it: with it, the log has metrics. */
  readonly functionName?: string
}

/** Functions read the pauses again after five seconds. */
const pauseCacheMs = 5_000

export async function startStage(options: StageOptions): Promise<Stage> {
  const config = compileConfig(options.config, builtinSpecs)
  const clock = createClock()
  const { now, advance } = clock
  const aws = await startAws(Object.values(config.tasks), options.unknown ?? [], now)
  const inbox = createInbox(undefined, now)
  const senders = createSenders(options.fetch ?? inbox.fetch, aws.faults)
  const logs: string[] = []
  const bridge = await createBridge({
    adapters: builtin,
    config,
    log: createLog('trace', { write: (line: string) => void logs.push(line) }, { ...options, now }),
    now,
    fetch: senders.fetch,
    ...(options.fetchPublic !== undefined && { fetchPublic: options.fetchPublic }),
    env: { ...options.env, ...aws.env, TASKHOOK_KEY: 'env:KEY', KEY: 'status-key-0123456789abcdef' },
  })
  const { faults, dynamo, sqs, ecs, output, tasks, stopTask, emulators } = aws
  const queue = createStageQueue(emulators.sqs, emulators.queueUrl, sqs, bridge.start)
  const { writePauses, ...table } = createStageTable(emulators.dynamo)
  return {
    ...{ bridge, faults, dynamo, sqs, ecs, output, logs, now, advance, tasks, stopTask },
    ...queue,
    ...table,
    ...createEventSource(aws.events, bridge.settle),
    ...createDeliveries(bridge.receive, queue.takeMessages),
    notifications: inbox.messages,
    beforeFetch: senders.beforeFetch,
    start: (...runs) =>
      bridge.start({ Records: runs.map((run) => ({ messageId: run, body: JSON.stringify({ verb: 'start', run }) })) }),
    sweep: () => bridge.settle({ 'detail-type': 'Scheduled Event' }),
    async pause(pauses) {
      await writePauses(pauses)
      advance(pauseCacheMs)
    },
    close: aws.close,
  }
}

/**
 * A clock that each reading advances by a millisecond, so that no two moments are the same, and that otherwise only the test advances: what
 * a test sees does not depend on how busy the machine is.
 */
function createClock(): Pick<Stage, 'now' | 'advance'> {
  let ms = Date.now()
  return {
    now: () => ms++,
    advance(by) {
      ms += by
    },
  }
}

/** Requests to senders, which the test can observe, delay and make fail. */
function createSenders(
  answer: typeof fetch,
  faults: Parameters<typeof faultInjectingFetch>[1],
): Pick<Stage, 'beforeFetch'> & { fetch: typeof fetch } {
  const faulty = faultInjectingFetch(answer, faults)
  let before: (request: Request) => Promise<void> = async () => {}
  return {
    beforeFetch(next = async () => {}) {
      before = next
    },
    async fetch(input, init) {
      const request = new Request(input, init)
      await before(request.clone())
      return faulty(request)
    },
  }
}

type EventSource = Pick<Stage, 'eventsOf' | 'waitForEvents' | 'waitUntilStopped' | 'settleToEnd'>

function createEventSource(events: readonly EcsEvent[], settle: Bridge['settle']): EventSource {
  const eventsOf: Stage['eventsOf'] = (run) => events.filter(({ detail }) => detail?.startedBy === `taskhook/${run}`)
  const waitUntilStopped: Stage['waitUntilStopped'] = (run) =>
    eventually(() => eventsOf(run).at(-1)?.detail?.lastStatus === 'STOPPED' && eventsOf(run))
  return {
    eventsOf,
    waitUntilStopped,
    waitForEvents: (run, count) => eventually(() => eventsOf(run).length >= count && eventsOf(run)),
    async settleToEnd(run) {
      for (const event of await waitUntilStopped(run)) await settle(event)
    },
  }
}

function createDeliveries(
  receive: Bridge['receive'],
  takeMessages: Stage['takeMessages'],
): Pick<Stage, 'post' | 'accept'> {
  const post: Stage['post'] = (path, { headers, body }) => receive(urlEvent(path, headers, body))
  return {
    post,
    async accept(path, delivery) {
      const answer = await post(path, delivery)
      const { run } = bodyOf(answer)
      if (answer.statusCode !== 202 || typeof run !== 'string') throw new Error(`not accepted: ${answer.body}`)
      await takeMessages()
      return run
    },
  }
}
