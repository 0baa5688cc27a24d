import { request } from '@octokit/request'
import type { RunView, Tools } from '../../core/adapter.ts'
import { describeRun } from '../../core/describe.ts'
import type { RunStatus } from '../../core/run.ts'
import { type GitHubApi, shorten, type Target } from './target.ts'
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

export async function setStatus(
  { apiUrl }: GitHubApi,
  { owner, repo, sha }: Target,
  run: RunView,
  token: string,
  tools: Tools,
): Promise<void> {
  await request('POST /repos/{owner}/{repo}/statuses/{sha}', {
    ...{ owner, repo, sha },
    baseUrl: apiUrl,
    headers: { authorization: `Bearer ${token}`, 'user-agent': 'taskhook' },
    request: { fetch: tools.fetch },
    state: stateOf[run.status],
    context: `${statusContextPrefix}${run.task}`,
    description: shorten(describeRun(run), maxDescription),
    target_url: run.statusUrl,
  })
}
