/** Asking for parameters that a command lacks: a modal is opened, and comes back as if it had been the command. */
import type { ViewSubmitAction } from '@slack/bolt/dist/types/index.js'
import type { Json, RunAction, SenderTools, TaskHelp, Translation, Trigger } from '../../core/adapter.ts'
import { BadRequest } from '../../core/errors.ts'
import { parseJson } from '../../core/http/body.ts'
import type { ParamDeclarations } from '../../core/model/param.ts'
import { parseParamText } from '../../core/model/param-text.ts'
import { parseTypedValue } from '../../core/model/param-value.ts'
import { actionId, formCallback, formView, type Origin, paramOf } from './modal.ts'
import { deliveryIdOf } from './slash-command.ts'
import { callApi } from './web-api.ts'

export type ViewSubmission = ViewSubmitAction

const method = 'views.open'

/** The adapter's `form`. The trigger id lives three seconds and opens one modal, so it may go through the queue. */
export function formErrand(trigger: Trigger, task: TaskHelp): Json | undefined {
  const { triggerId } = trigger
  const { command, channel } = trigger.facts
  if (triggerId === undefined || triggerId === '' || command === undefined) return undefined
  const typed = trigger.rawParams.kind === 'text' ? parseParamText(trigger.rawParams.text).named : {}
  const view = formView(task, initialOf(task.params, typed), { command, channel })
  return view === undefined ? undefined : ({ method, triggerId, view } as unknown as Json)
}

/** What was typed, where it will do, else the default. A secret is not shown again, nor carried through the queue. */
function initialOf(
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

/** Nothing that trying again could change. https://docs.slack.dev/reference/methods/views.open */
const tooLate = ['expired_trigger_id', 'exchanged_trigger_id']

/** The adapter's `errand`. */
export async function openForm(what: Json, tools: SenderTools): Promise<readonly RunAction[]> {
  const { triggerId, view, ...errand } = (what ?? {}) as { method?: unknown; triggerId?: unknown; view?: unknown }
  if (errand.method !== method) return []
  const token = await tools.token('botToken')
  if (token !== undefined) await callApi(tools, method, token, { trigger_id: triggerId, view }, tooLate)
  return []
}

/** @throws {BadRequest} where the form does not say which command it stands for */
export function submissionTranslation(body: ViewSubmission): Translation {
  const { user, team, view, api_app_id } = body
  if (view.callback_id !== formCallback) return { kind: 'ignore', reason: 'a form that is none of ours' }
  if (typeof user.id !== 'string') throw new BadRequest('the form has no user')
  const { command, channel, params } = metadataOf(view.private_metadata)
  const place = channel === undefined ? {} : { channel }
  return {
    kind: 'run',
    trigger: {
      event: command,
      deliveryId: deliveryIdOf(body.trigger_id),
      actor: user.id,
      facts: { command, user: user.id, ...place },
      rawParams: { kind: 'object', values: valuesOf(view), textual: true },
      payload: present({
        ...{ command, text: '', user_id: user.id, user_name: user.name },
        ...{ team_id: team?.id ?? user.team_id, team_domain: team?.domain },
        ...{ channel_id: channel, api_app_id },
      }),
      replyAddress: { responseUrl: null, user: user.id, ...place, form: true, params },
    },
  }
}

const present = (fields: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined))

/** Only what was filled in: an empty field is one that was not given. */
function valuesOf({ state }: ViewSubmission['view']): Readonly<Record<string, string>> {
  const values: Record<string, string> = Object.create(null)
  for (const [block, actions] of Object.entries(state.values)) {
    const name = paramOf(block)
    const filled = actions[actionId]?.value ?? actions[actionId]?.selected_option?.value
    if (name !== undefined && typeof filled === 'string' && filled !== '') values[name] = filled
  }
  return values
}

/** Ours, and signed by Slack; but another version of us may have written it. */
function metadataOf(text: unknown): Origin & { readonly params: readonly string[] } {
  const read = typeof text === 'string' ? parseJson(text) : undefined
  const { command, channel, params } = (read ?? {}) as Readonly<Record<string, unknown>>
  if (typeof command !== 'string' || !/^\/\S{1,99}$/.test(command))
    throw new BadRequest('the form does not say which command it stands for')
  if (channel !== undefined && (typeof channel !== 'string' || !/^\w{1,100}$/.test(channel)))
    throw new BadRequest('the form does not say where it was asked for')
  const names = Array.isArray(params) ? params.filter((name) => typeof name === 'string') : []
  return { command, channel, params: names }
}
