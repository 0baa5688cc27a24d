import { expect, it } from 'vitest'
import { acknowledge } from '../../../src/adapters/slack/acknowledge.ts'
import type { RunView } from '../../../src/core/adapter.ts'

const run: RunView = {
  run: '0'.repeat(20),
  task: 'analyze',
  status: 'succeeded',
  params: {},
  statusUrl: 'https://x/runs/0',
  createdAt: '2026-01-01T00:00:00Z',
}
const answerTo = { responseUrl: 'https://hooks.slack.com/commands/T1/1/x', user: 'U1', channel: 'C1' }

/** Slack, thirty minutes later: the response_url is used up, the Web API answers as it is told to. */
function slack(answer: Record<string, unknown>, botToken: string | undefined) {
  const calls: { url: string; authorization: string | null; body: Record<string, unknown> }[] = []
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const url = String(input)
    calls.push({
      url,
      authorization: new Headers(init?.headers).get('authorization'),
      body: JSON.parse(String(init?.body)) as Record<string, unknown>,
    })
    return url.includes('hooks.slack.com') ? new Response('expired_url', { status: 404 }) : Response.json(answer)
  }
  return { calls, tools: { fetch, token: async () => botToken } }
}

it('what the response_url takes no more goes to the person, with the bot token and nowhere else', async () => {
  const { calls, tools } = slack({ ok: true }, 'xoxb-1')
  await acknowledge(answerTo, run, tools)
  expect(calls.map(({ url, authorization }) => [url, authorization])).toEqual([
    [answerTo.responseUrl, null],
    ['https://slack.com/api/chat.postMessage', 'Bearer xoxb-1'],
  ])
  expect(calls[1]?.body).toMatchObject({ channel: 'U1', text: 'analyze succeeded' })
})

it('without a token, or where Slack refuses, it is not told, and says so', async () => {
  await expect(acknowledge(answerTo, run, slack({ ok: true }, undefined).tools)).rejects.toThrow('404')
  await expect(
    acknowledge(answerTo, run, slack({ ok: false, error: 'not_in_channel' }, 'xoxb-1').tools),
  ).rejects.toThrow('not_in_channel')
})
