/** GitHub and the callback hosts of a soak: records the notifications. */
import { createServer } from 'node:http'
import { json } from 'node:stream/consumers'
import { closeServer, urlOf } from '../../src/local/emulators.ts'
import { randomFrom } from '../../test/adapters/random.ts'

export interface NotificationSink {
  readonly url: string
  /** Run → the statuses, or GitHub's states, in the order of the notifications. */
  readonly notifications: ReadonlyMap<string, readonly string[]>
  close(): Promise<void>
}

/** The share of calls that get a 503 and are not recorded. */
const errorRate = 0.01

export async function startNotificationSink(seed: number): Promise<NotificationSink> {
  const random = randomFrom(seed)
  const notifications = new Map<string, string[]>()
  const server = createServer(async (request, response): Promise<void> => {
    const body = (await json(request)) as { type?: string; state?: string; target_url?: string; data?: { run: string } }
    if (random() < errorRate) return void response.writeHead(503).end()
    const run = body.data?.run ?? /\/runs\/([0-9a-f]+)/.exec(body.target_url ?? '')?.[1] ?? ''
    const status = body.type?.replace('run.', '') ?? body.state ?? ''
    notifications.set(run, [...(notifications.get(run) ?? []), status])
    response.writeHead(201, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: urlOf(server), notifications, close: () => closeServer(server) }
}
