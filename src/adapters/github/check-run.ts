/** A run as a check run of a GitHub App: queued, in progress, then a conclusion. https://docs.github.com/en/rest/checks/runs */
import type { RunView } from '../../core/adapter.ts'
import type { RunStatus } from '../../core/model/run.ts'
import { cutText } from '../../core/text/cut-text.ts'
import { describeRun } from '../../core/text/run-summary.ts'
import type { ApiClient } from './api-client.ts'
import { statusNameOf } from './own-marks.ts'
import { type ReplyAddress, repositoryOf } from './reply-address.ts'
import { runMarkdown } from './run-markdown.ts'

type Conclusion = 'success' | 'failure' | 'cancelled' | 'timed_out'

/** Undefined: the run has not ended. */
const conclusionOf: Readonly<Partial<Record<RunStatus, Conclusion>>> = {
  succeeded: 'success',
  failed: 'failure',
  cancelled: 'cancelled',
  'timed-out': 'timed_out',
  'failed-to-start': 'failure',
}

/** GitHub shows up to three buttons, with a label of 20 and a description of 40 characters at most. */
const buttons = {
  cancel: { label: 'Cancel', description: 'Stop the task', identifier: 'cancel' },
  rerun: { label: 'Run again', description: 'Start a new run with the same parameters', identifier: 'rerun' },
  approve: { label: 'Approve', description: 'Let the run start', identifier: 'approve' },
  reject: { label: 'Reject', description: 'Do not start the run', identifier: 'reject' },
} as const

/** In characters. */
const maxTitle = 255

/**
 * @param known id of the check run that was created before
 * @returns the id of the check run
 */
export async function writeCheckRun(
  { request }: ApiClient,
  address: ReplyAddress & { readonly sha: string },
  run: RunView,
  known?: number,
): Promise<number> {
  const common = { ...repositoryOf(address), ...checkRunOf(run) }
  if (known !== undefined) {
    await request('PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}', { ...common, check_run_id: known })
    return known
  }
  const { data } = await request('POST /repos/{owner}/{repo}/check-runs', {
    ...common,
    name: statusNameOf(run.task),
    head_sha: address.sha,
    external_id: run.run,
  })
  return Number(data.id)
}

function checkRunOf(run: RunView) {
  const conclusion = conclusionOf[run.status]
  return {
    details_url: run.statusUrl,
    ...(run.startedAt !== undefined && { started_at: run.startedAt }),
    ...(conclusion === undefined
      ? { status: run.status === 'running' ? ('in_progress' as const) : ('queued' as const) }
      : { status: 'completed' as const, conclusion, completed_at: run.stoppedAt ?? run.createdAt }),
    output: { title: cutText(`${run.task} ${describeRun(run)}`, maxTitle), summary: runMarkdown(run) },
    actions: buttonsOf(run),
  }
}

const buttonsOf = ({ approval, status }: RunView) => {
  if (approval !== undefined) return [buttons.approve, buttons.reject]
  return [conclusionOf[status] === undefined ? buttons.cancel : buttons.rerun]
}
