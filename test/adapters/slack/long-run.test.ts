/** Runs that outlive a `response_url`, and runs with much to tell: the sender is told the end, with a bot token and without. */
import { describe, expect, it } from 'vitest'
import { updateStatus } from '../../../src/adapters/slack/update-status.ts'
import type { Json, RunView } from '../../../src/core/adapter.ts'
import type { RunStatus } from '../../../src/core/model/run.ts'

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

interface Call {
  readonly what: string
  readonly authorization: string | null
  readonly body: Record<string, unknown>
}

/** Slack as it is: a `response_url` takes five messages in thirty minutes, the Web API answers 200 to nearly everything. */
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
  let memory: Json | undefined
  return {
    calls,
    async tell(status: RunStatus, minute: number, more: Partial<RunView> = {}) {
      at = began + minutes(minute)
      const tools = { fetch, fetchPublic: fetch, token: async () => botToken, now: () => at }
      memory = (await updateStatus(replyAddress, { ...view(status), ...more }, tools, memory)) ?? memory
    },
    said: () => calls.map(({ what, body }) => `${what}: ${String(body.text)}`),
  }
}

describe('with a bot token', () => {
  it('it is one real message in the channel, edited to the end, however late', async () => {
    const { tell, calls, said } = slack('xoxb-1')
    await tell('running', 1)
    await tell('succeeded', 31)
    expect(said()).toEqual(['chat.postMessage: analyze running', 'chat.update: analyze succeeded'])
    expect(calls.map(({ authorization }) => authorization)).toEqual(['Bearer xoxb-1', 'Bearer xoxb-1'])
    expect(calls.map(({ body }) => [body.channel, body.ts])).toEqual([
      ['C1', undefined],
      ['C1', '1.1'],
    ])
    // Others read it there: it says who asked.
    expect(JSON.stringify(calls[0]?.body)).toContain('<@U1>')
  })
  it('six updates are six edits of it', async () => {
    const { tell, said } = slack('xoxb-1')
    for (let minute = 1; minute < 6; minute++) await tell('running', minute)
    await tell('failed', 7)
    expect(said().map((line) => line.split(':')[0])).toEqual(['chat.postMessage', ...Array(5).fill('chat.update')])
    expect(said().at(-1)).toBe('chat.update: analyze failed')
  })
  it('a channel that the bot is not in is left to others: the person is written to', async () => {
    const { tell, calls } = slack('xoxb-1', { 'chat.postMessage C1': 'not_in_channel' })
    await tell('running', 1)
    await tell('succeeded', 31)
    expect(calls.map(({ what, body }) => [what, body.channel])).toEqual([
      ['chat.postMessage', 'C1'],
      ['chat.postMessage', 'U1'],
      ['chat.update', 'U1'],
    ])
  })
  it('where it can write nowhere, the response_url has the news', async () => {
    const { tell, said } = slack('xoxb-1', { 'chat.postMessage': 'restricted_action' })
    await tell('running', 1)
    await tell('succeeded', 2)
    expect(said().filter((line) => line.startsWith('response'))).toEqual([
      'response_url: analyze running',
      'response_url: analyze succeeded',
    ])
  })
  it('a message that somebody deleted is written anew', async () => {
    const { tell, said } = slack('xoxb-1', { 'chat.update': 'message_not_found' })
    await tell('running', 1)
    await tell('succeeded', 2)
    expect(said()).toEqual([
      'chat.postMessage: analyze running',
      'chat.update: analyze succeeded',
      'chat.postMessage: analyze succeeded',
    ])
  })
  it('any other refusal is an error, and so it is tried again', async () => {
    await expect(slack('xoxb-1', { 'chat.postMessage': 'ratelimited' }).tell('running', 1)).rejects.toThrow(
      'ratelimited',
    )
  })
})

describe('without one', () => {
  it('the last of the five messages is kept for the end', async () => {
    const { tell, said } = slack(undefined)
    for (let place = 5; place > 0; place--)
      await tell('queued', 6 - place, { reason: `${place}th in line, 1 at a time` })
    await tell('running', 7)
    await tell('failed', 8)
    expect(said()).toEqual([
      ...[5, 4, 3, 2].map((place) => `response_url: analyze queued, ${place}th in line, 1 at a time`),
      'response_url: analyze failed',
    ])
  })
  it('how far it is uses none of them up', async () => {
    const { tell, said } = slack(undefined)
    for (const percent of [10, 20, 30, 40, 50]) await tell('running', percent / 10, { progress: { percent } })
    await tell('succeeded', 9)
    expect(said()).toEqual(['response_url: analyze running, 10 %', 'response_url: analyze succeeded'])
  })
  it('the first message says where the end is, should it come after thirty minutes; then nothing is tried', async () => {
    const { tell, calls } = slack(undefined)
    await tell('running', 1)
    await tell('succeeded', 31)
    expect(calls).toHaveLength(1)
    expect(JSON.stringify(calls[0]?.body)).toContain('Slack takes no news after 30 minutes')
  })
  it('a message that has an end says nothing of it', async () => {
    const { tell, calls } = slack(undefined)
    await tell('succeeded', 2)
    expect(JSON.stringify(calls[0]?.body)).not.toContain('30 minutes')
  })
})
