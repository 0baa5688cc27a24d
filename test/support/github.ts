/** GitHub's REST API as far as taskhook speaks it, with a memory: what a person would see there now. https://docs.github.com/en/rest */

export interface Comment {
  readonly id: number
  readonly issue: number
  body: string
  /** How often it was edited. */
  edits: number
  readonly by: 'us' | 'others'
  readonly createdAt: string
}

export interface CheckRun {
  readonly id: number
  readonly name: string
  readonly head_sha: string
  readonly external_id: string
  /** Everything that it was told, newest last. */
  readonly told: Record<string, unknown>[]
}

export interface Pull {
  readonly number: number
  sha: string
  readonly base?: string
  /** `owner/name` of where it comes from; null: deleted. */
  readonly from?: string | null
  files?: readonly (string | { readonly filename: string; readonly previous_filename: string })[]
  /** As GitHub says; default: as many as there are. */
  readonly count?: number
}

export interface GitHub {
  readonly fetch: typeof fetch
  readonly calls: { readonly method: string; readonly path: string; readonly token: string }[]
  readonly comments: Comment[]
  readonly reactions: { readonly comment: number; readonly content: string }[]
  readonly checkRuns: CheckRun[]
  readonly statuses: { readonly sha: string; readonly state: string; readonly description: string }[]
  readonly pulls: Map<number, Pull>
  /** `acme/data` → logins. */
  readonly teams: Map<string, readonly string[]>
  /** Answers in place of the API's; undefined: as usual. */
  answer(how?: (method: string, path: string) => Response | undefined): void
}

const repository = 'acme/site'

