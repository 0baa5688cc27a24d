/** A run as a commit status, for sources without an App. https://docs.github.com/en/rest/commits/statuses */
import type { RunView } from '../../core/adapter.ts'
import type { RunStatus } from '../../core/model/run.ts'
import { cutText } from '../../core/text/cut-text.ts'
import { describeRun } from '../../core/text/run-summary.ts'
import type { ApiClient } from './api-client.ts'
import { statusNameOf } from './own-marks.ts'
import { type ReplyAddress, repositoryOf } from './reply-address.ts'

/** GitHub has no state for a cancelled run. */
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

/** In characters. */
const maxDescription = 140

export async function setCommitStatus(
  { request }: ApiClient,
  address: ReplyAddress & { readonly sha: string },
  run: RunView,
): Promise<void> {
  await request('POST /repos/{owner}/{repo}/statuses/{sha}', {
    ...repositoryOf(address),
    sha: address.sha,
    state: stateOf[run.status],
    context: statusNameOf(run.task),
    description: cutText(describeRun(run), maxDescription),
    target_url: run.statusUrl,
  })
}
