import type { Answer, HttpReply, Json } from '../../core/adapter.ts'
import { json } from '../../core/http/json-reply.ts'
import { answerMessage } from './message.ts'
import { blockOf, cut, tellingView } from './modal.ts'

type Refused = Extract<Answer, { kind: 'refused' }>

/** Always 200 and our own words: Slack shows any other status as an error of its own. Only the person who typed sees it. */
export function httpReply(answer: Answer, replyAddress: Json = null): HttpReply {
  const { form, params } = (replyAddress ?? {}) as { form?: boolean; params?: readonly string[] }
  return form === true
    ? formReply(answer, params ?? [])
    : json(200, { response_type: 'ephemeral', ...answerMessage(answer) })
}

/** A form takes no message: it is closed, marked or replaced. https://docs.slack.dev/surfaces/modals#response_actions */
function formReply(answer: Answer, params: readonly string[]): HttpReply {
  if (answer.kind === 'accepted') return { status: 200, headers: {}, body: '' }
  const errors = answer.kind === 'refused' ? errorsOf(answer, params) : {}
  if (Object.keys(errors).length > 0) return json(200, { response_action: 'errors', errors })
  const title = answer.kind === 'refused' ? answer.task : undefined
  return json(200, { response_action: 'update', view: tellingView(title ?? 'taskhook', answerMessage(answer).blocks) })
}

const longest = 2000

/** By block. Slack shows what is wrong only at blocks that are there, so what is wrong with no parameter stands at the first. */
function errorsOf({ status, title, problems }: Refused, params: readonly string[]): Readonly<Record<string, string>> {
  const [first] = params
  if (status >= 500 || first === undefined) return {}
  const found = new Map<string, string[]>()
  for (const { path, message } of problems) {
    const known = params.includes(path)
    const block = blockOf(known ? path : first)
    const text = known || path === '' ? message : `${path} ${message}`
    found.set(block, [...(found.get(block) ?? []), text])
  }
  // Without it nobody would know what those are about.
  if (problems.some(({ path }) => !params.includes(path))) found.get(blockOf(first))?.unshift(title)
  return Object.fromEntries([...found].map(([block, texts]) => [block, cut(texts.join('; '), longest)]))
}
