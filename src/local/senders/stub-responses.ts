/** Successful responses of Slack's and GitHub's APIs, for the calls that taskhook makes. */
import type { SenderService } from '../faults/fault-kinds.ts'

export interface StubRequest {
  readonly service: SenderService
  readonly method: string
  readonly url: URL
  readonly body: unknown
}

export function stubResponse(request: StubRequest): Response {
  switch (request.service) {
    case 'slack':
      return slackResponse(request)
    case 'github':
      return githubResponse(request)
    case 'other':
      return new Response(null, { status: 204 })
  }
}

function slackResponse({ url, body }: StubRequest): Response {
  if (url.pathname === '/api/chat.postMessage') {
    const { channel } = body as { channel?: string }
    return Response.json({ ok: true, channel, ts: '1772359200.000100' })
  }
  // The default user of `taskhook send` is a member of every group.
  if (url.pathname === '/api/usergroups.users.list') return Response.json({ ok: true, users: ['U2147483697'] })
  return Response.json({ ok: true })
}

/** The head commit of every pull request. */
const headSha = '5b0c1f7d2e3a4b5c6d7e8f90a1b2c3d4e5f60718'

function githubResponse({ method, url }: StubRequest): Response {
  const [, repository = '', number] = /\/repos\/([^/]+\/[^/]+)\/pulls\/(\d+)$/.exec(url.pathname) ?? []
  if (number !== undefined) return Response.json(pullRequest(repository, Number(number)))
  if (/\/access_tokens$/.test(url.pathname)) {
    const expires_at = new Date(Date.now() + 3_600_000).toISOString()
    return Response.json({ token: 'ghs_local', expires_at, permissions: {} }, { status: 201 })
  }
  if (/\/memberships\//.test(url.pathname)) return Response.json({ state: 'active' })
  if (/\/activity$/.test(url.pathname)) return Response.json([pushOf(url.searchParams.get('ref') ?? '')])
  if (/\/check-suites\/\d+\/check-runs$/.test(url.pathname)) return Response.json({ total_count: 0, check_runs: [] })
  // Lists of files and of comments.
  if (method === 'GET') return Response.json([])
  return Response.json({ id: 1 }, { status: method === 'POST' ? 201 : 200 })
}

/** The push of the head commit, long before any comment. */
const pushOf = (ref: string) => ({ ref, after: headSha, timestamp: '2020-01-01T00:00:00Z', activity_type: 'push' })

/** From a branch of the same repository, not of a fork. Its changed files are unknown, so `paths` filters match. */
const pullRequest = (repository: string, number: number) => ({
  number,
  title: 'A sample pull request',
  head: { ref: 'topic', sha: headSha, repo: { full_name: repository } },
  base: { ref: 'main', sha: '9'.repeat(40), repo: { full_name: repository } },
})
