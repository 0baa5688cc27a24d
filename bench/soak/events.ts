/** EventBridge of a soak: ECS' events are counted on their way, and brought to the life that is there until one takes them. */
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { type EcsEvent, runOfEvent } from '../../src/core/outcome.ts'
import { closeServer, urlOf } from '../../src/local/emulators.ts'
import { post } from './post.ts'

export interface Events {
  readonly url: string
  /** Run → its tasks, by their events. */
  readonly started: ReadonlyMap<string, ReadonlySet<string>>
  /** How many tasks have ended. */
  ended(): number
  close(): Promise<void>
}

/** @param target where a life takes them; undefined: there is none yet @param onEnd of a task */
export async function startEvents(target: () => Promise<string>, onEnd: () => void): Promise<Events> {
  const started = new Map<string, Set<string>>()
  let ended = 0
  let closing = false
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const event = JSON.parse(body) as EcsEvent
    const run = runOfEvent(event) ?? ''
    started.set(run, (started.get(run) ?? new Set()).add(String(event.detail?.taskArn)))
    if (event.detail?.lastStatus === 'STOPPED') {
      ended++
      onEnd()
    }
    while (!closing && !(await taken(body))) await sleep(50)
    response.end()
  })
  const taken = async (body: string): Promise<boolean> => {
    const answer = await post(await target(), { headers: {}, body }).catch(() => undefined)
    return answer?.status === 200
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: urlOf(server),
    started,
    ended: () => ended,
    close() {
      closing = true
      return closeServer(server)
    },
  }
}
