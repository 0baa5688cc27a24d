/** The methods of Slack's Web API that taskhook calls, and response_urls. https://docs.slack.dev/reference/methods */
import type { KnownBlock, ModalView } from '@slack/types'
import type { Credentials } from './credentials.ts'
import { type MessageContent, messageErrors, viewErrors } from './limits.ts'
import type { Messages } from './messages.ts'
import type { OpenForm } from './requests.ts'

export type Body = Readonly<Record<string, unknown>>
export type Answer = { readonly ok: boolean; readonly error?: string } & Body

export interface Workspace {
  readonly messages: Messages
  readonly credentials: Credentials
  readonly openForms: OpenForm[]
  /** `S0DATA` → ids of its members. */
  readonly groups: ReadonlyMap<string, readonly string[]>
  readonly channelsWithoutBot: ReadonlySet<string>
}

const contentOf = (body: Body): MessageContent => ({
  text: String(body.text ?? ''),
  blocks: (body.blocks ?? []) as readonly KnownBlock[],
})

function contentError(body: Body): string | undefined {
  const errors = messageErrors(contentOf(body))
  return errors.length === 0 ? undefined : `invalid_blocks: ${errors.join('; ')}`
}

type Method = (workspace: Workspace, body: Body) => Answer

const postMessage: Method = ({ messages, channelsWithoutBot }, body) => {
  const channel = String(body.channel)
  const error = channelsWithoutBot.has(channel) ? 'not_in_channel' : contentError(body)
  if (error !== undefined) return { ok: false, error }
  // A conversation with a person has an id of its own.
  const { channel: place, ts } = messages.post(channel.startsWith('U') ? `D${channel}` : channel, contentOf(body))
  return { ok: true, channel: place, ts }
}

const updateMessage: Method = ({ messages }, body) => {
  const message = messages.find(String(body.ts))
  if (message === undefined || message.channel !== body.channel) return { ok: false, error: 'message_not_found' }
  const error = contentError(body)
  if (error !== undefined) return { ok: false, error }
  messages.edit(message, contentOf(body))
  return { ok: true, channel: message.channel, ts: message.ts }
}

const openView: Method = ({ credentials, openForms }, body) => {
  const trigger = credentials.trigger(String(body.trigger_id))
  if ('error' in trigger) return { ok: false, error: trigger.error }
  const view = body.view as ModalView
  const errors = viewErrors(view)
  if (errors.length > 0) return { ok: false, error: `invalid_arguments: ${errors.join('; ')}` }
  trigger.use()
  openForms.push({ view, command: trigger.command, user: trigger.user })
  return { ok: true, view: { ...view, id: `V${openForms.length}` } }
}

const listGroupMembers: Method = ({ groups }, { usergroup }) => {
  const users = groups.get(String(usergroup))
  return users === undefined ? { ok: false, error: 'no_such_subteam' } : { ok: true, users }
}

export const methods: Readonly<Record<string, Method>> = {
  'chat.postMessage': postMessage,
  'chat.update': updateMessage,
  'views.open': openView,
  'usergroups.users.list': listGroupMembers,
}

/** @returns `ok`, or why Slack refuses it */
export function postToResponseUrl({ messages, credentials }: Workspace, url: string, body: Body): string {
  const target = credentials.useResponseUrl(url)
  if ('error' in target) return target.error
  const error = contentError(body)
  if (error !== undefined) return error
  const content = contentOf(body)
  const original = messages.find(target.original)
  if (body.replace_original === true && original !== undefined) messages.edit(original, content)
  else if (body.response_type === 'in_channel') messages.post(target.channel, content)
  else messages.ephemerals.push({ ...content, user: target.user })
  return 'ok'
}
