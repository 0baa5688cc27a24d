/**
 * What the GitHub adapter of commit a0166d7 stored in the ledger and in the queue. While a deployment is upgraded, both versions read and write
 * it, so its JSON must stay the same.
 */
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { github } from '../../../src/adapters/github/index.ts'
import type { Adapter, Json, LookupContext, SenderTools, Trigger } from '../../../src/core/adapter.ts'
import { markVerified } from '../../../src/core/http/verified-request.ts'
import { parseStoredAddress, parseStoredMemory } from '../../../src/core/lifecycle/parse-stored.ts'
import { requestOf } from '../../contract/request.ts'
import { createGitHub } from '../../support/github/fake-github.ts'

interface GitHubRecord {
  readonly name: string
  readonly event: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly address?: { readonly [key: string]: Json }
  readonly memory?: { readonly [key: string]: Json }
  readonly work?: { readonly [key: string]: Json }
}
const recorded = JSON.parse(
  readFileSync(new URL('../../fixtures/github/stored.json', import.meta.url), 'utf8'),
) as readonly GitHubRecord[]

const sha = '5b0c1f7d2e3a4b5c6d7e8f90a1b2c3d4e5f60718'
const source = { secret: ['env:S'], tokens: {} }
const pem = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' })
const run = {
  ...({ run: '0123456789abcdef0123', task: 'analyze', status: 'running', params: {} } as const),
  statusUrl: 'https://x.example/runs/x',
  createdAt: '2026-03-01T10:00:00.000Z',
}

const isForApp = ({ payload }: GitHubRecord): boolean => 'installation' in payload

/** GitHub as it was for the recording, and what taskhook uses to talk to it. */
function setUp(record: GitHubRecord) {
  const options = isForApp(record) ? { appId: 4711 } : {}
  const adapter: Adapter = github({ ...source, name: 'github', adapter: 'github', options })
  const hub = createGitHub()
  hub.pulls.set(7, { number: 7, sha })
  const token = async (name: string) => (name === 'token' ? 'ghp_x' : isForApp(record) ? pem.toString() : undefined)
  const tools: SenderTools = { now: Date.now, fetch: hub.fetch, fetchPublic: hub.fetch, token }
  return { adapter, hub, tools }
}

const translate = (adapter: Adapter, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  adapter.translate(
    markVerified(requestOf(JSON.stringify(body), { 'content-type': 'application/json', ...headers }), 'key'),
  )

/** The reply address as it would be stored now. */
async function addressNow(record: GitHubRecord): Promise<Json> {
  const { adapter, tools } = setUp(record)
  const headers = { 'x-github-event': record.event, 'x-github-delivery': 'd1' }
  const translation = await translate(adapter, record.payload, headers)
  if (translation.kind === 'action') return translation.action.replyAddress
  if (translation.kind !== 'run') throw new Error(`a ${translation.kind}`)
  return (await enriched(adapter, translation.trigger, tools)).replyAddress
}

async function enriched(adapter: Adapter, trigger: Trigger, tools: SenderTools): Promise<LookupContext> {
  if (trigger.incomplete !== true) return trigger
  return { ...trigger, ...(await adapter.enrich?.(trigger, { paths: false, groups: [] }, tools)) }
}

describe('stored by the GitHub adapter', () => {
  const addresses = recorded.filter(({ address }) => address !== undefined)
  const memories = recorded.filter(({ memory }) => memory !== undefined)
  const works = recorded.filter(({ work }) => work !== undefined)

  it('has records of each kind', () => {
    expect([addresses, memories, works].map(({ length }) => length)).toEqual([6, 4, 1])
  })

  it.each(addresses)('$name: the recorded reply address is read completely, and written the same', async (record) => {
    const { adapter } = setUp(record)
    expect(parseStoredAddress(adapter, record.address ?? null)).toEqual(record.address)
    expect(await addressNow(record)).toEqual(record.address)
  })

  it.each(memories)('$name: the recorded memory is read completely, and written the same', async (record) => {
    const { adapter, tools } = setUp(record)
    expect(parseStoredMemory(adapter, record.memory)).toEqual(record.memory)
    const address = parseStoredAddress(adapter, record.address ?? null)
    expect(await adapter.updateStatus(address, run, tools)).toEqual(record.memory)
  })

  it.each(memories)('$name: the next update edits what the recorded memory names', async (record) => {
    const { adapter, hub, tools } = setUp(record)
    const { checkRun, answer } = record.memory ?? {}
    if (checkRun !== undefined)
      hub.checkRuns.push({
        id: Number(checkRun),
        name: 'taskhook/analyze',
        head_sha: sha,
        external_id: run.run,
        updates: [],
      })
    if (answer !== undefined) hub.comments.push({ id: Number(answer), issue: 7, body: '', edits: 0 })
    const [address, memory] = [record.address ?? null, parseStoredMemory(adapter, record.memory)]
    const next = { ...run, status: 'succeeded', stoppedAt: '2026-03-01T10:01:00.000Z' } as const
    await adapter.updateStatus(parseStoredAddress(adapter, address), next, tools, memory)
    expect(hub.checkRuns.map(({ id, updates }) => [id, updates.length])).toEqual(
      checkRun === undefined ? [] : [[checkRun, 1]],
    )
    expect(hub.comments.map(({ id, edits }) => [id, edits])).toEqual(answer === undefined ? [] : [[answer, 1]])
  })

  it.each(works)('$name: the recorded deferred work is done, and written the same', async (record) => {
    const { adapter, hub, tools } = setUp(record)
    const headers = { 'x-github-event': record.event, 'x-github-delivery': 'd1' }
    expect(await translate(adapter, record.payload, headers)).toMatchObject({
      kind: 'deferred',
      deferred: { work: record.work },
    })
    hub.checkRuns.push({ id: 1, name: 'taskhook/analyze', head_sha: sha, external_id: run.run, updates: [] })
    hub.checkRuns.push({ id: 2, name: 'another check', head_sha: sha, external_id: 'x', updates: [] })
    const { answerTo } = record.work ?? {}
    expect(await adapter.runDeferred?.(record.work ?? null, tools)).toEqual([
      {
        verb: 'rerun',
        run: run.run,
        event: 'check_suite.rerequested',
        deliveryId: 'd1',
        actor: 'bob',
        facts: { association: 'COLLABORATOR', user: 'bob', repository: 'acme/site' },
        replyAddress: answerTo,
      },
    ])
  })

  it.each<[string, Json]>([
    ['null', null],
    ['a text', 'x'],
    ['no suite', { answerTo: { repository: 'acme/site' } }],
    ['no reply address', { suite: 1 }],
    ['a reply address under another key', { suite: 1, replyAddress: { repository: 'acme/site' } }],
  ])('does nothing for deferred work with %s', async (_, work) => {
    const [record] = works
    if (record === undefined) throw new Error('no record')
    const { adapter, hub, tools } = setUp(record)
    expect(await adapter.runDeferred?.(work, tools)).toEqual([])
    expect(hub.calls).toEqual([])
  })
})
