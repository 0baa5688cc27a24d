/** A `fetch` that sends nothing: it keeps each message to Slack, GitHub or a callback host, and answers with a stub response. */
import type { SenderService } from '../faults/fault-kinds.ts'
import { serviceOf } from './sender-service.ts'
import { stubResponse } from './stub-responses.ts'

export interface InboxMessage {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly service: SenderService
  readonly method: string
  readonly url: URL
  /** Parsed JSON, or the text if it is not JSON. */
  readonly body: unknown
}

export interface Inbox {
  readonly fetch: typeof fetch
  readonly messages: readonly InboxMessage[]
}

/** Older messages are dropped, so that a long session does not fill the memory. */
const maxMessages = 1000

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
        body: parseBody(await request.text()),
      }
      messages.push(message)
      if (messages.length > maxMessages) messages.shift()
      onMessage(message)
      return stubResponse(message)
    },
  }
}

function parseBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
