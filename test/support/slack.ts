/**
 * Slack as far as taskhook speaks with it, with a memory: what a channel shows now, which forms stand open, and what a person alone was
 * told. It takes nothing that Slack would not take. https://docs.slack.dev/apis/web-api/
 */
import type { KnownBlock, ModalView } from '@slack/types'
import { type Delivery, slackDelivery } from './deliveries.ts'

export interface Shown {
  readonly text: string
  readonly blocks: readonly KnownBlock[]
}
export interface ChannelMessage extends Shown {
  readonly channel: string
  readonly ts: string
  /** How often it was edited or replaced. */
  readonly edits: number
}
export interface Whisper extends Shown {
  readonly user: string
}
export interface OpenForm {
  readonly view: ModalView
  readonly command: string
  readonly user: string
}
export interface Person {
  readonly id: string
  readonly name: string
}

export const ann: Person = { id: 'U0ANN', name: 'ann' }
export const bob: Person = { id: 'U0BOB', name: 'bob' }
export const eve: Person = { id: 'U0EVE', name: 'eve' }

export interface SlackOptions {
  readonly signingSecret: string
  readonly botToken?: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export interface Slack {
  readonly fetch: typeof fetch
  /** Calls of the Web API and of response_urls (`response_url`), oldest first. */
  readonly calls: {
    readonly method: string
    readonly body: Readonly<Record<string, unknown>>
    readonly status: string
  }[]
  callsOf(method: string): Slack['calls']
  /** What a channel, or a conversation with a person, shows now. */
  shown(channel: string): readonly ChannelMessage[]
  readonly whispers: Whisper[]
  readonly forms: OpenForm[]
  /** `S0DATA` → ids of people. */
  readonly groups: Map<string, readonly string[]>
  /** Channels in which the bot is not. */
  readonly foreign: Set<string>
  /** Keys to something: no log and no ledger may hold one. */
  readonly keys: string[]
  /** From now on this method is refused with this error; without one, it is not. */
  refuse(method: string, error?: string): void
  /** Somebody types a command. */
  command(command: string, text: string, by?: Person, channel?: string): Delivery
  /** Somebody clicks a button of a message that stands in a channel, or that he alone sees. */
  click(action: string, value: string, by: Person, on?: ChannelMessage, secret?: string): Delivery
  /** Somebody hands a form in. @param values by parameter; undefined: left empty */
  submit(form: OpenForm, values: Readonly<Record<string, string | undefined>>, by?: Person): Delivery
}

const triggerMs = 3_000
const urlMs = 30 * 60_000
const urlUses = 5

interface ResponseUrl {
  readonly at: number
  readonly channel: string
  readonly user: string
  uses: number
  /** The message in the channel that it can replace. */
  readonly original: string | undefined
}

export function createSlack({ signingSecret, botToken, now }: SlackOptions): Slack {
  const calls: Slack['calls'] = []
  const messages = new Map<string, ChannelMessage>()
  const whispers: Whisper[] = []
  const forms: OpenForm[] = []
  const groups = new Map<string, readonly string[]>()
  const foreign = new Set<string>()
  const keys: string[] = []
  const refused = new Map<string, string>()
  const triggers = new Map<string, { at: number; used: boolean; command: string; user: string }>()
  const urls = new Map<string, ResponseUrl>()
  let count = 0

  const ts = () => `${Math.floor(now() / 1000)}.${String(++count).padStart(6, '0')}`
  const trigger = (command: string, user: string) => {
    const id = `13345224609${++count}.738474920.${crypto.randomUUID().replaceAll('-', '')}`
    triggers.set(id, { at: now(), used: false, command, user })
    keys.push(id)
    return id
  }
  const responseUrl = (kind: string, channel: string, user: string, original?: string) => {
    const url = `https://hooks.slack.com/${kind}/T1/${++count}/${crypto.randomUUID()}`
    urls.set(url, { at: now(), channel, user, uses: 0, original })
    keys.push(url)
    return url
  }
  const delivery = (body: string, secret = signingSecret): Delivery => slackDelivery(secret, body, now() / 1000)
  const interaction = (payload: unknown, secret?: string) =>
    delivery(new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), secret)

