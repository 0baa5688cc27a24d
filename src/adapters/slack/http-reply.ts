/** The HTTP reply. Always 200, because Slack shows its own error for any other status. Only the person who typed the command sees it. */
import type { Answer, HttpReply, RefusedAnswer } from '../../core/adapter.ts'
import { json } from '../../core/http/json-reply.ts'
import { cutText } from '../../core/text/cut-text.ts'
import { answerMessage } from './answer-message.ts'
import { infoModal } from './modal.ts'
import type { SlackAddress } from './reply-address.ts'
import { blockOfParam } from './view-ids.ts'

export const httpReply = (answer: Answer, address: SlackAddress | null): HttpReply =>
  address?.form === true
    ? modalReply(answer, address.params ?? [])
    : json(200, { response_type: 'ephemeral', ...answerMessage(answer) })

/** The reply to a modal closes it, marks its fields or replaces it. https://docs.slack.dev/surfaces/modals#response_actions */
function modalReply(answer: Answer, params: readonly string[]): HttpReply {
  if (answer.kind === 'accepted') return { status: 200, headers: {}, body: '' }
  const errors = answer.kind === 'refused' ? fieldErrors(answer, params) : {}
  if (Object.keys(errors).length > 0) return json(200, { response_action: 'errors', errors })
  const task = answer.kind === 'refused' ? answer.task : undefined
  return json(200, { response_action: 'update', view: infoModal(task ?? 'taskhook', answerMessage(answer).blocks) })
}

const maxError = 2000

/** By block. Slack shows an error only at a block that exists, so problems that are not a parameter's go to the first one. */
function fieldErrors({ status, title, problems }: RefusedAnswer, params: readonly string[]) {
  const [first] = params
  if (status >= 500 || first === undefined) return {}
  const errors = new Map<string, string[]>()
  for (const { path, message } of problems) {
    const isParam = params.includes(path)
    const block = blockOfParam(isParam ? path : first)
    const text = isParam || path === '' ? message : `${path} ${message}`
    errors.set(block, [...(errors.get(block) ?? []), text])
  }
  // At the first field, the title says what those problems are about.
  if (problems.some(({ path }) => !params.includes(path))) errors.get(blockOfParam(first))?.unshift(title)
  return Object.fromEntries([...errors].map(([block, texts]) => [block, cutText(texts.join('; '), maxError)]))
}
