/** The endpoints of GitHub's REST API that taskhook calls, for `acme/site`. https://docs.github.com/en/rest */
import { type Pull, pullJson, pushedAt, repositoryName } from './payloads.ts'

export interface Comment {
  readonly id: number
  readonly issue: number
  body: string
  /** How often it was edited. */
  edits: number
}

export interface CheckRun {
  readonly id: number
  readonly name: string
  readonly head_sha: string
  readonly external_id: string
  /** The bodies of every create and update, oldest first. */
  readonly updates: Record<string, unknown>[]
}

/** What GitHub has stored. */
export interface Stored {
  readonly comments: Comment[]
  readonly reactions: { readonly comment: number; readonly content: string }[]
  readonly checkRuns: CheckRun[]
  readonly statuses: { readonly sha: string; readonly state: string; readonly description: string }[]
  readonly pulls: Map<number, Pull>
  /** Of branches, newest first, before the pushes of `pulls`. */
  readonly activities: {
    readonly ref: string
    readonly after: string
    readonly timestamp: string
    readonly activity_type: string
  }[]
  /** `acme/data` → logins. */
  readonly teams: Map<string, readonly string[]>
}

interface Request {
  readonly match: RegExpExecArray
  readonly body: Record<string, unknown>
  readonly url: URL
  /** An id that nothing else has. */
  readonly newId: () => number
}
type Endpoint = readonly [method: string, path: RegExp, answer: (stored: Stored, request: Request) => Response]

const created = (body: unknown) => Response.json(body, { status: 201 })
export const notFound = () => Response.json({ message: 'Not Found' }, { status: 404 })

const appEndpoints: readonly Endpoint[] = [
  [
    'POST',
    /^\/app\/installations\/\d+\/access_tokens$/,
    () => created({ token: 'ghs_installation', expires_at: new Date(Date.now() + 3_600_000).toISOString() }),
  ],
  [
    'GET',
    /^\/orgs\/([\w-]+)\/teams\/([\w-]+)\/memberships\/([\w-]+)$/,
    ({ teams }, { match: [, org, team, user = ''] }) =>
      teams.get(`${org}/${team}`)?.includes(user) === true ? Response.json({ state: 'active' }) : notFound(),
  ],
]

const pullEndpoints: readonly Endpoint[] = [
  [
    'GET',
    /^\/repos\/acme\/site\/pulls\/(\d+)$/,
    ({ pulls }, { match: [, number] }) => {
      const pull = pulls.get(Number(number))
      return pull === undefined ? notFound() : Response.json(pullJson(pull))
    },
  ],
  [
    'GET',
    /^\/repos\/acme\/site\/pulls\/(\d+)\/files$/,
    ({ pulls }, { match: [, number], url }) => {
      const page = Number(url.searchParams.get('page') ?? 1)
      const size = Number(url.searchParams.get('per_page') ?? 30)
      const files = (pulls.get(Number(number))?.files ?? []).slice((page - 1) * size, page * size)
      return Response.json(files.map((file) => (typeof file === 'string' ? { filename: file } : file)))
    },
  ],
]

/** https://docs.github.com/en/rest/repos/repos#list-repository-activities */
const activityEndpoints: readonly Endpoint[] = [
  [
    'GET',
    /^\/repos\/([\w-]+\/[\w-]+)\/activity$/,
    ({ pulls, activities }, { match: [, repository], url }) => {
      const ref = url.searchParams.get('ref')
      const ofPulls = [...pulls.values()]
        .filter(({ headRepository = repositoryName }) => headRepository === repository)
        .map(({ sha, pushedAt: timestamp = pushedAt }) => ({
          ...{ ref, after: sha, timestamp },
          activity_type: 'push',
        }))
      return Response.json([...activities, ...ofPulls].slice(0, Number(url.searchParams.get('per_page') ?? 30)))
    },
  ],
]

const commentEndpoints: readonly Endpoint[] = [
  [
    'POST',
    /^\/repos\/acme\/site\/issues\/comments\/(\d+)\/reactions$/,
    ({ reactions }, { match: [, comment], body: { content } }) => {
      const known = reactions.some((each) => each.comment === Number(comment) && each.content === content)
      if (!known) reactions.push({ comment: Number(comment), content: String(content) })
      return Response.json({ id: 1, content }, { status: known ? 200 : 201 })
    },
  ],
  [
    'POST',
    /^\/repos\/acme\/site\/issues\/(\d+)\/comments$/,
    ({ comments }, { match: [, issue], body: { body }, newId }) => {
      const comment = { id: newId(), issue: Number(issue), body: String(body), edits: 0 }
      comments.push(comment)
      return created({ id: comment.id, body: comment.body })
    },
  ],
  [
    'GET',
    /^\/repos\/acme\/site\/issues\/(\d+)\/comments$/,
    ({ comments }, { match: [, issue] }) =>
      Response.json(comments.filter((comment) => comment.issue === Number(issue))),
  ],
  [
    'PATCH',
    /^\/repos\/acme\/site\/issues\/comments\/(\d+)$/,
    ({ comments }, { match: [, id], body: { body } }) => {
      const comment = comments.find((each) => each.id === Number(id))
      if (comment === undefined) return notFound()
      comment.body = String(body)
      comment.edits++
      return Response.json({ id: comment.id })
    },
  ],
]

const commitEndpoints: readonly Endpoint[] = [
  [
    'POST',
    /^\/repos\/acme\/site\/check-runs$/,
    ({ checkRuns }, { body, newId }) => {
      const { name = '', head_sha = '', external_id = '' } = body as Readonly<Record<string, string>>
      const run = { id: newId(), name, head_sha, external_id, updates: [body] }
      checkRuns.push(run)
      return created({ id: run.id })
    },
  ],
  [
    'PATCH',
    /^\/repos\/acme\/site\/check-runs\/(\d+)$/,
    ({ checkRuns }, { match: [, id], body }) => {
      const run = checkRuns.find((each) => each.id === Number(id))
      run?.updates.push(body)
      return run === undefined ? notFound() : Response.json({ id: run.id })
    },
  ],
  [
    'GET',
    /^\/repos\/acme\/site\/check-suites\/(\d+)\/check-runs$/,
    ({ checkRuns }) =>
      Response.json({
        total_count: checkRuns.length,
        check_runs: checkRuns.map(({ updates: _, ...run }) => run),
      }),
  ],
  [
    'POST',
    /^\/repos\/acme\/site\/statuses\/([0-9a-f]+)$/,
    ({ statuses }, { match: [, sha = ''], body: { state, description } }) => {
      statuses.push({ sha, state: String(state), description: String(description) })
      return created({ id: 1 })
    },
  ],
]

export const endpoints: readonly Endpoint[] = [
  ...appEndpoints,
  ...pullEndpoints,
  ...activityEndpoints,
  ...commentEndpoints,
  ...commitEndpoints,
]
