/** A run as a check run of a GitHub App: queued → in progress → conclusion, with buttons. https://docs.github.com/en/rest/checks/runs */
import type { RunView } from '../../core/adapter.ts'
import type { RunStatus } from '../../core/model/run.ts'
import { describeRun } from '../../core/text/run-summary.ts'
import type { ApiClient } from './api-client.ts'
import { type ReplyAddress, shorten } from './reply-address.ts'
import { summaryOf } from './run-markdown.ts'
import { statusContextPrefix } from './translate.ts'

type Conclusion = 'success' | 'failure' | 'cancelled' | 'timed_out'

const conclusionOf: Readonly<Partial<Record<RunStatus, Conclusion>>> = {
  succeeded: 'success',
  failed: 'failure',
  cancelled: 'cancelled',
  'timed-out': 'timed_out',
  'failed-to-start': 'failure',
}

/** GitHub shows three at most: 20 characters of label, 40 of description. */
export const actions = {
  cancel: { label: 'Cancel', description: 'Stop the task', identifier: 'cancel' },
  rerun: { label: 'Run again', description: 'The same parameters, a new run', identifier: 'rerun' },
  approve: { label: 'Approve', description: 'Let it start', identifier: 'approve' },
  reject: { label: 'Reject', description: 'It does not start', identifier: 'reject' },
} as const

/** @param known the check run's number, so that the next word goes there, too */
export async function writeCheckRun(
  { speak }: ApiClient,
  target: ReplyAddress,
  run: RunView,
  known?: number,
): Promise<number> {
  const { owner, repo, sha = '' } = target
  const common = { owner, repo, ...checkRun(run) }
  if (known !== undefined) {
    await speak('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', { ...common, check_run_id: known })
    return known
  }
  const { data } = await speak('POST /repos/{owner}/{repo}/check-runs', {
    ...common,
    name: `${statusContextPrefix}${run.task}`,
    head_sha: sha,
    external_id: run.run,
  })
  return Number(data.id)
}

function checkRun(run: RunView) {
  const conclusion = conclusionOf[run.status]
  return {
    details_url: run.statusUrl,
    ...(run.startedAt !== undefined && { started_at: run.startedAt }),
    ...(conclusion === undefined
      ? { status: run.status === 'running' ? ('in_progress' as const) : ('queued' as const) }
      : { status: 'completed' as const, conclusion, completed_at: run.stoppedAt ?? run.createdAt }),
    output: { title: shorten(`${run.task} ${describeRun(run)}`, 255), summary: summaryOf(run) },
    actions:
      run.approval !== undefined
        ? [actions.approve, actions.reject]
        : [conclusion === undefined ? actions.cancel : actions.rerun],
  }
}
