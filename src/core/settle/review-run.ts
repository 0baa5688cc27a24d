/** One run that the sweep checks. */
import { type StopServices, stopTask } from '../lifecycle/cancel.ts'
import { conclude, concludeAndNotify, type EndServices } from '../lifecycle/conclude.ts'
import { backoffMs, isGivenUp, notify } from '../lifecycle/notify.ts'
import type { EcsTask } from '../model/ecs-task.ts'
import {
  type EndedRun,
  hasEnded,
  isFullyNotified,
  isLaunched,
  type LaunchedRun,
  type RunRecord,
} from '../model/run-record.ts'
import { stopTaskReasons } from '../model/stop-cause.ts'
import { reviewAfterMs } from '../model/sweep-schedule.ts'
import { logStatusChange } from '../telemetry/run-log.ts'
import { vanishedText } from '../text/stop-reasons.ts'
import { recordTaskState } from './record-task-state.ts'
import { deadlineOf, nextReviewAt } from './review-schedule.ts'

export type ReviewServices = EndServices & StopServices

export async function reviewRun(services: ReviewServices, row: RunRecord): Promise<void> {
  if (hasEnded(row)) return reviewEnded(services, row)
  if (isLaunched(row)) return reviewTask(services, row)
  await services.ledger.scheduleReview({ run: row.run, dueAt: services.now() + reviewAfterMs.queued })
  await services.queue.send({ kind: 'start', run: row.run })
}

async function reviewEnded(services: ReviewServices, row: EndedRun): Promise<void> {
  const { ledger, now } = services
  const { run, notifyTries = 0, notifiedAt = 0 } = row
  if (isFullyNotified(row) || isGivenUp(row)) {
    await conclude(services, row)
    return ledger.close({ run, since: notifiedAt })
  }
  // First, so that a sender that cannot be notified does not keep the sweep from the others.
  await ledger.scheduleReview({ run, dueAt: now() + backoffMs(notifyTries) })
  await concludeAndNotify(services, row)
}

async function reviewTask(services: ReviewServices, row: LaunchedRun): Promise<void> {
  const ecs = await services.ecs(row.plan.settings)
  const task = await ecs.describeTask(row.plan.settings.cluster, row.taskArn)
  const recorded =
    task === undefined ? await recordVanishedTask(services, row) : await recordTaskState(services, row, task)
  const current = { ...(recorded ?? row), taskArn: row.taskArn }
  logStatusChange(services.log, row, current)
  if (hasEnded(current)) return concludeAndNotify(services, current)
  if (task !== undefined && current.cancelBy !== undefined) await stopTask(services, current, current.cancelBy)
  else await enforceTimeout(services, current, task)
  // Last: if the sender cannot be notified, the run is checked sooner.
  if (!isFullyNotified(current)) await notify(services, current)
}

async function enforceTimeout(services: ReviewServices, row: LaunchedRun, task: EcsTask | undefined): Promise<void> {
  const { ledger, now } = services
  const { run, plan, taskArn } = row
  const isOver = task !== undefined && (deadlineOf(row) ?? Number.POSITIVE_INFINITY) <= now()
  if (isOver) {
    const ecs = await services.ecs(plan.settings)
    await ecs.stopTask(plan.settings.cluster, taskArn, stopTaskReasons.timeout)
  }
  await ledger.scheduleReview({ run, dueAt: isOver ? now() + reviewAfterMs.running : nextReviewAt(row, now()) })
}

/** DescribeTasks shows a stopped task for an hour. In milliseconds. */
const visibleMs = 3_600_000

/** Right after RunTask, DescribeTasks may not show a task yet. @returns undefined: too early to say */
async function recordVanishedTask(
  { ledger, now }: ReviewServices,
  { run, taskArn, launchedAt, createdAt }: LaunchedRun,
): Promise<RunRecord | undefined> {
  if (now() - (launchedAt ?? createdAt) < visibleMs) return undefined
  const stoppedAt = new Date(now()).toISOString()
  return ledger.recordOutcome({
    outcome: { run, taskArn, version: Number.MAX_SAFE_INTEGER, status: 'failed', stoppedAt },
    reason: vanishedText,
    dueAt: now(),
  })
}
