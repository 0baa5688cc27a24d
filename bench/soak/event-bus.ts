/** EventBridge of a soak: receives the events of ECS, and delivers those of each task in order until each is accepted. Some are delayed. */
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EcsEvent } from '../../src/core/model/ecs-task.ts'
import { runOfEvent } from '../../src/core/model/outcome.ts'
import { closeServer, urlOf } from '../../src/local/emulators.ts'
import { post } from './post.ts'

export interface EventBus {
  readonly url: string
  /** Run → its tasks, by their events. */
  readonly tasksByRun: ReadonlyMap<string, ReadonlySet<string>>
  endedTasks(): number
  /** The number of tasks whose events were delayed. */
  delayedTasks(): number
  /** Delivers the delayed events. */
  releaseDelayed(): void
  close(): Promise<void>
}

export interface EventBusOptions {
  /** The URL of an instance that accepts events. */
  target(): Promise<string>
  onEnd(): void
  /** A task has started, and RunTask's response is on its way. @returns whether its events are delayed */
  onStart(): boolean
}

const retryDelayMs = 50

export async function startEventBus({ target, onEnd, onStart }: EventBusOptions): Promise<EventBus> {
  const tasksByRun = new Map<string, Set<string>>()
  /** Task → the end of all its deliveries. */
  const deliveries = new Map<string, Promise<unknown>>()
  const released = Promise.withResolvers<void>()
  let [ended, delayed, closing] = [0, 0, false]

  const deliver = async (body: string): Promise<void> => {
    while (!closing) {
      const response = await target()
        .then((url) => post(url, { headers: {}, body }))
        .catch(() => undefined)
      if (response?.status === 200) return
      await sleep(retryDelayMs)
    }
  }
  const accept = (body: string): void => {
    const event = JSON.parse(body) as EcsEvent
    const [run, task] = [runOfEvent(event) ?? '', String(event.detail?.taskArn)]
    tasksByRun.set(run, (tasksByRun.get(run) ?? new Set()).add(task))
    const isDelayed = !deliveries.has(task) && onStart()
    if (isDelayed) delayed++
    const before = deliveries.get(task) ?? (isDelayed ? released.promise : Promise.resolve())
    deliveries.set(
      task,
      before.then(() => deliver(body)),
    )
    if (event.detail?.lastStatus !== 'STOPPED') return
    ended++
    onEnd()
  }
  const server = createServer(async (request, response) => {
    accept(await text(request))
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: urlOf(server),
    tasksByRun,
    endedTasks: () => ended,
    delayedTasks: () => delayed,
    releaseDelayed: released.resolve,
    close() {
      closing = true
      return closeServer(server)
    },
  }
}
