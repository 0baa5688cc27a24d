/**
 * Slack as far as taskhook uses it, with a memory: what a channel shows now, which forms are open, and what only one person sees. It
 * refuses what Slack would refuse. https://docs.slack.dev/apis/web-api/
 */
import { createCredentials } from './credentials.ts'
import { type ChannelMessage, createMessages, type EphemeralMessage } from './messages.ts'
import { createRequests, type OpenForm, type SlackRequests } from './requests.ts'
import { type Answer, type Body, methods, postToResponseUrl } from './web-api.ts'

export interface SlackOptions {
  readonly signingSecret: string
  readonly botToken?: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export interface Slack extends SlackRequests {
  readonly fetch: typeof fetch
  /** Calls of the Web API and of response_urls (`response_url`), oldest first. */
  readonly calls: { readonly method: string; readonly body: Body; readonly status: string }[]
  callsOf(method: string): Slack['calls']
  /** What a channel, or a conversation with a person, shows now. */
  messagesIn(channel: string): readonly ChannelMessage[]
  readonly ephemerals: EphemeralMessage[]
  readonly openForms: OpenForm[]
  /** `S0DATA` → ids of its members. */
  readonly groups: Map<string, readonly string[]>
  readonly channelsWithoutBot: Set<string>
  /** Trigger ids and response URLs: no log line and no item of the table may contain one. */
  readonly issuedSecrets: readonly string[]
  /** Makes every call of a method fail with an error, until it is called without one. */
  failMethod(method: string, error?: string): void
}

export function createSlack({ signingSecret, botToken, now }: SlackOptions): Slack {
  const calls: Slack['calls'] = []
  const failing = new Map<string, string>()
  const [messages, credentials, openForms] = [createMessages(now), createCredentials(now), [] as OpenForm[]]
  const [groups, channelsWithoutBot] = [new Map<string, readonly string[]>(), new Set<string>()]
  const workspace = { messages, credentials, openForms, groups, channelsWithoutBot }

  const callMethod = (method: string, body: Body, authorization: string | null): Answer => {
    if (botToken === undefined || authorization !== `Bearer ${botToken}`) return { ok: false, error: 'invalid_auth' }
    const error = failing.get(method)
    if (error !== undefined) return { ok: false, error }
    return methods[method]?.(workspace, body) ?? { ok: false, error: 'unknown_method' }
  }

  return {
    ...{ calls, ephemerals: messages.ephemerals, openForms, groups, channelsWithoutBot },
    issuedSecrets: credentials.issued,
    ...createRequests(signingSecret, now, credentials),
    callsOf: (method) => calls.filter((call) => call.method === method),
    messagesIn: messages.in,
    failMethod(method, error) {
      if (error === undefined) failing.delete(method)
      else failing.set(method, error)
    },
    async fetch(input, init) {
      const request = new Request(input, init)
      const url = new URL(request.url)
      const text = await request.text()
      const body: Body = { ...Object.fromEntries(url.searchParams), ...(text === '' ? {} : (JSON.parse(text) as Body)) }
      if (url.host === 'hooks.slack.com') {
        const status = postToResponseUrl(workspace, url.href, body)
        calls.push({ method: 'response_url', body, status })
        return new Response(status, { status: status === 'ok' ? 200 : 404 })
      }
      if (url.host !== 'slack.com') throw new TypeError(`no fake server for ${url.host}`)
      const method = url.pathname.replace('/api/', '')
      const answer = callMethod(method, body, request.headers.get('authorization'))
      calls.push({ method, body, status: answer.error ?? 'ok' })
      return Response.json(answer)
    },
  }
}
