import { describe, expect, it } from 'vitest'
import { askForParams, openModal } from '../../../src/adapters/slack/open-modal.ts'
import type { Json, SenderTools } from '../../../src/core/adapter.ts'
import { modalOf, params, trigger } from './modal-views.ts'

describe('opening a modal', () => {
  const opening = async (botToken: string | undefined, answer: object, what?: Json) => {
    const calls: { url: string; authorization: string | null; body: unknown }[] = []
    const fetch = async (url: string | URL | Request, init?: RequestInit) => {
      const authorization = new Headers(init?.headers).get('authorization')
      calls.push({ url: String(url), authorization, body: JSON.parse(String(init?.body)) })
      return Response.json(answer)
    }
    const tools: SenderTools = { fetch, fetchPublic: fetch, now: () => 0, token: async () => botToken }
    const work = what ?? askForParams(trigger(''), { task: 'analyze', params }) ?? null
    return { actions: await openModal(work, tools), calls }
  }

  it('is one call', async () => {
    const { actions, calls } = await opening('xoxb-1', { ok: true })
    expect(actions).toEqual([])
    expect(calls).toEqual([
      {
        url: 'https://slack.com/api/views.open',
        authorization: 'Bearer xoxb-1',
        body: { trigger_id: '1.2.abc', view: modalOf(params) },
      },
    ])
  })

  it.each(['expired_trigger_id', 'exchanged_trigger_id'])('is not retried after %s', async (error) => {
    await expect(opening('xoxb-1', { ok: false, error })).resolves.toMatchObject({ actions: [] })
  })

  it('is retried after any other error', async () => {
    await expect(opening('xoxb-1', { ok: false, error: 'internal_error' })).rejects.toThrow('internal_error')
  })

  it('is skipped without a token, and for other deferred work', async () => {
    expect((await opening(undefined, { ok: true })).calls).toEqual([])
    expect((await opening('xoxb-1', { ok: true }, { method: 'usergroups.users.list' })).calls).toEqual([])
    expect((await opening('xoxb-1', { ok: true }, 'x')).calls).toEqual([])
  })
})
