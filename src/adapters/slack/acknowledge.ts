import type { Json, RunView, Tools } from '../../core/adapter.ts'
import { type Message, runMessage } from './message.ts'

/**
 * A `response_url` takes five messages within thirty minutes, so only what matters is told: that the task runs, and how it ended.
 * https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
 * What it takes no more goes to the person directly, where the source has a `botToken`.
 */
export async function acknowledge(answerTo: Json, run: RunView, tools: Tools): Promise<void> {
  const { responseUrl, user } = (answerTo ?? {}) as { responseUrl?: string | null; user?: string }
  if (typeof responseUrl !== 'string' || run.status === 'queued' || run.status === 'starting') return
  const message = runMessage(run)
  const body = { response_type: 'ephemeral', replace_original: true, ...message }
  const response = await post(tools, responseUrl, body)
  if (response.ok) return
  const botToken = await tools.token('botToken')
  if (botToken === undefined || user === undefined)
    throw new Error(`Slack answered ${response.status} to the response_url`)
  await writeTo(tools, user, message, botToken)
}

const post = ({ fetch }: Tools, url: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
    redirect: 'error',
  })

/** The Web API answers 200 to nearly everything, and says in the body whether it is. https://docs.slack.dev/reference/methods/chat.postMessage */
async function writeTo(tools: Tools, user: string, message: Message, botToken: string): Promise<void> {
  const url = 'https://slack.com/api/chat.postMessage'
  const response = await post(tools, url, { channel: user, ...message }, { authorization: `Bearer ${botToken}` })
  const { ok, error } = (await response.json()) as { ok?: boolean; error?: string }
  if (ok !== true) throw new Error(`Slack refused the message: ${error ?? response.status}`)
}
