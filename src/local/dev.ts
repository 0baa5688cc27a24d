/** All of taskhook on one machine: the real handlers, with emulators where AWS would be and an inbox where the senders would be. */
import { randomBytes } from 'node:crypto'
import { dirname, resolve } from 'node:path'
import { builtin } from '../adapters/registry.ts'
import { createBridge, type Environment } from '../compose.ts'
import type { Bridge } from '../core/bridge.ts'
import type { FunctionUrlEvent } from '../core/http/lambda-url.ts'
import type { Config } from '../core/model/config.ts'
import type { Log } from '../core/telemetry/log.ts'
import { clusterNameOf } from './ecs/arns.ts'
import { type LocalEcs, startLocalEcs } from './ecs/index.ts'
import { closeServer, startEmulators, urlOf } from './emulators.ts'
import { controlFaults } from './faults/fault-api.ts'
import { createFaults, type Faults } from './faults/fault-injector.ts'
import { strikeText } from './faults/fault-text.ts'
import type { Asked } from './faults/parse-fault.ts'
import { createFront } from './function-url.ts'
import { localiseSecrets, standInFor } from './placeholder-secrets.ts'
import { startPoller } from './queue-poller.ts'
import { faultyFetch } from './senders/fault-injecting-fetch.ts'
import { createInbox, type Inbox, type InboxMessage } from './senders/inbox.ts'

export interface DevOptions {
  readonly config: Config
  /** Path of the YAML: a task's `local.cwd` is relative to its folder. */
  readonly configPath: string
  /** 0: any free port. */
  readonly port: number
  readonly env: Environment
  readonly log: Log
  onOutput?(run: string | undefined, text: string): void
  onMessage?(message: InboxMessage): void
  /** What a container has said of itself. */
  onReport?(run: string, body: string): void
  /** What a sender was answered at once. */
  onReply?(source: string, body: string): void
  /** What goes wrong from the first moment on. */
  readonly faults?: readonly Asked[]
  /** A fault strikes, or another was asked for. */
  onFault?(text: string): void
  /** Speak to the real Slack, GitHub and Secrets Manager. Default: an inbox and stand-ins. */
  readonly live?: { readonly fetch: typeof fetch; secret(reference: string): Promise<string> }
}

export interface Dev {
  readonly url: string
  readonly inbox: Inbox
  readonly ecs: LocalEcs
  readonly faults: Faults
  readonly bridge: Bridge
  /** Secret references that a stand-in stands in for. */
  readonly standIns: readonly string[]
  /** Ends everything that was started, the tasks included. */
  close(): Promise<void>
}

/** Milliseconds. In an account the schedule is a minute. */
const sweepEvery = 2_000

export async function startDev(options: DevOptions): Promise<Dev> {
  const { log, live } = options
  const { config, env: secretEnv, replaced } = await localiseSecrets(options.config, live?.secret ?? standInFor)
  const inbox = createInbox(options.onMessage)
  const onFault = (text: string) => options.onFault?.(text)
  const faults = createFaults({ onStrike: (fault, circumstances) => onFault(strikeText(fault, circumstances)) })
  for (const { fault, times, when } of options.faults ?? []) faults.next(fault, times, when)
  const emulators = await startEmulators()
  let settle: Bridge['settle'] = async () => {}
  const ecs = await startLocalEcs({
    tasks: Object.values(config.tasks).map((task) => withFolder(task, dirname(resolve(options.configPath)))),
    onEvent: (event) => settle(event),
    faults,
    onOutput: ({ startedBy, text }) => options.onOutput?.(startedBy?.split('/')[1], text),
  })
  const bridge = await createBridge({
    adapters: builtin,
    config: {
      ...config,
      tasks: Object.fromEntries(Object.entries(config.tasks).map(([name, task]) => [name, here(task)])),
    },
    log,
    fetch: faultyFetch(live?.fetch ?? inbox.fetch, faults),
    now: () => Date.now() + faults.skew(),
    env: {
      ...options.env,
      ...secretEnv,
      ...emulators.env,
      // Of somebody's real account, if it is set at all.
      AWS_SESSION_TOKEN: undefined,
      AWS_ENDPOINT_URL_ECS: ecs.url,
      TASKHOOK_KEY: 'env:TASKHOOK_LOCAL_KEY',
      TASKHOOK_LOCAL_KEY: randomBytes(32).toString('hex'),
    },
  }).catch(async (error: unknown) => {
    await Promise.all([ecs.close(), emulators.close()])
    throw error
  })
  settle = bridge.settle
  const onError = (error: unknown) => log.error('the queue could not be read', { error })
  const poller = startPoller(emulators.sqs, emulators.queueUrl, bridge.start, onError, faults)
  const sweeper = setInterval(() => {
    bridge
      .settle({ 'detail-type': 'Scheduled Event' })
      .catch((error: unknown) => log.error('a sweep broke off', { error }))
  }, sweepEvery)
  const front = createFront(
    async (event) => {
      const result = await bridge.receive(event)
      const [, reporting] = /^\/runs\/([0-9a-f]+)\/progress$/.exec(event.rawPath ?? '') ?? []
      if (reporting === undefined) options.onReply?.(event.rawPath?.slice(1) ?? '', result.body)
      else if (result.statusCode === 202) options.onReport?.(reporting, bodyText(event))
      return result
    },
    (request, body) => controlFaults(request, body, { faults, onChange: onFault }),
  )

  const close = async (): Promise<void> => {
    clearInterval(sweeper)
    await closeServer(front)
    await poller.stop()
    await ecs.close()
    await emulators.close()
  }
  try {
    await new Promise<void>((done, failed) => front.once('error', failed).listen(options.port, '127.0.0.1', done))
  } catch (error) {
    await close()
    throw error
  }
  return { url: urlOf(front), inbox, ecs, faults, bridge, standIns: live === undefined ? replaced : [], close }
}

const bodyText = ({ body, isBase64Encoded }: FunctionUrlEvent): string =>
  Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8').toString()

/** Every account is this machine: no role is asked for, and a cluster is known by its name. */
const here = ({ assumeRole: _, cluster, ...task }: Config['tasks'][string]): Config['tasks'][string] => ({
  ...task,
  cluster: clusterNameOf(cluster) ?? cluster,
})

const withFolder = (task: Config['tasks'][string], folder: string): Config['tasks'][string] =>
  task.local === undefined ? task : { ...task, local: { ...task.local, cwd: resolve(folder, task.local.cwd ?? '.') } }
