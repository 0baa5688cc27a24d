import { request } from '@octokit/request'
import type { Json, RunView, Tools } from '../../core/adapter.ts'
import { describeRun } from '../../core/describe.ts'
import type { RunStatus } from '../../core/run.ts'
import { statusContextPrefix } from './translate.ts'

/** A commit status knows no "cancelled" and takes 140 characters. https://docs.github.com/en/rest/commits/statuses */
const stateOf: Readonly<Record<RunStatus, 'pending' | 'success' | 'failure' | 'error'>> = {
  queued: 'pending',
  starting: 'pending',
  running: 'pending',
  succeeded: 'success',
  failed: 'failure',
  cancelled: 'error',
  'timed-out': 'error',
  'failed-to-start': 'error',
}
const maxDescription = 140

/** Says nothing where the source has no token, or the event is about no commit. */
export async function acknowledge(
  answerTo: Json,
  run: RunView,
  tools: Tools,
  apiUrl = 'https://api.github.com',
): Promise<undefined> {
  const target = targetOf(answerTo)
  const token = target === undefined ? undefined : await tools.token('token')
  if (target === undefined || token === undefined) return undefined
  await request('POST /repos/{owner}/{repo}/statuses/{sha}', {
    ...target,
    baseUrl: apiUrl.replace(/\/$/, ''),
    headers: { authorization: `Bearer ${token}`, 'user-agent': 'taskhook' },
    request: { fetch: tools.fetch },
    state: stateOf[run.status],
    context: `${statusContextPrefix}${run.task}`,
    description: shorten(describeRun(run), maxDescription),
    target_url: run.statusUrl,
  })
  return undefined
}

function targetOf(answerTo: Json): { owner: string; repo: string; sha: string } | undefined {
  const { repository, sha } = (answerTo ?? {}) as { repository?: string; sha?: string }
  // As GitHub names them; it goes into an address.
  const [, owner, repo] = /^([\w-]+)\/(?!\.\.?$)([\w.-]+)$/.exec(repository ?? '') ?? []
  return owner === undefined || repo === undefined || sha === undefined ? undefined : { owner, repo, sha }
}

const shorten = (text: string, max: number): string => (text.length <= max ? text : `${text.slice(0, max - 1)}…`)
