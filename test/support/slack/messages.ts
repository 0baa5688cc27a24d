/** The messages that Slack shows: in channels, in conversations, and to one person. */
import type { MessageContent } from './limits.ts'

export interface ChannelMessage extends MessageContent {
  readonly channel: string
  readonly ts: string
  /** How often it was edited or replaced. */
  readonly edits: number
}
export interface EphemeralMessage extends MessageContent {
  readonly user: string
}

export interface Messages {
  readonly ephemerals: EphemeralMessage[]
  in(channel: string): readonly ChannelMessage[]
  find(ts: string | undefined): ChannelMessage | undefined
  post(channel: string, content: MessageContent): ChannelMessage
  edit(message: ChannelMessage, content: MessageContent): void
}

/** @param now milliseconds since the epoch */
export function createMessages(now: () => number): Messages {
  const messages = new Map<string, ChannelMessage>()
  return {
    ephemerals: [],
    in: (channel) => [...messages.values()].filter((message) => message.channel === channel),
    find: (ts = '') => messages.get(ts),
    post(channel, content) {
      const ts = `${Math.floor(now() / 1000)}.${String(messages.size + 1).padStart(6, '0')}`
      const message = { ...content, channel, ts, edits: 0 }
      messages.set(ts, message)
      return message
    },
    edit: (message, content) => void messages.set(message.ts, { ...message, ...content, edits: message.edits + 1 }),
  }
}
