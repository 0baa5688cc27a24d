/** A whole taskhook that runs by itself: the real handlers over emulators and a local ECS. An AWS event in, a reply and tasks out. */
import { builtin } from '../../src/adapters/registry.ts'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { createBridge } from '../../src/compose.ts'
import { compileConfig } from '../../src/config/compile.ts'
import type { Bridge } from '../../src/core/bridge.ts'
import { createLog } from '../../src/core/telemetry/log.ts'
import { type LocalEcs, startLocalEcs } from '../../src/local/ecs/index.ts'
import { type Emulators, startEmulators } from '../../src/local/emulators.ts'
import { startPoller } from '../../src/local/queue-poller.ts'
import { createInbox, type Inbox } from '../../src/local/senders/inbox.ts'
import { createEcsTasks, type EcsTasks } from './ecs-tasks.ts'

export interface World extends Pick<EcsTasks, 'tasks'> {
  readonly bridge: Bridge
  readonly inbox: Inbox
  readonly ecs: LocalEcs
  readonly emulators: Emulators
  readonly logs: string[]
  /** Lines that tasks printed. */
  readonly output: string[]
  /** The log lines of deliveries. */
  deliveryLines(): Record<string, unknown>[]
  close(): Promise<void>
}

export interface WorldOptions {
  readonly config: string
  readonly env?: Readonly<Record<string, string>>
  readonly now?: () => number
  /** Whether the queue is delivered to `start`. Default: true. */
  readonly poll?: boolean
  /** Answers in place of the senders. Default: takes everything, and keeps it in `inbox`. */
  readonly fetch?: typeof fetch
}

export async function startWorld({
  config,
  env = {},
  now = Date.now,
  poll = true,
  fetch: senders,
}: WorldOptions): Promise<World> {
  const compiled = compileConfig(config, builtinSpecs)
  const tasks = Object.values(compiled.tasks)
  const emulators = await startEmulators()
  const [logs, output] = [[] as string[], [] as string[]]
  const inbox = createInbox()
  let settle: Bridge['settle'] = async () => {}
  const ecs = await startLocalEcs({
    tasks,
    onEvent: (event) => settle(event),
    onOutput: ({ text }) => void output.push(text),
  })
  const bridge = await createBridge({
    adapters: builtin,
    config: compiled,
    log: createLog('trace', { write: (line: string) => void logs.push(line) }),
    now,
    fetch: senders ?? inbox.fetch,
    env: {
      TASKHOOK_KEY: 'env:KEY',
      KEY: 'status-key-0123456789abcdef',
      ...env,
      ...emulators.env,
      AWS_ENDPOINT_URL_ECS: ecs.url,
    },
  })
  settle = bridge.settle
  const poller = poll ? startPoller(emulators.sqs, emulators.queueUrl, bridge.start, () => {}) : undefined
  const ecsTasks = createEcsTasks(
    ecs.url,
    tasks.map(({ cluster }) => cluster),
  )
  return {
    ...{ bridge, inbox, ecs, emulators, logs, output },
    tasks: ecsTasks.tasks,
    deliveryLines: () =>
      logs
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter(({ msg }) => String(msg).startsWith('delivery ')),
    async close() {
      ecsTasks.close()
      await poller?.stop()
      await ecs.close()
      await emulators.close()
    },
  }
}
