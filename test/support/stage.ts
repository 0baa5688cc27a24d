/**
 * A taskhook in which nothing moves by itself: the queue is taken from, the clock advanced and ECS's events delivered by the test.
 * The same handlers, emulators and local ECS as in world.ts, with a relay in front of each emulator.
 */
import { QueryCommand } from '@aws-sdk/client-dynamodb'
import { DescribeTasksCommand, ECSClient, ListTasksCommand, StopTaskCommand, type Task } from '@aws-sdk/client-ecs'
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs'
import { builtin } from '../../src/adapters/registry.ts'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { createBridge } from '../../src/compose.ts'
import { compileConfig } from '../../src/config/compile.ts'
import { createItems } from '../../src/core/aws/dynamodb-items.ts'
import type { Bridge, SqsResult } from '../../src/core/bridge.ts'
import type { FunctionUrlResult } from '../../src/core/http/lambda-url.ts'
import type { EcsEvent } from '../../src/core/model/ecs-task.ts'
import type { RunRecord } from '../../src/core/model/run-record.ts'
import { createLedger } from '../../src/core/store/dynamodb-ledger.ts'
import { createLog } from '../../src/core/telemetry/log.ts'
import { startLocalEcs } from '../../src/local/ecs/index.ts'
import { startEmulators } from '../../src/local/emulators.ts'
import { createFaultInjector, type FaultInjector } from '../../src/local/faults/fault-injector.ts'
import { faultInjectingFetch } from '../../src/local/senders/fault-injecting-fetch.ts'
import { createInbox, type InboxMessage } from '../../src/local/senders/inbox.ts'
import { type Delivery, githubDelivery, standardDelivery } from './deliveries.ts'
import { type Relay, startRelay } from './relay.ts'
import { bodyOf, eventually, urlEvent } from './world.ts'

export interface Stage {
  readonly bridge: Bridge
  /** Of ECS, its events, and those who are told. */
  readonly faults: FaultInjector
  readonly dynamo: Relay
  readonly sqs: Relay
  readonly ecs: Relay
  /** What tasks printed. */
  readonly output: string[]
  readonly logs: string[]
  readonly told: readonly InboxMessage[]
  /** What goes out of the machine passes here first. */
  outgoing(before?: (request: Request) => Promise<void>): void
  now(): number
  /** Turns the clock on, here and at ECS. */
  advance(ms: number): void
  post(path: string, delivery: Delivery): Promise<FunctionUrlResult>
  /** Has a run accepted, and takes its message out of the queue. */
  accept(path: string, delivery: Delivery): Promise<string>
  /** As the queue delivers: one message for each run. */
  start(...runs: string[]): Promise<SqsResult>
  sweep(): Promise<void>
  /** The events that ECS has sent for a run, once there are so many. */
  events(run: string, count: number): Promise<readonly EcsEvent[]>
  eventsOf(run: string): readonly EcsEvent[]
  /** Stops a task as a person with the console does. */
  stop(taskArn: string): Promise<void>
  /** Delivers all events of a run that ends by itself. */
  play(run: string): Promise<void>
  row(run: string): Promise<RunRecord>
  /** Runs on which somebody still has to look. */
  open(): Promise<readonly string[]>
  tasks(run?: string): Promise<readonly Task[]>
  /** Takes what can be seen in the queue now. */
  takeMessages(): Promise<readonly string[]>
  /** The delays of all messages that were sent for a run, in seconds. */
  delays(run: string): readonly number[]
  close(): Promise<void>
}

export interface StageOptions {
  readonly config: string
  readonly env: Readonly<Record<string, string>>
  /** Tasks of the config that ECS has never heard of. */
  readonly unknown?: readonly string[]
  /** Who answers outside of the machine. Default: somebody who takes everything, kept in `told`. */
  readonly fetch?: typeof fetch
  /** Goes to addresses that somebody outside chose. Default: the same. */
  readonly fetchPublic?: typeof fetch
  /** As in Lambda: then metrics are in the log. */
  readonly functionName?: string
}

