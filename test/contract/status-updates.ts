/** `updateStatus` and `httpReply`: what the sender gets. */
import { describe, expect, it } from 'vitest'
import type { Json, SenderTools } from '../../src/core/adapter.ts'
import { parseStoredAddress } from '../../src/core/lifecycle/parse-stored.ts'
import { runStatuses } from '../../src/core/model/run.ts'
import { exampleAnswers, runView } from './answers.ts'
import { allSecrets, type Case, senderToken } from './contract.ts'

/** Stored JSON that is a reply address of no adapter, or of another adapter. */
const notAddresses: readonly Json[] = [null, {}, [], 'x', 3, { responseUrl: null }, { repository: 'a', sha: null }]

export function describeStatusUpdates(name: string, on: Case): void {
  const { adapter, first, recordings, replyAddressOf } = on

  describe(`${name}: updateStatus`, () => {
    it.each(runStatuses)('%s: calls nothing without a reply address', async (status) => {
      const { tools, calls } = recordCalls()
      for (const stored of notAddresses) {
        const update = adapter.updateStatus(parseStoredAddress(adapter, stored), runView(status), tools)
        await expect(update).resolves.toBeUndefined()
      }
      expect(calls).toEqual([])
    })

    it.each(runStatuses)('%s: sends no secret in a body or a URL', async (status) => {
      const { tools, calls } = recordCalls()
      for (const recording of recordings)
        await adapter.updateStatus(await replyAddressOf(recording), runView(status), tools)
      for (const { url, body } of calls) {
        expect(url).toMatch(/^https:/)
        for (const secret of allSecrets(on)) expect(url + body).not.toContain(secret)
        // A GET has no body.
        if (body !== '') expect(() => JSON.parse(body)).not.toThrow()
      }
    })

    it('throws if the sender cannot be reached, so that core retries, and keeps secrets out of the error', async () => {
      const { tools, calls } = recordCalls(500)
      const outcome = await adapter.updateStatus(await replyAddressOf(first), runView('succeeded'), tools).then(
        () => 'no error',
        (error: Error) => error.message,
      )
      if (calls.length > 0) expect(outcome).not.toBe('no error')
      for (const secret of allSecrets(on)) expect(outcome).not.toContain(secret)
      for (const { url } of calls) expect(outcome).not.toContain(url)
    })
  })
}

/** Only for an adapter that has replies of its own. */
export function describeHttpReplies(name: string, on: Case): void {
  const { httpReply } = on.adapter
  if (httpReply === undefined) return
  describe(`${name}: httpReply`, () => {
    it.each(exampleAnswers)('answers $kind with 200, JSON and no secret', (answer) => {
      const { status, body } = httpReply(answer, null) ?? { status: 0, body: '' }
      expect(status).toBe(200)
      expect(() => JSON.parse(body)).not.toThrow()
      for (const secret of allSecrets(on)) expect(body).not.toContain(secret)
    })
  })
}

/** @param status of each answer of the sender */
function recordCalls(status = 200) {
  const calls: { readonly url: string; readonly body: string }[] = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    calls.push({ url: String(input), body: String(init?.body ?? '') })
    return Response.json({ id: 1, ok: status < 400, ts: '1.1', channel: 'C1' }, { status })
  }
  const tools: SenderTools = {
    fetch,
    fetchPublic: fetch,
    token: async () => senderToken,
    now: () => Date.parse('2026-03-01T10:02:00.000Z'),
  }
  return { tools, calls }
}
