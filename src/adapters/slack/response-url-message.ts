/**
 * Posts updates to Slack's `response_url`, which accepts five messages within thirty minutes.
 * https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
 */
import type { RunView, SenderTools } from '../../core/adapter.ts'
import { isTerminal } from '../../core/model/run.ts'
import { waitingReason } from '../../core/text/waiting-reasons.ts'
import type { Message } from './block-kit.ts'
import type { SlackMemory } from './memory.ts'
import type { SlackAddress } from './reply-address.ts'
import { postJson } from './web-api.ts'

const maxUses = 5
const lifetimeMs = 30 * 60_000

/** Posts an update if there is a use left for it. The last use is kept for the result. @returns undefined: nothing was posted */
export async function postToResponseUrl(
  { responseUrl, shared }: SlackAddress,
  { uses = 0, ...memory }: SlackMemory,
  message: Message,
  run: RunView,
  tools: SenderTools,
): Promise<SlackMemory | undefined> {
  // `said` is compared with the last update. It leaves out progress, because every change would use one of the five messages.
  const why = run.waiting === undefined ? run.reason : waitingReason(run.waiting)
  const said = `${run.status} ${why ?? ''}`.trim().slice(0, 200)
  const isAlive = tools.now() - Date.parse(run.createdAt) < lifetimeMs
  const usable = isTerminal(run.status) ? maxUses : maxUses - 1
  if (responseUrl === null || memory.said === said || !isAlive || uses >= usable) return undefined
  // Approvers must see a run that waits for them. A message that only the requester sees cannot become one for everybody, so it is new.
  const visibility =
    run.approval === undefined
      ? { response_type: 'ephemeral', replace_original: shared !== true }
      : { response_type: 'in_channel', replace_original: false }
  const response = await postJson(tools, responseUrl, { ...visibility, ...message })
  if (!response.ok) throw new Error(`Slack answered ${response.status} to the response_url`)
  return { ...memory, uses: uses + 1, said }
}
