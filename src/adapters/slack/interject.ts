import type { Answer, Json, Tools } from '../../core/adapter.ts'
import { answerMessage } from './message.ts'
import { post } from './web.ts'

/** A button's HTTP answer shows nothing, so its own `response_url` tells what became of it. Commands are answered over HTTP. */
export async function interject(answerTo: Json, answer: Answer, tools: Tools): Promise<void> {
  const { responseUrl, button } = (answerTo ?? {}) as { responseUrl?: string | null; button?: boolean }
  if (button !== true || typeof responseUrl !== 'string') return
  // What is refused stands beside the message: it may be somebody else's.
  const replace_original = answer.kind === 'controlled'
  await post(tools, responseUrl, { response_type: 'ephemeral', replace_original, ...answerMessage(answer) })
}
