/**
 * Slack's `response_url`: it accepts five messages within thirty minutes.
 * https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
 */

import type { RunView, SenderTools } from '../../core/adapter.ts'
import { whyNotCallable } from '../../core/http/url-checks.ts'
import { isTerminal } from '../../core/model/run.ts'
import { waitingReason } from '../../core/text/waiting-reasons.ts'
import type { Message } from './block-kit.ts'
import type { SlackMemory } from './memory.ts'
import type { SlackAddress } from './reply-address.ts'
import { postJson } from './web-api.ts'

/** taskhook posts to it from inside an AWS account, so it must lead to Slack and nowhere else. */
const hosts = new Set(['hooks.slack.com', 'hooks.slack-gov.com'])

/** @returns the URL as it was parsed, so that no other parser reads another host in it; null: it does not lead to Slack */
export function responseUrlOf(url: string | undefined): string | null {
  const parsed = url === undefined ? null : URL.parse(url)
  return parsed !== null && whyNotCallable(parsed) === undefined && hosts.has(parsed.host) ? parsed.href : null
}

const maxUses = 5
const lifetimeMs = 30 * 60_000

/** Posts an update if there is a use left for it. The last use is kept for the result. @returns undefined: nothing was posted */
export async function postUpdate(
  { responseUrl, shared }: SlackAddress,
  { uses = 0, ...memory }: SlackMemory,
  message: Message,
  run: RunView,
  tools: SenderTools,
): Promise<SlackMemory | undefined> {
  // It is only compared. It leaves out progress, which would use up the messages.
  const why = run.waiting === undefined ? run.reason : waitingReason(run.waiting)
  const said = `${run.status} ${why ?? ''}`.trim().slice(0, 200)
  const isAlive = tools.now() - Date.parse(run.createdAt) < lifetimeMs
  const usable = isTerminal(run.status) ? maxUses : maxUses - 1
  if (responseUrl === null || memory.said === said || !isAlive || uses >= usable) return undefined
  // Approvers must see it, and a message that only the requester sees cannot become one for everybody.
  const visibility =
    run.approval === undefined
      ? { response_type: 'ephemeral', replace_original: shared !== true }
      : { response_type: 'in_channel', replace_original: false }
  const response = await postJson(tools, responseUrl, { ...visibility, ...message })
  if (!response.ok) throw new Error(`Slack answered ${response.status} to the response_url`)
  return { ...memory, uses: uses + 1, said }
}
