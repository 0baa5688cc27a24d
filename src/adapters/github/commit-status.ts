import type { RunView } from '../../core/adapter.ts'
import type { RunStatus } from '../../core/model/run.ts'
import { describeRun } from '../../core/text/run-summary.ts'
import type { ApiClient } from './api-client.ts'
import { type ReplyAddress, shorten } from './reply-address.ts'
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
  { speak }: ApiClient,
  { owner, repo, sha = '' }: ReplyAddress,
  run: RunView,
): Promise<void> {
  await speak('POST /repos/{owner}/{repo}/statuses/{sha}', {
    ...{ owner, repo, sha },
    state: stateOf[run.status],
    context: `${statusContextPrefix}${run.task}`,
    description: shorten(describeRun(run), maxDescription),
    target_url: run.statusUrl,
  })
}
