/** Stands in for senders: they repeat a delivery until it is taken, and count what they are told afterwards. */
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { closeServer, urlOf } from '../../src/local/emulators.ts'
import { randomFrom } from '../../test/adapters/random.ts'
import type { Planned } from './deliveries.ts'
import { post } from './post.ts'

export interface Sent {
  /** Delivery → the runs that it was answered with. One, or something is wrong. */
  readonly runs: Map<string, Set<string>>
  /** Answers by status; those that were repeated as well, 0 for a connection that broke. */
  readonly statuses: Map<number, number>
  /** Milliseconds of each answer that took a delivery, from when that try was made. */
  readonly times: number[]
}

export const nothingSent = (): Sent => ({ runs: new Map(), statuses: new Map(), times: [] })

/** Some minutes: a sender that is answered nothing but 5xx must not keep the soak from its verdict. */
const mostTries = 500

/** @param url of the function, which may be elsewhere after each answer @returns once it is taken, refused or given up */
export async function send(planned: Planned, url: () => Promise<string>, sent: Sent): Promise<void> {
  for (let tries = 1, pause = 25; tries <= mostTries; tries++, pause = Math.min(pause * 2, 400)) {
    const began = performance.now()
    const { status, body } = await post((await url()) + planned.path, planned.make()).catch(() => ({
      status: 0,
      body: '',
    }))
    sent.statuses.set(status, (sent.statuses.get(status) ?? 0) + 1)
    if (status >= 200 && status < 300) {
      sent.times.push(performance.now() - began)
      const { run } = JSON.parse(body) as { run: string }
      sent.runs.set(planned.id, (sent.runs.get(planned.id) ?? new Set()).add(run))
      return
    }
    if (status >= 400 && status < 500) return
    await sleep(pause)
  }
}

export interface Told {
  readonly url: string
  /** Run → all that its sender was told, in this order: statuses, or GitHub's states. */
  readonly words: ReadonlyMap<string, readonly string[]>
  close(): Promise<void>
}

/** Callback hosts and GitHub in one. One call in a hundred is answered 503 and counts for nothing. */
export async function startTold(seed: number): Promise<Told> {
  const random = randomFrom(seed)
  const words = new Map<string, string[]>()
  const server = createServer(async (request, response): Promise<void> => {
    const said = (await json(request)) as { type?: string; state?: string; target_url?: string; data?: { run: string } }
    if (random() < 0.01) return void response.writeHead(503).end()
    const run = said.data?.run ?? /\/runs\/([0-9a-f]+)/.exec(said.target_url ?? '')?.[1] ?? ''
    const word = said.type?.replace('run.', '') ?? said.state ?? ''
    words.set(run, [...(words.get(run) ?? []), word])
    response.writeHead(201, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: urlOf(server), words, close: () => closeServer(server) }
}