export function createGitHub(): GitHub {
  const calls: GitHub['calls'] = []
  const comments: Comment[] = []
  const reactions: GitHub['reactions'] = []
  const checkRuns: CheckRun[] = []
  const statuses: GitHub['statuses'] = []
  const pulls = new Map<number, Pull>()
  const teams = new Map<string, readonly string[]>()
  let instead: (method: string, path: string) => Response | undefined = () => undefined
  let ids = 1000

  const created = (body: unknown) => Response.json(body, { status: 201 })
  const missing = () => Response.json({ message: 'Not Found' }, { status: 404 })

  type Handle = (match: RegExpExecArray, body: Record<string, unknown>, url: URL) => Response
  const routes: readonly (readonly [method: string, path: RegExp, handle: Handle])[] = [
    [
      'POST',
      /^\/app\/installations\/\d+\/access_tokens$/,
      () => created({ token: 'ghs_installation', expires_at: new Date(Date.now() + 3_600_000).toISOString() }),
    ],
    [
      'GET',
      /^\/repos\/acme\/site\/pulls\/(\d+)$/,
      ([, number]) => {
        const pull = pulls.get(Number(number))
        return pull === undefined ? missing() : Response.json(pullJson(pull))
      },
    ],
    [
      'GET',
      /^\/repos\/acme\/site\/pulls\/(\d+)\/files$/,
      ([, number], _, url) => {
        const page = Number(url.searchParams.get('page') ?? 1)
        const size = Number(url.searchParams.get('per_page') ?? 30)
        const files = (pulls.get(Number(number))?.files ?? []).slice((page - 1) * size, page * size)
        return Response.json(files.map((file) => (typeof file === 'string' ? { filename: file } : file)))
      },
    ],
    [
      'POST',
      /^\/repos\/acme\/site\/issues\/comments\/(\d+)\/reactions$/,
      ([, comment], { content }) => {
        const known = reactions.some((each) => each.comment === Number(comment) && each.content === content)
        if (!known) reactions.push({ comment: Number(comment), content: String(content) })
        return Response.json({ id: 1, content }, { status: known ? 200 : 201 })
      },
    ],
    [
      'POST',
      /^\/repos\/acme\/site\/issues\/(\d+)\/comments$/,
      ([, issue], { body }) => {
        const comment: Comment = {
          ...{ id: ids++, issue: Number(issue), body: String(body), edits: 0, by: 'us' },
          createdAt: new Date().toISOString(),
        }
        comments.push(comment)
        return created({ id: comment.id, body: comment.body })
      },
    ],
    [
      'GET',
      /^\/repos\/acme\/site\/issues\/(\d+)\/comments$/,
      ([, issue]) => Response.json(comments.filter((comment) => comment.issue === Number(issue))),
    ],
    [
      'PATCH',
      /^\/repos\/acme\/site\/issues\/comments\/(\d+)$/,
      ([, id], { body }) => {
        const comment = comments.find((each) => each.id === Number(id))
        if (comment === undefined) return missing()
        comment.body = String(body)
        comment.edits++
        return Response.json({ id: comment.id })
      },
    ],
    [
      'POST',
      /^\/repos\/acme\/site\/check-runs$/,
      (_, body) => {
        const { name, head_sha, external_id } = body as Record<string, string>
        const run = {
          id: ids++,
          name: name ?? '',
          head_sha: head_sha ?? '',
          external_id: external_id ?? '',
          told: [body],
        }
        checkRuns.push(run)
        return created({ id: run.id })
      },
    ],
    [
      'PATCH',
      /^\/repos\/acme\/site\/check-runs\/(\d+)$/,
      ([, id], body) => {
        const run = checkRuns.find((each) => each.id === Number(id))
        run?.told.push(body)
        return run === undefined ? missing() : Response.json({ id: run.id })
      },
    ],
    [
      'GET',
      /^\/repos\/acme\/site\/check-suites\/(\d+)\/check-runs$/,
      () => Response.json({ total_count: checkRuns.length, check_runs: checkRuns.map(({ told: _, ...run }) => run) }),
    ],
    [
      'POST',
      /^\/repos\/acme\/site\/statuses\/([0-9a-f]+)$/,
      ([, sha = ''], { state, description }) => {
        statuses.push({ sha, state: String(state), description: String(description) })
        return created({ id: 1 })
      },
    ],
    [
      'GET',
      /^\/orgs\/([\w-]+)\/teams\/([\w-]+)\/memberships\/([\w-]+)$/,
      ([, org, team, user]) =>
        teams.get(`${org}/${team}`)?.includes(user ?? '') === true ? Response.json({ state: 'active' }) : missing(),
    ],
  ]

  return {
    ...{ calls, comments, reactions, checkRuns, statuses, pulls, teams },
    answer(how = () => undefined) {
      instead = how
    },
    async fetch(input, init) {
      const request = new Request(input, init)
      const url = new URL(request.url)
      const { method } = request
      const body = JSON.parse((await request.text()) || '{}') as Record<string, unknown>
      calls.push({ method, path: url.pathname, token: request.headers.get('authorization') ?? '' })
      const other = instead(method, url.pathname)
      if (other !== undefined) return other
      for (const [verb, path, handle] of routes) {
        const match = verb === method ? path.exec(url.pathname) : null
        if (match !== null) return handle(match, body, url)
      }
      return missing()
    },
  }
}

export const pullJson = ({
  number,
  sha,
  base = 'main',
  from = repository,
  files = [],
  count = files.length,
}: Pull) => ({
  number,
  title: 'Add more',
  changed_files: count,
  head: { ref: 'topic', sha, repo: from === null ? null : { full_name: from } },
  base: { ref: base, sha: '9'.repeat(40), repo: { full_name: repository } },
})

/** What GitHub sends when somebody comments. https://docs.github.com/en/webhooks/webhook-events-and-payloads#issue_comment */
export const commentPayload = (
  body: string,
  {
    id = 1,
    issue = 7,
    user = 'ann',
    association = 'MEMBER',
    isPull = true,
    action = 'created',
    type = 'User',
    installation,
    ...more
  }: {
    readonly id?: number
    readonly issue?: number
    readonly user?: string
    readonly association?: string
    readonly isPull?: boolean
    readonly action?: string
    readonly type?: string
    readonly installation?: number
    readonly comment?: Readonly<Record<string, unknown>>
  } = {},
) => ({
  action,
  issue: {
    number: issue,
    title: 'Add more',
    ...(isPull && { pull_request: { url: `https://api.github.com/repos/acme/site/pulls/${issue}` } }),
  },
  comment: { id, body, user: { login: user, type }, author_association: association, ...more.comment },
  repository: { full_name: repository, name: 'site' },
  sender: { login: user, type },
  ...(installation !== undefined && { installation: { id: installation } }),
})
