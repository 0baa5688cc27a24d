/** Asks the person for the parameters that a command lacks: `start` opens a modal, since only it has the bot token. */
import type { ModalView } from '@slack/types'
import type { Json, RunAction, SenderTools, TaskHelp, Trigger } from '../../core/adapter.ts'
import { isJsonObject } from '../../core/model/json.ts'
import type { ParamDeclarations } from '../../core/model/param.ts'
import { parseParamText } from '../../core/model/parse-param-text.ts'
import { parseTypedValue } from '../../core/model/parse-param-value.ts'
import { paramModal } from './param-modal.ts'
import type { SlackAddress } from './reply-address.ts'
import { callApi } from './web-api.ts'

const method = 'views.open'

/** The deferred work. It may pass through the queue: the trigger id lives for three seconds and opens one modal. */
export function askForParams(trigger: Trigger<SlackAddress>, task: TaskHelp): Json | undefined {
  const { triggerId } = trigger
  const { command, channel } = trigger.facts
  if (triggerId === undefined || triggerId === '' || command === undefined) return undefined
  const typed = trigger.rawParams.kind === 'text' ? parseParamText(trigger.rawParams.text, task.params).named : {}
  const view = paramModal(task, initialValues(task.params, typed), { command, channel })
  return view === undefined ? undefined : { method, triggerId, view: jsonOf(view) }
}

/** Slack's types are interfaces, which TypeScript does not accept as JSON. */
const jsonOf = (view: ModalView): Json => JSON.parse(JSON.stringify(view))

/** What was typed if it is valid, else the default. A secret is neither shown again nor sent through the queue. */
function initialValues(
  params: ParamDeclarations,
  typed: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const initial: Record<string, string> = Object.create(null)
  for (const [name, param] of Object.entries(params)) {
    if (param.secret === true) continue
    const value = (Object.hasOwn(typed, name) ? parseTypedValue(param, typed[name] ?? '') : undefined) ?? param.default
    if (value !== undefined) initial[name] = String(value)
  }
  return initial
}

/** The modal cannot be opened any more, so trying again is useless. https://docs.slack.dev/reference/methods/views.open */
const tooLate = ['expired_trigger_id', 'exchanged_trigger_id']

export async function openModal(work: Json, tools: SenderTools): Promise<readonly RunAction<SlackAddress>[]> {
  if (!isJsonObject(work) || work.method !== method) return []
  const token = await tools.token('botToken')
  if (token !== undefined) await callApi(tools, method, token, { trigger_id: work.triggerId, view: work.view }, tooLate)
  return []
}
