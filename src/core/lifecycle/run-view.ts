/** What a sender may see of a run. */
import type { RunView } from '../adapter.ts'
import { statusTokenOf, statusUrlOf } from '../http/run-tokens.ts'
import { approvalDeadline } from '../model/approval-window.ts'
import type { PublicRecord, RunRecord } from '../model/run-record.ts'
import { shownParams } from '../model/secret-params.ts'
import { logUrlOf } from '../text/cloudwatch-link.ts'
import { placementText } from '../text/placement.ts'

/** `receive` does not read the trace: only callbacks pass it on. */
type Viewed = PublicRecord & Pick<RunRecord, 'trace'>

/** @param token that the status link carries; default: one that can only show the run */
export function runView(row: Viewed, tokenKey: string, token = statusTokenOf(row.run, tokenKey)): RunView {
  const { run, plan, status, origin, createdAt } = row
  return {
    run,
    task: plan.task,
    status,
    params: shownParams(plan.params, plan.hidden),
    statusUrl: statusUrlOf(origin, run, token),
    createdAt: new Date(createdAt).toISOString(),
    ...copied(row),
    ...placeOf(row),
    ...approvalOf(row),
    ...progressOf(row),
  }
}

const shownAsStored = [
  'exitCode',
  'reason',
  'endedBy',
  'stopCause',
  'startedAt',
  'stoppedAt',
  'taskArn',
  'rerunOf',
  'approvedBy',
  'trace',
] as const satisfies readonly (keyof RunView & keyof Viewed)[]

function copied(row: Viewed): Partial<Pick<RunView, (typeof shownAsStored)[number]>> {
  return Object.fromEntries(shownAsStored.flatMap((name) => (row[name] === undefined ? [] : [[name, row[name]]])))
}

function placeOf({ attempts, logs, taskArn, container }: Viewed): Pick<RunView, 'placed' | 'logUrl'> {
  const placed = placementText(attempts)
  const logUrl =
    logs === undefined || taskArn === undefined || container === undefined
      ? undefined
      : logUrlOf(logs, container, taskArn)
  return { ...(placed !== undefined && { placed }), ...(logUrl !== undefined && { logUrl }) }
}

function approvalOf(row: Viewed): Pick<RunView, 'approval' | 'waiting'> {
  const until = approvalDeadline(row)
  const { approval } = row.plan
  return {
    ...(row.waiting !== undefined && row.status === 'queued' && { waiting: row.waiting }),
    ...(until !== undefined &&
      approval !== undefined && { approval: { from: approval.from, until: new Date(until).toISOString() } }),
  }
}

function progressOf({ progress: reported }: Viewed): Pick<RunView, 'progress' | 'outputs' | 'links'> {
  if (reported === undefined) return {}
  const { percent, message, outputs, links } = reported
  return {
    ...((percent !== undefined || message !== undefined) && {
      progress: { ...(percent !== undefined && { percent }), ...(message !== undefined && { message }) },
    }),
    ...(outputs !== undefined && { outputs }),
    ...(links !== undefined && { links }),
  }
}
