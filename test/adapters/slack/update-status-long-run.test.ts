/** Runs that outlive a `response_url`, and runs with many updates: the result reaches the requester with a bot token and without. */
import { describe, expect, it } from 'vitest'
import type { SlackMemory } from '../../../src/adapters/slack/memory.ts'
import { updateStatus } from '../../../src/adapters/slack/update-status.ts'
import type { RunView } from '../../../src/core/adapter.ts'
import type { RunStatus } from '../../../src/core/model/run.ts'
import type { Waiting } from '../../../src/core/model/waiting.ts'
import { waitingReason } from '../../../src/core/text/waiting-reasons.ts'

const began = Date.parse('2026-01-01T00:00:00Z')
const minutes = (count: number) => count * 60_000
const replyAddress = { responseUrl: 'https://hooks.slack.com/commands/T1/1/x', user: 'U1', channel: 'C1' }
const view = (status: RunStatus): RunView => ({
  run: '0'.repeat(20),
  task: 'analyze',
  status,
  params: {},
  statusUrl: 'https://x/runs/0',
  createdAt: new Date(began).toISOString(),
})

const waits = (waiting: Waiting): Partial<RunView> => ({ waiting, reason: waitingReason(waiting) })

interface Call {
  readonly what: string
  readonly authorization: string | null
  readonly body: Record<string, unknown>
}

/** As Slack does, a `response_url` accepts five messages in thirty minutes, and the Web API answers nearly everything with 200. */
function slack(botToken: string | undefined, refuse: Record<string, string> = {}) {
  const calls: Call[] = []
  let at = began
  let uses = 0
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const url = new URL(String(input))
    const body = JSON.parse(String(init?.body)) as Record<string, unknown>
    const what = url.host === 'hooks.slack.com' ? 'response_url' : url.pathname.replace('/api/', '')
    calls.push({ what, authorization: new Headers(init?.headers).get('authorization'), body })
    if (what === 'response_url') {
      uses++
      return at - began < minutes(30) && uses <= 5 ? new Response('ok') : new Response('used_url', { status: 404 })
    }
    const error = refuse[`${what} ${String(body.channel)}`] ?? refuse[what]
    return Response.json(
      error === undefined ? { ok: true, channel: String(body.channel), ts: '1.1' } : { ok: false, error },
    )
  }
  let memory: SlackMemory | undefined
  return {
    calls,
    async update(status: RunStatus, minute: number, more: Partial<RunView> = {}) {
      at = began + minutes(minute)
      const tools = { fetch, fetchPublic: fetch, token: async () => botToken, now: () => at }
      memory = (await updateStatus(replyAddress, { ...view(status), ...more }, tools, memory)) ?? memory
    },
    said: () => calls.map(({ what, body }) => `${what}: ${String(body.text)}`),
  }
}

describe('with a bot token', () => {
  it('posts one message in the channel and edits it until the run ends, however late', async () => {
    const { update, calls, said } = slack('xoxb-1')
    await update('running', 1)
    await update('succeeded', 31)
    expect(said()).toEqual(['chat.postMessage: analyze running', 'chat.update: analyze succeeded'])
    expect(calls.map(({ authorization }) => authorization)).toEqual(['Bearer xoxb-1', 'Bearer xoxb-1'])
    expect(calls.map(({ body }) => [body.channel, body.ts])).toEqual([
      ['C1', undefined],
      ['C1', '1.1'],
    ])
    // Others read it there, so it names the requester.
    expect(JSON.stringify(calls[0]?.body)).toContain('<@U1>')
  })
  it('edits the message for each of six updates', async () => {
    const { update, said } = slack('xoxb-1')
    for (let minute = 1; minute < 6; minute++) await update('running', minute)
    await update('failed', 7)
    expect(said().map((line) => line.split(':')[0])).toEqual(['chat.postMessage', ...Array(5).fill('chat.update')])
    expect(said().at(-1)).toBe('chat.update: analyze failed')
  })
  it('writes to the requester if the bot is not in the channel', async () => {
    const { update, calls } = slack('xoxb-1', { 'chat.postMessage C1': 'not_in_channel' })
    await update('running', 1)
    await update('succeeded', 31)
    expect(calls.map(({ what, body }) => [what, body.channel])).toEqual([
      ['chat.postMessage', 'C1'],
      ['chat.postMessage', 'U1'],
      ['chat.update', 'U1'],
    ])
  })
  it('uses the response_url if the bot can post nowhere', async () => {
    const { update, said } = slack('xoxb-1', { 'chat.postMessage': 'restricted_action' })
    await update('running', 1)
    await update('succeeded', 2)
    expect(said().filter((line) => line.startsWith('response'))).toEqual([
      'response_url: analyze running',
      'response_url: analyze succeeded',
    ])
  })
  it('posts again if the message was deleted', async () => {
    const { update, said } = slack('xoxb-1', { 'chat.update': 'message_not_found' })
    await update('running', 1)
    await update('succeeded', 2)
    expect(said()).toEqual([
      'chat.postMessage: analyze running',
      'chat.update: analyze succeeded',
      'chat.postMessage: analyze succeeded',
    ])
  })
  it('fails on any other refusal, to be retried', async () => {
    await expect(slack('xoxb-1', { 'chat.postMessage': 'ratelimited' }).update('running', 1)).rejects.toThrow(
      'ratelimited',
    )
  })
})

describe('without a bot token', () => {
  it('keeps the last of the five messages for the result', async () => {
    const { update, said } = slack(undefined)
    for (let place = 5; place > 0; place--) await update('queued', 6 - place, waits({ kind: 'slot', place, limit: 1 }))
    await update('running', 7)
    await update('failed', 8)
    expect(said()).toEqual([
      ...['5th', '4th', '3rd', '2nd'].map((place) => `response_url: analyze queued, ${place} in line, 1 at a time`),
      'response_url: analyze failed',
    ])
  })
  it('uses no message for progress', async () => {
    const { update, said } = slack(undefined)
    for (const percent of [10, 20, 30, 40, 50]) await update('running', percent / 10, { progress: { percent } })
    await update('succeeded', 9)
    expect(said()).toEqual(['response_url: analyze running, 10 %', 'response_url: analyze succeeded'])
  })
  it('says in the first message where the result will be, and posts nothing after thirty minutes', async () => {
    const { update, calls } = slack(undefined)
    await update('running', 1)
    await update('succeeded', 31)
    expect(calls).toHaveLength(1)
    expect(JSON.stringify(calls[0]?.body)).toContain('Slack accepts updates for 30 minutes only')
  })
  it('does not mention the thirty minutes in a result', async () => {
    const { update, calls } = slack(undefined)
    await update('succeeded', 2)
    expect(JSON.stringify(calls[0]?.body)).not.toContain('30 minutes')
  })
})
