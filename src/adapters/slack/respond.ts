import type { Answer, Json, SenderTools } from '../../core/adapter.ts'
import { answerMessage } from './message.ts'
import { post } from './web-api.ts'

/** A button's HTTP answer shows nothing, so its own `response_url` tells what became of it. Commands are answered over HTTP. */
export async function respond(replyAddress: Json, answer: Answer, tools: SenderTools): Promise<void> {
  const { responseUrl, button, shared } = (replyAddress ?? {}) as Readonly<Record<string, unknown>>
  if (button !== true || typeof responseUrl !== 'string') return
  // What is refused stands beside the message: it may be somebody else's. So does another run, where others read how this one ended.
  const replace_original = answer.kind === 'action' && !(answer.verb === 'rerun' && shared === true)
  await post(tools, responseUrl, { response_type: 'ephemeral', replace_original, ...answerMessage(answer) })
}
