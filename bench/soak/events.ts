/** EventBridge of a soak: ECS' events are counted on their way, and brought one after another until each is taken. Some are late. */
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { EcsEvent } from '../../src/core/model/ecs-task.ts'
import { runOfEvent } from '../../src/core/model/outcome.ts'
import { closeServer, urlOf } from '../../src/local/emulators.ts'
import { post } from './post.ts'

export interface Events {
  readonly url: string
  /** Run → its tasks, by their events. */
  readonly started: ReadonlyMap<string, ReadonlySet<string>>
  /** How many tasks have ended. */
  ended(): number
  /** How many tasks have events that are held back. */
  late(): number
  /** From now on nothing is held back. */
  release(): void
  close(): Promise<void>
}

export interface EventsOptions {
  /** Where a life takes them. */
  target(): Promise<string>
  onEnd(): void
  /** A task has begun, and RunTask's answer is only just on its way. True: its events are late. */
  onStart(): boolean
}

export async function startEvents({ target, onEnd, onStart }: EventsOptions): Promise<Events> {
  const started = new Map<string, Set<string>>()
  /** Task → when all that has come of it is brought. */
  const brought = new Map<string, Promise<unknown>>()
  const held = Promise.withResolvers<void>()
  let [ended, late, closing] = [0, 0, false]

  const bring = async (body: string): Promise<void> => {
    while (!closing) {
      const answer = await target()
        .then((url) => post(url, { headers: {}, body }))
        .catch(() => undefined)
      if (answer?.status === 200) return
      await sleep(50)
    }
  }
  const take = (body: string): void => {
    const event = JSON.parse(body) as EcsEvent
    const [run, task] = [runOfEvent(event) ?? '', String(event.detail?.taskArn)]
    started.set(run, (started.get(run) ?? new Set()).add(task))
    const isLate = !brought.has(task) && onStart()
    if (isLate) late++
    const before = brought.get(task) ?? (isLate ? held.promise : Promise.resolve())
    const end = event.detail?.lastStatus === 'STOPPED'
    brought.set(
      task,
      before.then(() => bring(body)),
    )
    if (!end) return
    ended++
    onEnd()
  }
  const server = createServer(async (request, response) => {
    take(await text(request))
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: urlOf(server),
    started,
    ended: () => ended,
    late: () => late,
    release: held.resolve,
    close() {
      closing = true
      return closeServer(server)
    },
  }
}
