/** A whole taskhook for front-door tests: the real handlers over emulators and the local ECS endpoint. An AWS event in, a reply and tasks out. */
import { DescribeTasksCommand, ECSClient, ListTasksCommand, type Task } from '@aws-sdk/client-ecs'
import { builtin } from '../../src/adapters/registry.ts'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { createBridge } from '../../src/compose.ts'
import { compileConfig } from '../../src/config/compile.ts'
import type { Bridge } from '../../src/core/bridge.ts'
import type { FunctionUrlEvent, FunctionUrlResult } from '../../src/core/http/lambda-url.ts'
import { createLog } from '../../src/core/telemetry/log.ts'
import { type LocalEcs, startLocalEcs } from '../../src/local/ecs/index.ts'
import { type Emulators, localCredentials, startEmulators } from '../../src/local/emulators.ts'
import { type Poller, startPoller } from '../../src/local/queue-poller.ts'
import { createInbox, type Inbox } from '../../src/local/senders/inbox.ts'

export interface World {
  readonly bridge: Bridge
  readonly inbox: Inbox
  readonly ecs: LocalEcs
  readonly emulators: Emulators
  /** Every line that was logged, as text. */
  readonly logs: string[]
  /** What tasks printed, line by line. */
  readonly output: string[]
  /** All tasks that ECS knows, stopped ones included. */
  tasks(): Promise<readonly Task[]>
  /** The deliveries' log lines. */
  deliveries(): Record<string, unknown>[]
  close(): Promise<void>
}

export interface WorldOptions {
  readonly config: string
  readonly env?: Readonly<Record<string, string>>
  readonly now?: () => number
  /** Deliver the queue to `start` by itself. Default true. */
  readonly poll?: boolean
  readonly fetch?: typeof fetch
}

export async function startWorld({
  config,
  env = {},
  now = Date.now,
  poll = true,
  fetch: outgoing,
}: WorldOptions): Promise<World> {
  const compiled = compileConfig(config, builtinSpecs)
  const emulators = await startEmulators()
  const logs: string[] = []
  const output: string[] = []
  const inbox = createInbox()
  let settle: Bridge['settle'] = async () => {}
  const ecs = await startLocalEcs({
    tasks: Object.values(compiled.tasks),
    onEvent: (event) => settle(event),
    onOutput: ({ text }) => {
      output.push(text)
    },
  })
  const bridge = await createBridge({
    adapters: builtin,
    config: compiled,
    log: createLog('trace', { write: (line: string) => void logs.push(line) }),
    now,
    fetch: outgoing ?? inbox.fetch,
    env: {
      TASKHOOK_KEY: 'env:KEY',
      KEY: 'status-key-0123456789abcdef',
      ...env,
      ...emulators.env,
      AWS_ENDPOINT_URL_ECS: ecs.url,
    },
  })
  settle = bridge.settle
  const poller: Poller | undefined = poll
    ? startPoller(emulators.sqs, emulators.queueUrl, bridge.start, () => {})
    : undefined
  const client = new ECSClient({
    endpoint: ecs.url,
    region: localCredentials.AWS_REGION,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  const clusters = [...new Set(Object.values(compiled.tasks).map(({ cluster }) => cluster))]
  return {
    bridge,
    inbox,
    ecs,
    emulators,
    logs,
    output,
    async tasks() {
      const found: Task[] = []
      for (const cluster of clusters) {
        for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) {
          const { taskArns = [] } = await client.send(new ListTasksCommand({ cluster, desiredStatus }))
          if (taskArns.length === 0) continue
          found.push(...((await client.send(new DescribeTasksCommand({ cluster, tasks: taskArns }))).tasks ?? []))
        }
      }
      // One that stopped between the two questions is in both answers.
      return [...new Map(found.map((task) => [task.taskArn, task])).values()]
    },
    deliveries: () =>
      logs
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter(({ msg }) => String(msg).startsWith('delivery ')),
    async close() {
      client.destroy()
      await poller?.stop()
      await ecs.close()
      await emulators.close()
    },
  }
}

/** A function URL event as Lambda makes it: base64 for all that is neither JSON nor text. */
export function urlEvent(
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array = '',
  method = 'POST',
): FunctionUrlEvent {
  const bytes = Buffer.from(body)
  const [rawPath = '/', rawQueryString = ''] = path.split('?', 2)
  const isText =
    /^(application\/json|text\/)/i.test(headers['content-type'] ?? '') &&
    Buffer.from(bytes.toString('utf8')).equals(bytes)
  return {
    rawPath,
    rawQueryString,
    headers,
    ...(bytes.length > 0 && { body: bytes.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: bytes.length > 0 && !isText,
    requestContext: { domainName: 'abc123.lambda-url.eu-west-1.on.aws', http: { method, path: rawPath } },
  }
}

export const bodyOf = (result: FunctionUrlResult): Record<string, unknown> =>
  JSON.parse(result.body) as Record<string, unknown>

/** Asks until the answer is there. @throws {Error} after `ms` */
export async function eventually<T>(
  what: () => Promise<T | undefined | false> | T | undefined | false,
  ms = 10_000,
): Promise<T> {
  const end = Date.now() + ms
  while (true) {
    const value = await what()
    if (value !== undefined && value !== false) return value
    if (Date.now() > end) throw new Error('it did not come to pass')
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
