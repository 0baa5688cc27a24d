/** Stands in for Slack, GitHub and every other host that would be told: a `fetch` that sends nothing out of the machine and keeps it all. */
import { answerOf } from './stub-responses.ts'

export interface InboxMessage {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly service: 'slack' | 'github' | 'other'
  readonly method: string
  readonly url: URL
  readonly body: unknown
}

export interface Inbox {
  readonly fetch: typeof fetch
  readonly messages: readonly InboxMessage[]
}

const keep = 1000

export function createInbox(
  onMessage: (message: InboxMessage) => void = () => {},
  now: () => number = Date.now,
): Inbox {
  const messages: InboxMessage[] = []
  return {
    messages,
    async fetch(input, init) {
      const request = new Request(input, init)
      const url = new URL(request.url)
      const message = {
        at: now(),
        service: serviceOf(url),
        method: request.method,
        url,
        body: parsed(await request.text()),
      }
      messages.push(message)
      if (messages.length > keep) messages.shift()
      onMessage(message)
      return answerOf(message)
    },
  }
}

export function serviceOf({ hostname, pathname }: URL): InboxMessage['service'] {
  if (/(^|\.)slack(-gov)?\.com$/.test(hostname)) return 'slack'
  return hostname === 'api.github.com' || pathname.startsWith('/api/v3/') ? 'github' : 'other'
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
