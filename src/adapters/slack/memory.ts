/** What taskhook remembers of the messages about a run. Pure. */
import type { Json } from '../../core/adapter.ts'
import { isJsonObject } from '../../core/model/json.ts'

/** As the ledger stores it, so its keys never change. */
export type SlackMemory = {
  /** How many updates the `response_url` was used for. */
  readonly uses?: number
  /** Status and reason of the last of them. */
  readonly said?: string
  /** The bot's message, which is edited. */
  readonly message?: MessageId
}

/** A message by its channel and timestamp, as `chat.update` wants it. */
export type MessageId = { readonly channel: string; readonly ts: string }

export function parseMemory(stored: Json): SlackMemory | undefined {
  if (!isJsonObject(stored)) return undefined
  const { uses, said, message = null } = stored
  const id = isJsonObject(message) ? message : {}
  return {
    ...(typeof uses === 'number' && { uses }),
    ...(typeof said === 'string' && { said }),
    ...(typeof id.channel === 'string' && typeof id.ts === 'string' && { message: { channel: id.channel, ts: id.ts } }),
  }
}
