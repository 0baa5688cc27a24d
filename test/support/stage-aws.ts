/** The AWS services of a stage: a table, a queue and a local ECS, each behind a relay that records requests and can refuse them. */
import type { TaskConfig } from '../../src/core/model/config.ts'
import type { EcsEvent } from '../../src/core/model/ecs-task.ts'
import { startLocalEcs } from '../../src/local/ecs/index.ts'
import { type Emulators, startEmulators } from '../../src/local/emulators.ts'
import { createFaultInjector } from '../../src/local/faults/fault-injector.ts'
import { createEcsTasks, type EcsTasks } from './ecs-tasks.ts'
import { type Relay, startRelay } from './relay.ts'

export interface StageAws extends Omit<EcsTasks, 'close'> {
  readonly faults: ReturnType<typeof createFaultInjector>
  readonly dynamo: Relay
  readonly sqs: Relay
  readonly ecs: Relay
  /** The emulators themselves, past the relays. */
  readonly emulators: Emulators
  /** What ECS has sent, oldest first. */
  readonly events: readonly EcsEvent[]
  readonly output: string[]
  /** Environment of functions that use these services. */
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

/** @param unknown tasks for which ECS has no task definition @param now milliseconds since the epoch */
export async function startAws(
  tasks: readonly TaskConfig[],
  unknown: readonly string[],
  now: () => number,
): Promise<StageAws> {
  const emulators = await startEmulators()
  const [events, output] = [[] as EcsEvent[], [] as string[]]
  const faults = createFaultInjector()
  const localEcs = await startLocalEcs({
    faults,
    tasks: tasks.filter(({ name }) => !unknown.includes(name)),
    docker: 'never',
    now,
    onEvent: (event) => void events.push(event),
    onOutput: ({ text }) => void output.push(text),
  })
  const [dynamo, sqs, ecs] = await Promise.all([
    startRelay(emulators.env.AWS_ENDPOINT_URL_DYNAMODB ?? ''),
    startRelay(emulators.env.AWS_ENDPOINT_URL_SQS ?? ''),
    startRelay(localEcs.url),
  ])
  const { close, ...ecsTasks } = createEcsTasks(
    localEcs.url,
    tasks.map(({ cluster }) => cluster),
  )
  return {
    ...{ faults, dynamo, sqs, ecs, emulators, events, output, ...ecsTasks },
    env: {
      ...emulators.env,
      AWS_ENDPOINT_URL_DYNAMODB: dynamo.url,
      AWS_ENDPOINT_URL_SQS: sqs.url,
      AWS_ENDPOINT_URL_ECS: ecs.url,
    },
    async close() {
      close()
      await localEcs.close()
      await Promise.all([dynamo.close(), sqs.close(), ecs.close()])
      await emulators.close()
    },
  }
}
