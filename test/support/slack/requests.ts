/** The requests that Slack sends to an app, signed: a command, a click on a button, a submitted modal. */
import type { KnownBlock, ModalView } from '@slack/types'
import { type Delivery, slackDelivery } from '../deliveries.ts'
import type { Credentials } from './credentials.ts'
import type { ChannelMessage } from './messages.ts'
import { ann, bob, eve, type Person } from './people.ts'

export interface OpenForm {
  readonly view: ModalView
  readonly command: string
  readonly user: string
}

export interface SlackRequests {
  /** A person types a command. */
  typeCommand(command: string, text: string, by?: Person, channel?: string): Delivery
  /** A person clicks a button. @param on the message in a channel that has it; undefined: an ephemeral message */
  clickButton(action: string, value: string, by: Person, on?: ChannelMessage, signingSecret?: string): Delivery
  /** A person submits a form. @param values by parameter; undefined: left empty */
  submitForm(form: OpenForm, values: Readonly<Record<string, string | undefined>>, by?: Person): Delivery
}

const app = { api_app_id: 'A1', token: 'verification-token' }
const team = { id: 'T1', domain: 'acme' }
const userOf = ({ id, name }: Person) => ({ id, username: name, name, team_id: team.id })

export function createRequests(
  signingSecret: string,
  now: () => number,
  { issueTrigger, issueResponseUrl }: Credentials,
): SlackRequests {
  const signed = (fields: Record<string, string>, secret = signingSecret): Delivery =>
    slackDelivery(secret, new URLSearchParams(fields).toString(), now() / 1000)
  const interaction = (payload: unknown, secret?: string) => signed({ payload: JSON.stringify(payload) }, secret)

  return {
    typeCommand: (command, text, by = ann, channel = 'C0DATA') =>
      signed({
        ...{ ...app, team_id: team.id, team_domain: team.domain },
        ...{ channel_id: channel, channel_name: 'data', user_id: by.id, user_name: by.name, command, text },
        response_url: issueResponseUrl('commands', channel, by.id),
        trigger_id: issueTrigger(command, by.id),
      }),

    clickButton(action, value, by, on, secret) {
      const channel = on?.channel ?? 'C0DATA'
      const button = {
        ...{ type: 'button', action_id: action, block_id: 'b1', value, action_ts: '1.1' },
        text: { type: 'plain_text', text: 'x', emoji: true },
      }
      const container = { message_ts: on?.ts ?? '1.1', channel_id: channel, is_ephemeral: on === undefined }
      const payload = {
        ...{ type: 'block_actions', ...app, user: userOf(by), team, container: { type: 'message', ...container } },
        channel: { id: channel, name: 'data' },
        ...(on !== undefined && { message: { type: 'message', ts: on.ts, text: on.text, blocks: on.blocks } }),
        trigger_id: issueTrigger('', by.id),
        response_url: issueResponseUrl('actions', channel, by.id, on?.ts),
        actions: [button],
      }
      return interaction(payload, secret)
    },

    submitForm: ({ view, user }, values, by = [ann, bob, eve].find(({ id }) => id === user) ?? ann) =>
      interaction({
        ...{ type: 'view_submission', ...app, team, user: userOf(by), trigger_id: issueTrigger('', by.id) },
        view: { ...view, id: 'V1', team_id: team.id, state: { values: stateOf(view, values) }, hash: '1.x' },
        ...{ response_urls: [], is_enterprise_install: false, enterprise: null },
      }),
  }
}

/** The state of a modal's inputs, as Slack sends it. */
function stateOf({ blocks }: ModalView, values: Readonly<Record<string, string | undefined>>) {
  const inputs = (blocks as readonly KnownBlock[]).filter((block) => block.type === 'input')
  return Object.fromEntries(
    inputs.map(({ block_id = '', element }) => {
      const value = values[block_id.replace('p:', '')] ?? null
      const action = 'action_id' in element ? String(element.action_id) : ''
      const answer =
        element.type === 'static_select'
          ? { selected_option: value === null ? null : { text: { type: 'plain_text', text: value }, value } }
          : { value }
      return [block_id, { [action]: { type: element.type, ...answer } }]
    }),
  )
}
