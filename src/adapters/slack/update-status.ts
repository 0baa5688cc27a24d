import type { Json, RunView, SenderTools } from '../../core/adapter.ts'
import { type Message, runMessage } from './message.ts'
import { callApi, post } from './web-api.ts'

/** https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
const mostUses = 5
const livesMs = 30 * 60_000

interface AnswerTo {
  readonly responseUrl?: string | null
  readonly user?: string
  readonly channel?: string
  /** Asked for with a form. */
  readonly form?: boolean
  /** Asked for with a button of a message that others see: it tells of another run, and stays. */
  readonly shared?: boolean
}

interface Memory {
  /** Of the `response_url`, and what it was used for last. */
  readonly uses?: number
  readonly said?: string
  /** The message in the channel (or to the person) that is edited. */
  readonly message?: { readonly channel: string; readonly ts: string }
}

/**
 * With a bot token the news is one real message, edited to the end. Without one it is the `response_url`, which takes five messages
 * within thirty minutes: the last is kept for the end.
 */
export async function updateStatus(
  replyAddress: Json,
  run: RunView,
  tools: SenderTools,
  memory: Json = null,
): Promise<Json | undefined> {
  const to = (replyAddress ?? {}) as AnswerTo
  const known = (memory ?? {}) as Memory
  // What the command was answered with says it already; but a form is closed without a word, and what a message says may be old.
  const isNews = run.status !== 'starting' && (run.status !== 'queued' || run.reason !== undefined)
  if (!isNews && to.form !== true && run.approvedBy === undefined && known.message === undefined) return undefined
  const token = await tools.token('botToken')
  const message = runMessage(run, { askedBy: to.user, lastsWithoutToken: token === undefined })
  if (token !== undefined) {
    const kept = await writeOrEdit(to, known, message, run, tools, token)
    if (kept !== undefined) return { ...known, message: kept } as unknown as Json
  }
  return byResponseUrl(to, known, message, run, tools)
}

/** Undefined: the bot may not write there. */
async function writeOrEdit(
  { channel, user, responseUrl }: AnswerTo,
  { message: old }: Memory,
  message: Message,
  run: RunView,
  tools: SenderTools,
  token: string,
) {
  if (old !== undefined) {
    const edited = await callApi(tools, 'chat.update', token, { ...old, ...message }, gone)
    if (edited.ok === true) return old
  }
  // The channel, else the person: a bot is not in every channel, and a direct message is not one. Who asks cannot approve, so what
  // waits for others is rather said by the response_url, where there is one.
  const toPerson = run.approval === undefined || typeof responseUrl !== 'string'
  for (const place of [channel, toPerson ? user : undefined]) {
    if (place === undefined) continue
    const { ts, channel: posted } = await callApi(
      tools,
      'chat.postMessage',
      token,
      { channel: place, ...message },
      closed,
    )
    if (ts !== undefined && posted !== undefined) return { channel: posted, ts }
  }
  return undefined
}

/** Somebody has deleted it: written anew. https://docs.slack.dev/reference/methods/chat.update */
const gone = ['message_not_found', 'cant_update_message']

/** Places in which a bot cannot write, and never will by trying again. https://docs.slack.dev/reference/methods/chat.postMessage */
const closed = [
  'not_in_channel',
  'channel_not_found',
  'is_archived',
  'restricted_action',
  'cannot_dm_bot',
  'user_not_found',
]

async function byResponseUrl(
  { responseUrl, shared }: AnswerTo,
  { uses = 0, said, ...rest }: Memory,
  message: Message,
  run: RunView,
  tools: SenderTools,
): Promise<Json | undefined> {
  const ended = !['queued', 'starting', 'running'].includes(run.status)
  const alive = tools.now() - Date.parse(run.createdAt) < livesMs
  // How far it is would use up what is kept for the end.
  const word = `${run.status} ${run.reason ?? ''}`.trim().slice(0, 200)
  if (said === word) return undefined
  // The first message said that it would be so.
  if (typeof responseUrl !== 'string' || !alive || uses >= (ended ? mostUses : mostUses - 1)) return undefined
  // Whoever may approve must see it, and one that only the asker sees cannot become one for all.
  const how =
    run.approval === undefined
      ? { response_type: 'ephemeral', replace_original: shared !== true }
      : { response_type: 'in_channel', replace_original: false }
  const response = await post(tools, responseUrl, { ...how, ...message })
  if (!response.ok) throw new Error(`Slack answered ${response.status} to the response_url`)
  return { ...rest, uses: uses + 1, said: word }
}
