/** With a bot token, updates are one message, edited until the run ends. Without one, they go to the `response_url`. */
import type { RunView, SenderTools } from '../../core/adapter.ts'
import { postOrEdit } from './bot-message.ts'
import type { SlackMemory } from './memory.ts'
import type { SlackAddress } from './reply-address.ts'
import { postToResponseUrl } from './response-url-message.ts'
import { runMessage } from './run-message.ts'

export async function updateStatus(
  address: SlackAddress | null,
  run: RunView,
  tools: SenderTools,
  memory: SlackMemory = {},
): Promise<SlackMemory | undefined> {
  if (address === null || !isNews(run, address, memory)) return undefined
  const token = await tools.token('botToken')
  const message = runMessage(run, { requester: address.user, withoutBotToken: token === undefined })
  if (token !== undefined) {
    const written = await postOrEdit(address, memory.message, message, run, tools, token)
    if (written !== undefined) return { ...memory, message: written }
  }
  return postToResponseUrl(address, memory, message, run, tools)
}

/**
 * The answer to the command has already said that the run is queued or starting. That is news only after a modal, which closes without an
 * answer, after an approval, or if the bot has written a message, which may still show what the run waited for.
 */
const isNews = (run: RunView, { form }: SlackAddress, { message }: SlackMemory): boolean =>
  !isAsAnswered(run) || form === true || run.approvedBy !== undefined || message !== undefined

/** A run that waits has `waiting` and `reason`. Rows that an earlier version stored have only `reason`. */
const isAsAnswered = ({ status, waiting, reason }: RunView): boolean =>
  status === 'starting' || (status === 'queued' && waiting === undefined && reason === undefined)
