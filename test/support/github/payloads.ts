/** Payloads of GitHub for the repository `acme/site`. */

export const repositoryName = 'acme/site'

export interface Pull {
  readonly number: number
  readonly sha: string
  readonly base?: string
  /** `owner/name` that it comes from; null: deleted. */
  readonly headRepository?: string | null
  readonly files?: readonly (string | { readonly filename: string; readonly previous_filename: string })[]
  /** When the head was pushed. Default: before the comments. */
  readonly pushedAt?: string
  /** The number that GitHub states. Default: the number of `files`. */
  readonly changedFiles?: number
}

/** https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request */
export const pullJson = ({
  number,
  sha,
  base = 'main',
  headRepository = repositoryName,
  files = [],
  changedFiles = files.length,
}: Pull) => ({
  number,
  title: 'Add more',
  changed_files: changedFiles,
  head: { ref: 'topic', sha, repo: headRepository === null ? null : { full_name: headRepository } },
  base: { ref: base, sha: '9'.repeat(40), repo: { full_name: repositoryName } },
})

export const pushedAt = '2026-11-30T11:00:00Z'
export const commentedAt = '2026-11-30T12:00:00Z'

interface CommentOptions {
  readonly id?: number
  readonly issue?: number
  readonly user?: string
  readonly association?: string
  readonly isPull?: boolean
  readonly action?: string
  readonly type?: string
  readonly installation?: number
  readonly comment?: Readonly<Record<string, unknown>>
}

/** What GitHub sends when a person comments. https://docs.github.com/en/webhooks/webhook-events-and-payloads#issue_comment */
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
    comment,
  }: CommentOptions = {},
) => ({
  action,
  issue: {
    number: issue,
    title: 'Add more',
    ...(isPull && { pull_request: { url: `https://api.github.com/repos/${repositoryName}/pulls/${issue}` } }),
  },
  comment: {
    id,
    body,
    created_at: commentedAt,
    user: { login: user, type },
    author_association: association,
    ...comment,
  },
  repository: { full_name: repositoryName, name: 'site' },
  sender: { login: user, type },
  ...(installation !== undefined && { installation: { id: installation } }),
})
