/** The real core between models. Each invocation has its own services, so that each call is known to be its own. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { ECSClient } from '@aws-sdk/client-ecs'
import type { SQSClient } from '@aws-sdk/client-sqs'
import { createItems } from '../../src/core/aws/dynamodb-items.ts'
import { createEcs } from '../../src/core/aws/ecs.ts'
import { createQueue } from '../../src/core/aws/queue.ts'
import { type Bridge, createPipelines } from '../../src/core/bridge.ts'
import type { EcsEvent } from '../../src/core/model/ecs-task.ts'
import { prepareRoute } from '../../src/core/routing/prepare-route.ts'
import type { Services } from '../../src/core/services.ts'
import { createGroups } from '../../src/core/store/concurrency-store.ts'
import { createLedger } from '../../src/core/store/dynamodb-ledger.ts'
import { createPauseBoard } from '../../src/core/store/pause-store.ts'
import { createRates } from '../../src/core/store/rate-limit-store.ts'
import { createLog } from '../../src/core/telemetry/log.ts'
import { config } from './config.ts'
import type { Pace } from './faults.ts'
import { type Monitor, textOf } from './invariant-monitor.ts'
import { createMessages, type Messages } from './messages.ts'
import type { Random } from './random.ts'
import { about, type Command, loseTry } from './requests.ts'
import type { Ending, Kind, Life, Scheduler } from './scheduler.ts'
import { createSenders, type Senders } from './senders.ts'
import { createTable, type Item, type Table } from './table.ts'
import { createEcsModel, type Ecs } from './tasks.ts'

export interface World {
  readonly table: Table
  readonly messages: Messages
  readonly ecs: Ecs
  readonly senders: Senders
  /** An invocation of `receive`. */
  receive(event: Parameters<Bridge['receive']>[0], ended: (how: Ending) => void): void
  /** An invocation of `settle` by the schedule. */
  sweep(): void
}

/** Changes requests to the table, to remove a condition. */
export type Mutate = (command: Command) => Command

/** In seconds, as deployed. */
const limits = { receive: 30, start: 60, settle: 120 } as const

const routes = config.routes.map(prepareRoute)
const tasks = new Map(Object.entries(config.tasks))
const log = createLog('silent')

export interface WorldOptions {
  readonly scheduler: Scheduler
  readonly random: Random
  readonly pace: Pace
  readonly monitor: Monitor
  readonly mutate: Mutate
}

export function createWorld({ scheduler, random, pace, monitor, mutate }: WorldOptions): World {
  const { now, faults, call } = scheduler
  const table = createTable(monitor.written)
  const senders = createSenders(scheduler, () => random.chance(faults().deaf), monitor.violated)

  const clientOf = (life: Life, kindOf: (name: string) => Kind, send: (command: Command) => unknown) => ({
    send: (command: Command) =>
      call(
        ...([life, about(command), kindOf(command.constructor.name)] as const),
        () => send(command),
        () => loseTry(command),
      ),
  })
  const bridgeOf = (life: Life): Bridge => {
    const ask = (command: Command) => {
      const answer = table.send(mutate(command))
      const { Key, ExpressionAttributeValues } = command.input as { Key?: Item; ExpressionAttributeValues?: Item }
      if (ExpressionAttributeValues?.[':set_told'] !== undefined) senders.noted(textOf(Key?.pk).slice(4), life)
      return answer
    }
    const dynamo = clientOf(life, (name) => (/Get|Query/.test(name) ? 'read' : 'write'), ask)
    const items = createItems(dynamo as unknown as DynamoDBClient, 'taskhook')
    const services: Services = {
      sources: new Map(
        Object.values(config.sources).map((source) => [
          source.name,
          { config: source, adapter: senders.adapter(source.name, life) },
        ]),
      ),
      tasks,
      routes,
      ledger: createLedger(items),
      groups: createGroups(items, now, () => call(life, 'waits before it writes again', 'wait', () => {})),
      queue: createQueue(
        clientOf(
          life,
          () => 'call',
          (command) => messages.send(command),
        ) as unknown as SQSClient,
        'queue',
      ),
      rates: createRates(items, now),
      pauses: createPauseBoard(items, now),
      ecs: async () => createEcs(clientOf(life, () => 'call', ecs.send) as unknown as ECSClient),
      secrets: {
        byAge: async () => ({ current: ['secret'], others: [] }),
        all: async () => ['secret'],
        current: async () => 'secret',
        refresh: async () => {},
      },
      tokenKeyReference: 'env:KEY',
      reportThrottle: () => true,
      log,
      now,
      unique: () => `unique ${random.below(2 ** 32)}`,
      fetch: async () => Promise.reject(new Error('no requests to hosts in the simulation')),
      fetchPublic: async () => Promise.reject(new Error('no requests to hosts in the simulation')),
    }
    return createPipelines(services)
  }
  const invoke = (
    verb: keyof typeof limits,
    name: string,
    work: (bridge: Bridge) => Promise<unknown>,
    ended: (how: Ending) => void,
  ) => scheduler.begin(name, limits[verb], (life) => work(bridgeOf(life)), ended)

  const messages = createMessages({ scheduler, random, pace }, (records, ended) =>
    invoke('start', 'start', (bridge) => bridge.start({ Records: records }), ended),
  )
  const bring = (event: EcsEvent, tries = 0): void =>
    invoke(
      'settle',
      'settle',
      (bridge) => bridge.settle(event),
      ({ kind }) => {
        // Lambda tries an event twice more.
        if (kind !== 'done' && tries < 2) scheduler.at(now() + 60_000 * (tries + 1), () => bring(event, tries + 1))
      },
    )
  const emit = (event: EcsEvent): void => {
    const { eventLost, eventTwice, eventLate } = faults()
    if (random.chance(eventLost)) {
      scheduler.count('events lost')
      return
    }
    const delay = () => random.between(10, random.chance(eventLate) ? 600_000 : pace.delivery)
    const times = random.chance(eventTwice) ? 2 : 1
    if (times > 1) scheduler.count('events delivered twice')
    for (let time = 0; time < times; time++) scheduler.at(now() + delay(), () => bring(event))
  }
  const ecs = createEcsModel({ scheduler, random, pace, changed: monitor.changed, emit })

  return {
    table,
    messages,
    ecs,
    senders,
    receive: (event, ended) => invoke('receive', 'receive', (bridge) => bridge.receive(event), ended),
    sweep: () =>
      invoke(
        'settle',
        'sweep',
        (bridge) => bridge.settle({ 'detail-type': 'Scheduled Event' }),
        () => {},
      ),
  }
}