  type Body = Readonly<Record<string, unknown>>
  const shownIn = (body: Body): Shown => ({
    text: String(body.text ?? ''),
    blocks: (body.blocks ?? []) as readonly KnownBlock[],
  })
  const methods: Readonly<Record<string, (body: Body) => object>> = {
    'chat.postMessage': (body) => {
      const channel = String(body.channel)
      if (foreign.has(channel)) return { ok: false, error: 'not_in_channel' }
      const said = shownIn(body)
      if (faultsOf(said).length > 0) return { ok: false, error: `invalid_blocks: ${faultsOf(said).join('; ')}` }
      // To a person: the conversation has an id of its own.
      const place = channel.startsWith('U') ? `D${channel}` : channel
      const message = { ...said, channel: place, ts: ts(), edits: 0 }
      messages.set(message.ts, message)
      return { ok: true, channel: place, ts: message.ts }
    },
    'chat.update': (body) => {
      const old = messages.get(String(body.ts))
      if (old === undefined || old.channel !== body.channel) return { ok: false, error: 'message_not_found' }
      const said = shownIn(body)
      if (faultsOf(said).length > 0) return { ok: false, error: `invalid_blocks: ${faultsOf(said).join('; ')}` }
      messages.set(old.ts, { ...old, ...said, edits: old.edits + 1 })
      return { ok: true, channel: old.channel, ts: old.ts }
    },
    'views.open': (body) => {
      const known = triggers.get(String(body.trigger_id))
      if (known === undefined) return { ok: false, error: 'invalid_trigger_id' }
      if (known.used) return { ok: false, error: 'exchanged_trigger_id' }
      if (now() - known.at > triggerMs) return { ok: false, error: 'expired_trigger_id' }
      const view = body.view as ModalView
      if (viewFaults(view).length > 0) return { ok: false, error: `invalid_arguments: ${viewFaults(view).join('; ')}` }
      known.used = true
      forms.push({ view, command: known.command, user: known.user })
      return { ok: true, view: { ...view, id: `V${++count}` } }
    },
    'usergroups.users.list': ({ usergroup }) => {
      const users = groups.get(String(usergroup))
      return users === undefined ? { ok: false, error: 'no_such_subteam' } : { ok: true, users }
    },
  }

  const api = (method: string, body: Body, authorization: string | null): object => {
    if (botToken === undefined || authorization !== `Bearer ${botToken}`) return { ok: false, error: 'invalid_auth' }
    const error = refused.get(method)
    if (error !== undefined) return { ok: false, error }
    return methods[method]?.(body) ?? { ok: false, error: 'unknown_method' }
  }

  const respond = (url: string, body: Body): string => {
    const known = urls.get(url)
    if (known === undefined || ++known.uses > urlUses) return 'used_url'
    if (now() - known.at > urlMs) return 'expired_url'
    const said = shownIn(body)
    if (faultsOf(said).length > 0) return `invalid_blocks: ${faultsOf(said).join('; ')}`
    const original = known.original === undefined ? undefined : messages.get(known.original)
    if (body.replace_original === true && original !== undefined)
      messages.set(original.ts, { ...original, ...said, edits: original.edits + 1 })
    else if (body.response_type === 'in_channel') {
      const message = { ...said, channel: known.channel, ts: ts(), edits: 0 }
      messages.set(message.ts, message)
    } else whispers.push({ ...said, user: known.user })
    return 'ok'
  }

  return {
    ...{ calls, whispers, forms, groups, foreign, keys },
    callsOf: (method) => calls.filter((call) => call.method === method),
    shown: (channel) => [...messages.values()].filter((message) => message.channel === channel),
    refuse(method, error) {
      if (error === undefined) refused.delete(method)
      else refused.set(method, error)
    },

    command(command, text, by = ann, channel = 'C0DATA') {
      const fields = {
        ...{ token: 'verification-token', team_id: 'T1', team_domain: 'acme', api_app_id: 'A1' },
        ...{ channel_id: channel, channel_name: 'data', user_id: by.id, user_name: by.name, command, text },
        response_url: responseUrl('commands', channel, by.id),
        trigger_id: trigger(command, by.id),
      }
      return delivery(new URLSearchParams(fields).toString())
    },

    click(action, value, by, on, secret) {
      const channel = on?.channel ?? 'C0DATA'
      const payload = {
        ...{ type: 'block_actions', api_app_id: 'A1', token: 'verification-token' },
        user: { id: by.id, username: by.name, name: by.name, team_id: 'T1' },
        team: { id: 'T1', domain: 'acme' },
        container: {
          type: 'message',
          message_ts: on?.ts ?? '1.1',
          channel_id: channel,
          is_ephemeral: on === undefined,
        },
        channel: { id: channel, name: 'data' },
        ...(on !== undefined && { message: { type: 'message', ts: on.ts, text: on.text, blocks: on.blocks } }),
        trigger_id: trigger('', by.id),
        response_url: responseUrl('actions', channel, by.id, on?.ts),
        actions: [
          {
            ...{ type: 'button', action_id: action, block_id: 'b1', value, action_ts: '1.1' },
            text: { type: 'plain_text', text: 'x', emoji: true },
          },
        ],
      }
      return interaction(payload, secret)
    },

    submit({ view, user }, values, by = [ann, bob, eve].find(({ id }) => id === user) ?? ann) {
      const inputs = (view.blocks as readonly KnownBlock[]).filter((block) => block.type === 'input')
      const state = inputs.map(({ block_id = '', element }) => {
        const value = values[block_id.replace('p:', '')] ?? null
        const action = 'action_id' in element ? String(element.action_id) : ''
        const answer =
          element.type === 'static_select'
            ? { selected_option: value === null ? null : { text: { type: 'plain_text', text: value }, value } }
            : { value }
        return [block_id, { [action]: { type: element.type, ...answer } }]
      })
      return interaction({
        ...{ type: 'view_submission', api_app_id: 'A1', token: 'verification-token' },
        team: { id: 'T1', domain: 'acme' },
        user: { id: by.id, username: by.name, name: by.name, team_id: 'T1' },
        trigger_id: trigger('', by.id),
        view: { ...view, id: `V${++count}`, team_id: 'T1', state: { values: Object.fromEntries(state) }, hash: '1.x' },
        ...{ response_urls: [], is_enterprise_install: false, enterprise: null },
      })
    },

    async fetch(input, init) {
      const request = new Request(input, init)
      const url = new URL(request.url)
      const text = await request.text()
      const body = {
        ...Object.fromEntries(url.searchParams),
        ...(text === '' ? {} : (JSON.parse(text) as Body)),
      }
      if (url.host === 'hooks.slack.com') {
        const status = respond(url.href, body)
        calls.push({ method: 'response_url', body, status })
        return new Response(status, { status: status === 'ok' ? 200 : 404 })
      }
      if (url.host !== 'slack.com') throw new TypeError(`nobody answers at ${url.host}`)
      const method = url.pathname.replace('/api/', '')
      const answer = api(method, body, request.headers.get('authorization')) as { ok: boolean; error?: string }
      calls.push({ method, body, status: answer.error ?? 'ok' })
      return Response.json(answer)
    },
  }
}

