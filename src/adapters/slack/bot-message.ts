/** One real message by the bot, edited until the run ends. It needs a bot token. */
import type { RunView, SenderTools } from '../../core/adapter.ts'
import type { Message } from './block-kit.ts'
import type { MessageId } from './memory.ts'
import type { SlackAddress } from './reply-address.ts'
import { callApi } from './web-api.ts'

/** @param old the message to edit @returns undefined: the bot can post nowhere */
export async function postOrEdit(
  address: SlackAddress,
  old: MessageId | undefined,
  message: Message,
  run: RunView,
  tools: SenderTools,
  token: string,
): Promise<MessageId | undefined> {
  if (old !== undefined) {
    const { ok } = await callApi(tools, 'chat.update', token, { ...old, ...message }, isGone)
    if (ok) return old
  }
  for (const channel of placesOf(address, run)) {
    const posted = await callApi(tools, 'chat.postMessage', token, { channel, ...message }, isClosed)
    if (posted.ts !== undefined && posted.channel !== undefined) return { channel: posted.channel, ts: posted.ts }
  }
  return undefined
}

/**
 * The channel, else the person, because the bot is not a member of every channel, and a direct message is not a channel. The requester
 * cannot approve a run, so while it waits for approval the `response_url` is better than a message to the requester.
 */
function placesOf({ channel, user, responseUrl }: SlackAddress, { approval }: RunView): readonly string[] {
  const person = approval === undefined || responseUrl === null ? user : undefined
  return [channel, person].filter((place) => place !== undefined)
}

/** The message was deleted, so a new one is posted. https://docs.slack.dev/reference/methods/chat.update */
const isGone = ['message_not_found', 'cant_update_message']

/** The bot cannot post there, and trying again will not help. https://docs.slack.dev/reference/methods/chat.postMessage */
const isClosed = [
  'not_in_channel',
  'channel_not_found',
  'is_archived',
  'restricted_action',
  'cannot_dm_bot',
  'user_not_found',
]
