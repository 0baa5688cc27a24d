import type { Json, RunView, Tools } from '../../core/adapter.ts'
import { runMessage } from './message.ts'

/**
 * A `response_url` takes five messages within thirty minutes, so only what matters is told: that the task runs, and how it ended.
 * https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
 */
export async function acknowledge(answerTo: Json, run: RunView, { fetch }: Tools): Promise<void> {
  const { responseUrl } = (answerTo ?? {}) as { responseUrl?: string | null }
  if (typeof responseUrl !== 'string' || run.status === 'queued' || run.status === 'starting') return
  const response = await fetch(responseUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ response_type: 'ephemeral', replace_original: true, ...runMessage(run) }),
    redirect: 'error',
  })
  if (!response.ok) throw new Error(`Slack answered ${response.status} to the response_url`)
}
