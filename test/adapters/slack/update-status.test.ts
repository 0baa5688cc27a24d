import { describe, expect, it } from 'vitest'
import { updateStatus } from '../../../src/adapters/slack/update-status.ts'
import type { Json, RunView } from '../../../src/core/adapter.ts'
import type { RunStatus } from '../../../src/core/model/run.ts'

const responseUrl = 'https://hooks.slack.com/commands/T1/2/bearer'
const view = (status: RunStatus): RunView => ({
  run: '0123456789abcdef0123',
  task: 'analyze',
  status,
  params: {},
  statusUrl: 'https://abc.on.aws/runs/x?token=t',
  createdAt: '2026-03-01T10:00:00.000Z',
})

async function told(status: RunStatus, replyAddress: Json = { responseUrl }, answer = new Response('ok')) {
  const calls: { url: string; init: RequestInit | undefined }[] = []
  await updateStatus(replyAddress, view(status), {
    token: async () => undefined,
    now: () => Date.parse('2026-03-01T10:05:00.000Z'),
    fetchPublic: fetch,
    fetch: async (url, init) => {
      calls.push({ url: String(url), init })
      return answer
    },
  })
  return calls
}

describe('acknowledge', () => {
  it.each<[RunStatus, number]>([
    ['queued', 0],
    ['starting', 0],
    ['running', 1],
    ['succeeded', 1],
    ['failed', 1],
    ['cancelled', 1],
    ['timed-out', 1],
    ['failed-to-start', 1],
  ])('%s takes %d of the five messages that a response_url has', async (status, count) => {
    expect(await told(status)).toHaveLength(count)
  })

  it('replaces the message, for the one who typed, and does not follow redirects', async () => {
    const [call] = await told('running')
    expect(call).toMatchObject({ url: responseUrl, init: { method: 'POST', redirect: 'error' } })
    expect(JSON.parse(String(call?.init?.body))).toMatchObject({
      response_type: 'ephemeral',
      replace_original: true,
      text: 'analyze running',
    })
    expect(String(call?.init?.body)).not.toContain('bearer')
  })

  it.each<[string, Json]>([
    ['nothing', null],
    ['no url', {}],
    ['a url that was refused', { responseUrl: null }],
  ])('has nobody to tell: %s', async (_, replyAddress) => {
    expect(await told('succeeded', replyAddress)).toEqual([])
  })

  it.each([404, 410, 429, 500])('throws on %d, so that it is tried again, and without the url', async (status) => {
    const answer = () => told('succeeded', { responseUrl }, new Response('used_url', { status }))
    await expect(answer()).rejects.toThrow(`Slack answered ${status}`)
    await expect(answer()).rejects.not.toThrow(/bearer|hooks/)
  })
})
