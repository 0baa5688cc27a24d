import { describe, expect, it } from 'vitest'
import { github } from '../../../src/adapters/github/index.ts'
import type { Adapter, Json, RunView, SenderTools } from '../../../src/core/adapter.ts'
import { parseStoredAddress } from '../../../src/core/lifecycle/parse-stored.ts'
import { runStatuses } from '../../../src/core/model/run.ts'

const replyAddress = { repository: 'acme/site', sha: '5b0c1f7d2e3a4b5c6d7e8f90a1b2c3d4e5f60718' }
const view = (more: Partial<RunView> = {}): RunView => ({
  run: '0123456789abcdef0123',
  task: 'analyze',
  status: 'succeeded',
  params: {},
  statusUrl: 'https://abc.on.aws/runs/0123456789abcdef0123?token=t',
  createdAt: '2026-03-01T10:00:00.000Z',
  startedAt: '2026-03-01T10:00:10.000Z',
  stoppedAt: '2026-03-01T10:01:22.000Z',
  ...more,
})

interface Call {
  readonly url: string
  readonly method: string
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

/** @returns the calls that one status update makes. @param to the stored reply address @param status of GitHub's answers */
async function callsFor(
  run: RunView,
  { to = replyAddress as Json, token = 'ghs_x' as string | null, options = {}, status = 201 } = {},
): Promise<Call[]> {
  const calls: Call[] = []
  const tools: SenderTools = {
    now: Date.now,
    token: async (name) => (name === 'token' ? (token ?? undefined) : undefined),
    fetchPublic: fetch,
    fetch: async (url, init) => {
      const headers = new Headers(init?.headers)
      calls.push({ url: String(url), method: init?.method ?? '', headers, body: JSON.parse(String(init?.body)) })
      return Response.json({ message: 'x' }, { status })
    },
  }
  const adapter: Adapter = github({ name: 'github', adapter: 'github', secret: [], tokens: {}, options })
  await adapter.updateStatus(parseStoredAddress(adapter, to), run, tools)
  return calls
}

describe('updateStatus with a token', () => {
  it('sets the status of the commit', async () => {
    const [call, ...more] = await callsFor(view())
    expect(more).toEqual([])
    expect(call).toMatchObject({
      method: 'POST',
      url: `https://api.github.com/repos/acme/site/statuses/${replyAddress.sha}`,
      body: {
        state: 'success',
        context: 'taskhook/analyze',
        description: 'succeeded in 1 min 12 s',
        target_url: 'https://abc.on.aws/runs/0123456789abcdef0123?token=t',
      },
    })
    expect(call?.headers.get('authorization')).toBe('Bearer ghs_x')
    expect(Object.keys(call?.body ?? {}).sort()).toEqual(['context', 'description', 'state', 'target_url'])
  })

  it.each([
    ['queued', 'pending'],
    ['starting', 'pending'],
    ['running', 'pending'],
    ['succeeded', 'success'],
    ['failed', 'failure'],
    ['cancelled', 'error'],
    ['timed-out', 'error'],
    ['failed-to-start', 'error'],
  ] as const)('shows a run that is %s as %s', async (status, state) => {
    expect(await callsFor(view({ status }))).toMatchObject([{ body: { state } }])
  })

  it('has a state for every run status', async () => {
    for (const status of runStatuses) expect(await callsFor(view({ status }))).toHaveLength(1)
  })

  it.each([
    [140, 'x'.repeat(140 - 'could not be started: '.length), /x$/],
    [140, 'x'.repeat(1000), /x…$/],
  ])('cuts the description to the %d characters that GitHub accepts', async (length, reason, end) => {
    const [call] = await callsFor(view({ status: 'failed-to-start', reason }))
    expect(call?.body.description).toHaveLength(length)
    expect(call?.body.description).toMatch(end)
  })

  it('calls the API URL of the source', async () => {
    const options = { apiUrl: 'https://github.example.com/api/v3/' }
    expect(await callsFor(view(), { options })).toMatchObject([
      { url: `https://github.example.com/api/v3/repos/acme/site/statuses/${replyAddress.sha}` },
    ])
  })

  it.each(['acme/.github', 'acme_corp/a.b-c_d'])('accepts the repository name %s', async (repository) => {
    const [call] = await callsFor(view(), { to: { repository, sha: replyAddress.sha } })
    expect(call?.url).toBe(`https://api.github.com/repos/${repository}/statuses/${replyAddress.sha}`)
  })

  it.each<[string, Json]>([
    ['nothing in it', null],
    ['no repository', { sha: replyAddress.sha }],
    ['a repository name without an owner', { repository: 'site', sha: replyAddress.sha }],
    ['no commit', { repository: 'acme/site' }],
    ...[
      '../site',
      'acme/..',
      'acme/.',
      '../../user',
      'acme/site/more',
      'acme/si te',
      'acme/site?x=',
      'acme/%2e%2e',
    ].map((repository): [string, Json] => [`the repository name ${repository}`, { repository, sha: replyAddress.sha }]),
  ])('calls nothing for a reply address with %s', async (_, to) => {
    expect(await callsFor(view(), { to })).toEqual([])
  })

  it('calls nothing without a token', async () => {
    expect(await callsFor(view(), { token: null })).toEqual([])
  })

  it.each([401, 403, 404, 422, 500, 503])(
    'throws on %d, so that core retries, and keeps the token out of the error',
    async (status) => {
      await expect(callsFor(view(), { status })).rejects.toThrow(Error)
      await expect(callsFor(view(), { status })).rejects.not.toThrow(/ghs_x/)
    },
  )
})