export async function startStage({
  config,
  env,
  unknown = [],
  fetch: outside,
  fetchPublic,
  functionName,
}: StageOptions): Promise<Stage> {
  const compiled = compileConfig(config, builtinSpecs)
  const emulators = await startEmulators()
  let turned = 0
  const now = () => Date.now() + turned
  const events: EcsEvent[] = []
  const output: string[] = []
  const logs: string[] = []
  const faults = createFaultInjector()
  const local = await startLocalEcs({
    faults,
    tasks: Object.values(compiled.tasks).filter(({ name }) => !unknown.includes(name)),
    docker: 'never',
    now,
    onEvent: (event) => void events.push(event),
    onOutput: ({ text }) => void output.push(text),
  })
  const [dynamo, sqs, ecs] = await Promise.all([
    startRelay(emulators.env.AWS_ENDPOINT_URL_DYNAMODB ?? ''),
    startRelay(emulators.env.AWS_ENDPOINT_URL_SQS ?? ''),
    startRelay(local.url),
  ])
  const inbox = createInbox(undefined, now)
  const far = faultInjectingFetch(outside ?? inbox.fetch, faults)
  let before: (request: Request) => Promise<void> = async () => {}
  const bridge = await createBridge({
    adapters: builtin,
    config: compiled,
    log: createLog('trace', { write: (line: string) => void logs.push(line) }, { functionName, now }),
    now,
    async fetch(input, init) {
      const request = new Request(input, init)
      await before(request.clone())
      return far(request)
    },
    ...(fetchPublic !== undefined && { fetchPublic }),
    env: {
      ...env,
      ...emulators.env,
      AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
      AWS_ENDPOINT_URL_SQS: sqs.url,
      AWS_ENDPOINT_URL_ECS: ecs.url,
      TASKHOOK_KEY: 'env:KEY',
      KEY: 'status-key-0123456789abcdef',
    },
  })
  const client = new ECSClient({
    endpoint: local.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  })
  const ledger = createLedger(createItems(emulators.dynamo, 'taskhook'))
  const queue = { QueueUrl: emulators.queueUrl }

  const post: Stage['post'] = (path, { headers, body }) => bridge.receive(urlEvent(path, headers, body))
  const eventsOf = (run: string) => events.filter(({ detail }) => detail?.startedBy === `taskhook/${run}`)
  const sent = (run: string, count: number) => eventually(() => eventsOf(run).length >= count && eventsOf(run))
  const takeMessages = async (): Promise<string[]> => {
    const { Messages = [] } = await emulators.sqs.send(
      new ReceiveMessageCommand({ ...queue, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    )
    for (const { ReceiptHandle } of Messages)
      await emulators.sqs.send(new DeleteMessageCommand({ ...queue, ReceiptHandle }))
    return Messages.length === 0 ? [] : [...Messages.map(({ Body = '' }) => Body), ...(await takeMessages())]
  }
  return {
    bridge,
    faults,
    dynamo,
    sqs,
    ecs,
    output,
    logs,
    told: inbox.messages,
    outgoing(next = async () => {}) {
      before = next
    },
    now,
    advance(ms) {
      turned += ms
    },
    post,
    async accept(path, delivery) {
      const answer = await post(path, delivery)
      const { run } = bodyOf(answer)
      if (answer.statusCode !== 202 || typeof run !== 'string') throw new Error(`not accepted: ${answer.body}`)
      await takeMessages()
      return run
    },
    start: (...runs) =>
      bridge.start({ Records: runs.map((run) => ({ messageId: run, body: JSON.stringify({ verb: 'start', run }) })) }),
    sweep: () => bridge.settle({ 'detail-type': 'Scheduled Event' }),
    events: sent,
    eventsOf,
    async stop(task) {
      await client.send(new StopTaskCommand({ cluster: task.split('/').at(-2), task, reason: 'stopped by hand' }))
    },
    async play(run) {
      for (const event of await sent(run, 3)) await bridge.settle(event)
    },
    async row(run) {
      const row = await ledger.read(run)
      if (row === undefined) throw new Error(`the ledger does not know ${run}`)
      return row
    },
    async open() {
      const { Items = [] } = await emulators.dynamo.send(
        new QueryCommand({
          TableName: 'taskhook',
          IndexName: 'open',
          KeyConditionExpression: '#open = :open',
          ExpressionAttributeNames: { '#open': 'open' },
          ExpressionAttributeValues: { ':open': { S: 'open' } },
        }),
      )
      return Items.map(({ pk }) => (pk?.S ?? '').replace('run#', ''))
    },
    async tasks(run) {
      // By ARN: one that stops between the two lists is in both.
      const found = new Map<string | undefined, Task>()
      for (const cluster of new Set(Object.values(compiled.tasks).map((task) => task.cluster))) {
        for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) {
          const { taskArns: tasks = [] } = await client.send(new ListTasksCommand({ cluster, desiredStatus }))
          if (tasks.length === 0) continue
          const described = await client.send(new DescribeTasksCommand({ cluster, tasks }))
          for (const task of described.tasks ?? []) found.set(task.taskArn, task)
        }
      }
      return [...found.values()].filter(({ startedBy }) => run === undefined || startedBy === `taskhook/${run}`)
    },
    takeMessages,
    delays: (run) =>
      sqs
        .callsOf('SendMessage')
        .filter(({ input }) => String(input.MessageBody).includes(run))
        .map(({ input }) => Number(input.DelaySeconds)),
    async close() {
      client.destroy()
      await local.close()
      await Promise.all([dynamo.close(), sqs.close(), ecs.close()])
      await emulators.close()
    },
  }
}

/** A push to `main` of the repository `demo/<task>`. @param sha 40 hexadecimal digits */
export const pushTo = (task: string, sha: string = randomSha()): { sha: string; delivery: Delivery } => {
  const repository = { name: task, full_name: `demo/${task}` }
  const body = JSON.stringify({ ref: 'refs/heads/main', after: sha, repository, sender: { login: 'ann' } })
  return { sha, delivery: githubDelivery(stageSecrets.GITHUB, body, 'push') }
}

const randomSha = (): string => crypto.randomUUID().replaceAll('-', '').padEnd(40, '0')

export const partnerDelivery = (now: number, body: unknown = {}): Delivery =>
  standardDelivery(stageSecrets.PARTNER, JSON.stringify(body), { at: now / 1000 })

export const stageSecrets = {
  GITHUB: 'github-secret-of-the-stage',
  GITHUB_TOKEN: 'ghp_token_of_the_stage',
  SLACK: 'slack-secret-of-the-stage',
  PARTNER: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
} as const
