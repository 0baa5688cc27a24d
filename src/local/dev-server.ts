/** All of taskhook on one machine: the real handlers, emulators in place of AWS, and an inbox in place of senders. */
import { randomBytes } from 'node:crypto'
import { builtin } from '../adapters/registry.ts'
import { createBridge, type Environment } from '../compose.ts'
import { createItems } from '../core/aws/dynamodb-items.ts'
import type { Bridge } from '../core/bridge.ts'
import type { FunctionUrlEvent } from '../core/http/lambda-url.ts'
import type { Config } from '../core/model/config.ts'
import { maskedReport, type Report } from '../core/model/progress.ts'
import type { RunRecord } from '../core/model/run-record.ts'
import { createLedger } from '../core/store/dynamodb-ledger.ts'
import type { Log } from '../core/telemetry/log.ts'
import { type LocalEcs, startLocalEcs } from './ecs/index.ts'
import { closeServer, type Emulators, startEmulators, urlOf } from './emulators.ts'
import { handleFaultRequest } from './faults/fault-api.ts'
import { createFaultInjector, type FaultInjector, type FaultSource } from './faults/fault-injector.ts'
import { faultText } from './faults/fault-text.ts'
import type { FaultRequest } from './faults/parse-fault.ts'
import { createFunctionUrlServer } from './function-url.ts'
import { localTasks, withoutAccounts } from './local-config.ts'
import { placeholderSecret, replaceSecretReferences } from './local-secrets.ts'
import { startPoller } from './queue-poller.ts'
import { faultInjectingFetch } from './senders/fault-injecting-fetch.ts'
import { createInbox, type Inbox, type InboxMessage } from './senders/inbox.ts'
import type { LiveServices } from './senders/live-services.ts'
import { parseObject } from './terminal/parse-object.ts'

export interface DevServerOptions {
  readonly config: Config
  /** Path of the YAML file: a task's `local.cwd` is relative to its folder. */
  readonly configPath: string
  /** The value of TASKHOOK_KEY. Default: a new one. */
  readonly tokenKey?: string
  /** 0: any free port. */
  readonly port: number
  readonly env: Environment
  readonly log: Log
  onOutput?(run: string | undefined, text: string): void
  onMessage?(message: InboxMessage): void
  /** A progress report that a container sent. */
  onProgress?(run: string, body: string): void
  /** The HTTP response to a delivery. */
  onReply?(source: string, body: string): void
  /** Pending from the start. */
  readonly faults?: readonly FaultRequest[]
  /** A fault was injected, added or removed. */
  onFault?(text: string): void
  /** Use the real Slack, GitHub and Secrets Manager. Default: an inbox and placeholder secrets. */
  readonly live?: LiveServices
}

export interface DevServer {
  readonly url: string
  readonly inbox: Inbox
  readonly ecs: LocalEcs
  readonly faults: FaultInjector
  readonly bridge: Bridge
  /** Secret references that have a placeholder value. */
  readonly placeholderReferences: readonly string[]
  /** Stops everything that was started, tasks included. */
  close(): Promise<void>
}

/** Milliseconds. In AWS the schedule is one minute. */
const sweepIntervalMs = 2_000

export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const { log, live } = options
  const local = await replaceSecretReferences(options.config, live?.secret ?? placeholderSecret)
  const inbox = createInbox(options.onMessage)
  const faults = createFaults(options)
  const emulators = await startEmulators()
  let settle: Bridge['settle'] = async () => {}
  const ecs = await startLocalEcs({
    tasks: localTasks(local.config, options.configPath),
    onEvent: (event) => settle(event),
    faults,
    onOutput: ({ startedBy, text }) => options.onOutput?.(startedBy?.split('/')[1], text),
  })
  const bridge = await createBridge({
    adapters: builtin,
    config: withoutAccounts(local.config),
    log,
    fetch: faultInjectingFetch(live?.fetch ?? inbox.fetch, faults),
    now: () => Date.now() + faults.clockSkew(),
    env: environmentOf({ ...options.env, ...local.env }, emulators, ecs, options.tokenKey),
  }).catch(async (error: unknown) => {
    await Promise.all([ecs.close(), emulators.close()])
    throw error
  })
  settle = bridge.settle
  const onError = (error: unknown) => log.error('the queue could not be read', { error })
  const poller = startPoller(emulators.sqs, emulators.queueUrl, bridge.start, onError, faults)
  const sweepTimer = startSweeping(bridge, log)
  const ledger = createLedger(createItems(emulators.dynamo, 'taskhook'))
  const server = createServer(bridge, faults, options, async (run, body) => shownReport(body, await ledger.read(run)))

  const close = async (): Promise<void> => {
    clearInterval(sweepTimer)
    await closeServer(server)
    await poller.stop()
    await ecs.close()
    await emulators.close()
  }
  try {
    await new Promise<void>((done, failed) => server.once('error', failed).listen(options.port, '127.0.0.1', done))
  } catch (error) {
    await close()
    throw error
  }
  const placeholderReferences = live === undefined ? local.replacedReferences : []
  return { url: urlOf(server), inbox, ecs, faults, bridge, placeholderReferences, close }
}

function createFaults({ faults: requests = [], onFault }: DevServerOptions): FaultInjector & FaultSource {
  const faults = createFaultInjector({ onInject: (fault, context) => onFault?.(faultText(fault, context)) })
  for (const { fault, times, filter } of requests) faults.inject(fault, times, filter)
  return faults
}

const environmentOf = (
  env: Environment,
  emulators: Emulators,
  ecs: LocalEcs,
  tokenKey = randomBytes(32).toString('hex'),
): Environment => ({
  ...env,
  ...emulators.env,
  // The developer's environment may hold the session token of a real account.
  AWS_SESSION_TOKEN: undefined,
  AWS_ENDPOINT_URL_ECS: ecs.url,
  TASKHOOK_KEY: 'env:TASKHOOK_LOCAL_KEY',
  TASKHOOK_LOCAL_KEY: tokenKey,
})

const startSweeping = (bridge: Bridge, log: Log): NodeJS.Timeout =>
  setInterval(() => {
    bridge
      .settle({ 'detail-type': 'Scheduled Event' })
      .catch((error: unknown) => log.error('the sweep failed', { error }))
  }, sweepIntervalMs)

/** A container may report the value of a secret parameter, which no terminal should show. */
function shownReport(body: string, row: RunRecord | undefined): string {
  return row === undefined ? body : JSON.stringify(maskedReport(parseObject(body) as Report, row.plan))
}

const createServer = (
  bridge: Bridge,
  faults: FaultInjector,
  options: DevServerOptions,
  shown: (run: string, report: string) => Promise<string>,
) =>
  createFunctionUrlServer(
    async (event) => {
      const result = await bridge.receive(event)
      const [, reportingRun] = /^\/runs\/([0-9a-f]+)\/progress$/.exec(event.rawPath ?? '') ?? []
      if (reportingRun === undefined) options.onReply?.(event.rawPath?.slice(1) ?? '', result.body)
      else if (result.statusCode === 202) options.onProgress?.(reportingRun, await shown(reportingRun, bodyText(event)))
      return result
    },
    (request, body) => handleFaultRequest(request, body, { faults, onChange: (text) => options.onFault?.(text) }),
  )

const bodyText = ({ body, isBase64Encoded }: FunctionUrlEvent): string =>
  Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8').toString()
