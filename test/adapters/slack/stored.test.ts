/** What commit a0166d7 stored in ledger and queue is still read, and today's adapter stores the same. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { httpReply } from '../../../src/adapters/slack/http-reply.ts'
import { createListenerDispatch } from '../../../src/adapters/slack/listeners.ts'
import { parseMemory } from '../../../src/adapters/slack/memory.ts'
import { askForParams, openModal } from '../../../src/adapters/slack/open-modal.ts'
import { parseAddress } from '../../../src/adapters/slack/reply-address.ts'
import { translate } from '../../../src/adapters/slack/translate.ts'
import { updateStatus } from '../../../src/adapters/slack/update-status.ts'
import type { Json, RunView, SenderTools } from '../../../src/core/adapter.ts'
import { markVerified } from '../../../src/core/http/verified-request.ts'
import { requestOf } from '../../contract/request.ts'
import { view } from './shown.ts'

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/slack/${name}`, import.meta.url), 'utf8').trim()
const stored: {
  readonly addresses: Readonly<Record<string, Json>>
  readonly memory: Readonly<Record<string, Json>>
  readonly work: Json
} = JSON.parse(fixture('stored.json'))

const interaction = (payload: string) => `payload=${encodeURIComponent(payload)}`
const button = (is_ephemeral: boolean) =>
  interaction(
    JSON.stringify({
      ...{ type: 'block_actions', user: { id: 'U1', username: 'ann' }, team: { id: 'T1' }, channel: { id: 'C1' } },
      ...{ trigger_id: '1.2.3', container: { type: 'message', is_ephemeral } },
      response_url: 'https://hooks.slack.com/actions/T1/1/x',
      actions: [{ type: 'button', action_id: 'taskhook:cancel', block_id: 'b', value: '0123456789abcdef0123' }],
    }),
  )
const deliveries: Readonly<Record<string, string>> = {
  command: fixture('command.txt'),
  'shared button': button(false),
  'private button': button(true),
  modal: interaction(fixture('view-submission.json')),
}
const dispatchToListener = createListenerDispatch()
const translated = (body: string) => translate(markVerified(requestOf(body), 'key'), dispatchToListener)

const callsWith = (botToken: string | undefined) => {
  const calls: { readonly url: string; readonly body: Record<string, unknown> }[] = []
  const fetch: SenderTools['fetch'] = async (input, init) => {
    calls.push({ url: String(input), body: JSON.parse(String(init?.body)) })
    return Response.json({ ok: true, channel: 'C2147483705', ts: '1772359200.000100' })
  }
  const now = () => Date.parse('2026-03-01T10:02:00.000Z')
  return { calls, tools: { fetch, fetchPublic: fetch, now, token: async () => botToken } }
}

describe('a reply address', () => {
  it.each(Object.entries(stored.addresses))('of a %s is read as it was stored', (_, address) => {
    expect(parseAddress(address)).toEqual(address)
  })

  it.each(Object.entries(deliveries))('of a %s is stored as before', async (name, body) => {
    const translation = await translated(body)
    const { replyAddress } = 'trigger' in translation ? translation.trigger : Object(translation).action
    expect(replyAddress).toEqual(stored.addresses[name])
  })

  it('of a modal still marks the modal’s fields', () => {
    const problems = [{ path: 'depth', message: 'is 99' }]
    const reply = httpReply(
      { kind: 'refused', status: 422, title: 'x', problems },
      parseAddress(stored.addresses.modal ?? null),
    )
    expect(JSON.parse(reply.body)).toEqual({ response_action: 'errors', errors: { 'p:depth': 'is 99' } })
  })

  it.each<[Json, unknown]>([
    [null, null],
    ['x', null],
    [3, null],
    [[], null],
    [{}, { responseUrl: null }],
    [
      { responseUrl: 3, user: [], channel: {}, button: 'true', shared: 1, form: null, params: 'x' },
      { responseUrl: null },
    ],
    [
      { params: ['a', 3, null], user: 'U1', other: 'x' },
      { responseUrl: null, params: ['a'], user: 'U1' },
    ],
  ])('%j is read without what is unreadable', (json, address) => {
    expect(parseAddress(json)).toEqual(address)
  })
})

describe('a memory', () => {
  const update = async (name: string, run: Partial<RunView>, botToken?: string) => {
    const { calls, tools } = callsWith(botToken)
    const address = parseAddress(stored.addresses.command ?? null)
    const memory = await updateStatus(address, view(run), tools, parseMemory(stored.memory[name] ?? null))
    return { calls, memory }
  }

  it.each(Object.entries(stored.memory))('of %s is read as it was stored', (_, memory) => {
    expect(parseMemory(memory)).toEqual(memory)
  })

  it('of the bot’s message still edits that message', async () => {
    const { calls, memory } = await update('bot message', { status: 'succeeded' }, 'xoxb-1')
    expect(calls).toMatchObject([
      { url: 'https://slack.com/api/chat.update', body: { channel: 'C2147483705', ts: '1772359200.000100' } },
    ])
    expect(memory).toEqual(stored.memory['bot message'])
  })

  it('of the response_url still counts its uses, and repeats nothing', async () => {
    expect((await update('response_url, running', { status: 'running' })).calls).toEqual([])
    const next = await update('response_url, running', { status: 'succeeded' })
    expect(next.calls).toHaveLength(1)
    expect(next.memory).toEqual({ uses: 2, said: 'succeeded' })
  })

  it.each<[Json, unknown]>([
    [null, undefined],
    ['x', undefined],
    [[], undefined],
    [{}, {}],
    [{ uses: '1', said: 2, message: 'x' }, {}],
    [{ message: { channel: 'C1' }, other: 1 }, {}],
  ])('%j is read without what is unreadable', (json, memory) => {
    expect(parseMemory(json)).toEqual(memory)
  })
})

describe('the deferred work that opens a modal', () => {
  it('is done as it was stored', async () => {
    const { calls, tools } = callsWith('xoxb-1')
    await openModal(stored.work, tools)
    const { triggerId, view } = Object(stored.work)
    expect(calls).toEqual([{ url: 'https://slack.com/api/views.open', body: { trigger_id: triggerId, view } }])
  })

  it('is stored as before', async () => {
    const translation = await translated(fixture('command.txt'))
    if (translation.kind !== 'run') throw new Error('no run')
    const task = {
      ...{ task: 'analyze', description: 'Looks into it' },
      params: {
        dataset: { type: 'string', env: 'D', required: true },
        depth: { type: 'integer', env: 'E', default: 3 },
      },
    } as const
    // All but the hints, which are for people.
    const withoutHints = (work: unknown): unknown =>
      JSON.parse(JSON.stringify(work, (key, value) => (key === 'hint' ? undefined : value)))
    expect(withoutHints(askForParams(translation.trigger, task))).toEqual(withoutHints(stored.work))
  })
})
