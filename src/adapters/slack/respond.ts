/** Answers a button by its own `response_url`, because Slack does not show the HTTP reply to a button. */
import type { Answer, SenderTools } from '../../core/adapter.ts'
import { answerMessage } from './answer-message.ts'
import type { SlackAddress } from './reply-address.ts'
import { postJson } from './web-api.ts'

export async function respond(address: SlackAddress | null, answer: Answer, tools: SenderTools): Promise<void> {
  if (address?.button !== true || address.responseUrl === null) return
  // A refusal leaves the message as it is, which may be somebody else's. So does a rerun, if others read there how the old run ended.
  const replace_original = answer.kind === 'action' && !(answer.verb === 'rerun' && address.shared === true)
  const message = { response_type: 'ephemeral', replace_original, ...answerMessage(answer) }
  await postJson(tools, address.responseUrl, message)
}
