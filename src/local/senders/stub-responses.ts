/** What Slack and GitHub answer when all is well, as far as taskhook asks them something. */
import type { InboxMessage } from './inbox.ts'

export function answerOf(message: Pick<InboxMessage, 'service' | 'method' | 'url' | 'body'>): Response {
  const { service } = message
  if (service === 'slack') return slackAnswer(message)
  return service === 'github' ? githubAnswer(message) : new Response(null, { status: 204 })
}

function slackAnswer({ url, body }: Pick<InboxMessage, 'url' | 'body'>): Response {
  if (url.pathname === '/api/chat.postMessage') {
    const { channel } = body as { channel?: string }
    return Response.json({ ok: true, channel, ts: '1772359200.000100' })
  }
  // Everybody whom `taskhook send` can be.
  if (url.pathname === '/api/usergroups.users.list') return Response.json({ ok: true, users: ['U2147483697'] })
  return Response.json({ ok: true })
}

/** The commit of every pull request here. */
export const localSha = '5b0c1f7d2e3a4b5c6d7e8f90a1b2c3d4e5f60718'

function githubAnswer({ method, url }: Pick<InboxMessage, 'method' | 'url'>): Response {
  const [, repository = '', number] = /\/repos\/([^/]+\/[^/]+)\/pulls\/(\d+)$/.exec(url.pathname) ?? []
  if (number !== undefined) return Response.json(pullOf(repository, Number(number)))
  if (/\/access_tokens$/.test(url.pathname)) {
    const expires_at = new Date(Date.now() + 3_600_000).toISOString()
    return Response.json({ token: 'ghs_local', expires_at, permissions: {} }, { status: 201 })
  }
  if (/\/memberships\//.test(url.pathname)) return Response.json({ state: 'active' })
  if (/\/check-suites\/\d+\/check-runs$/.test(url.pathname)) return Response.json({ total_count: 0, check_runs: [] })
  // Lists: of files, of comments.
  if (method === 'GET') return Response.json([])
  return Response.json({ id: 1 }, { status: method === 'POST' ? 201 : 200 })
}

/** Of the repository itself, not of a fork. Its files are not known, so `paths` match. */
const pullOf = (repository: string, number: number) => ({
  ...{ number, title: 'A pull request of nobody' },
  head: { ref: 'topic', sha: localSha, repo: { full_name: repository } },
  base: { ref: 'main', sha: '9'.repeat(40), repo: { full_name: repository } },
})