/** Slack's limits, as its reference has them. @returns what it would refuse */
export function faultsOf({ text, blocks }: Shown, most = 50): string[] {
  const within = (what: string, value: string | undefined, max: number): string[] =>
    value === undefined || (value.length >= 1 && value.length <= max && value.isWellFormed())
      ? []
      : [`${what} has ${value.length} of ${max} characters`]
  return [
    ...within('text', text, 40_000),
    ...(blocks.length > most ? [`${blocks.length} blocks`] : []),
    ...blocks.flatMap((block): string[] => {
      switch (block.type) {
        case 'section':
          return within('section', block.text?.text ?? '', 3000)
        case 'context':
          return [
            ...(block.elements.length > 10 || block.elements.length === 0 ? ['elements of a context'] : []),
            ...block.elements.flatMap((element) => ('text' in element ? within('context', element.text, 3000) : [])),
          ]
        case 'actions':
          return [
            ...(block.elements.length > 25 || block.elements.length === 0 ? ['elements of actions'] : []),
            ...block.elements.flatMap((element) =>
              element.type !== 'button'
                ? ['not a button']
                : [
                    ...within('button', element.text.text, 75),
                    ...within('value', element.value, 2000),
                    ...within('action_id', element.action_id, 255),
                    ...within('title', element.confirm?.title?.text, 100),
                    ...within('confirm', element.confirm?.text.text, 300),
                    ...within('confirm', element.confirm?.confirm?.text, 30),
                    ...within('deny', element.confirm?.deny?.text, 30),
                  ],
            ),
          ]
        case 'input':
          return []
        default:
          return [`a ${block.type}`]
      }
    }),
  ]
}

function viewFaults(view: ModalView): string[] {
  const ids = (view.blocks as readonly KnownBlock[]).flatMap(({ block_id }) => block_id ?? [])
  return [
    ...faultsOf({ text: view.title.text, blocks: view.blocks as readonly KnownBlock[] }, 100),
    ...[view.title, view.submit, view.close].flatMap((text) =>
      text !== undefined && text.text.length > 24 ? ['title'] : [],
    ),
    ...((view.private_metadata ?? '').length > 3000 ? ['private_metadata'] : []),
    ...(new Set(ids).size < ids.length ? ['block_id twice'] : []),
  ]
}

/** Every text that Slack would render, the buttons in brackets. */
export const textsOf = ({ blocks }: Shown): string[] =>
  blocks.flatMap((block) => {
    if (block.type === 'section') return [block.text?.text ?? '']
    if (block.type === 'context') return block.elements.flatMap((element) => ('text' in element ? [element.text] : []))
    if (block.type === 'actions')
      return [block.elements.map((element) => (element.type === 'button' ? `[${element.text.text}]` : '')).join(' ')]
    return []
  })
/** What its buttons do. */
export const actionsOf = ({ blocks }: Shown): string[] =>
  blocks.flatMap((block) =>
    block.type === 'actions'
      ? block.elements.flatMap((element) => (element.type === 'button' ? (element.action_id ?? '') : []))
      : [],
  )
