import { describe, expect, it } from 'vitest'
import { parseAddress } from '../../../src/adapters/slack/reply-address.ts'
import { updateStatus } from '../../../src/adapters/slack/update-status.ts'
import type { Json, RunView } from '../../../src/core/adapter.ts'
import type { RunStatus } from '../../../src/core/model/run.ts'
import { view } from './shown.ts'

const responseUrl = 'https://hooks.slack.com/commands/T1/2/bearer'

async function update(
  status: RunStatus,
  stored: Json = { responseUrl },
  answer = new Response('ok'),
  more: Partial<RunView> = {},
) {
  const calls: { url: string; init: RequestInit | undefined }[] = []
  await updateStatus(parseAddress(stored), view({ status, ...more }), {
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

describe('updateStatus by response_url', () => {
  it.each<[RunStatus, number]>([
    ['queued', 0],
    ['starting', 0],
    ['running', 1],
    ['succeeded', 1],
    ['failed', 1],
    ['cancelled', 1],
    ['timed-out', 1],
    ['failed-to-start', 1],
  ])('%s uses %d of the five messages', async (status, count) => {
    expect(await update(status)).toHaveLength(count)
  })

  it.each<[string, Partial<RunView>]>([
    ['a slot', { waiting: { kind: 'slot', place: 2, limit: 1 } }],
    ['the end of a pause', { waiting: { kind: 'pause', message: 'maintenance' } }],
    ['a retry', { waiting: { kind: 'retry', class: 'capacity', cause: 'no capacity' } }],
    ['a reason of an earlier version', { reason: '2nd in line, 1 at a time' }],
  ])('reports a queued run that waits for %s', async (_, more) => {
    expect(await update('queued', undefined, undefined, more)).toHaveLength(1)
  })

  it('replaces the requester’s message and follows no redirect', async () => {
    const [call] = await update('running')
    expect(call).toMatchObject({ url: responseUrl, init: { method: 'POST', redirect: 'error' } })
    expect(JSON.parse(String(call?.init?.body))).toMatchObject({
      response_type: 'ephemeral',
      replace_original: true,
      text: 'analyze running',
    })
    expect(String(call?.init?.body)).not.toContain('bearer')
  })

  it.each<[string, Json]>([
    ['no address', null],
    ['no URL', {}],
    ['a refused URL', { responseUrl: null }],
  ])('sends nothing with %s', async (_, stored) => {
    expect(await update('succeeded', stored)).toEqual([])
  })

  it.each([404, 410, 429, 500])('fails on %d, to be retried, without the URL in the error', async (status) => {
    const answer = () => update('succeeded', { responseUrl }, new Response('used_url', { status }))
    await expect(answer()).rejects.toThrow(`Slack answered ${status}`)
    await expect(answer()).rejects.not.toThrow(/bearer|hooks/)
  })
})
