/** Runs that stand still, put right: what was never queued, what never started, what ECS has ended without an event, what was never told. */
import { stopTask } from '../lifecycle/cancel.ts'
import { releaseSlot } from '../lifecycle/concurrency-release.ts'
import { withRerunNotice } from '../lifecycle/interruption-rerun.ts'
import { backoffMs, notify } from '../lifecycle/notify.ts'
import type { EcsTask } from '../model/ecs-task.ts'
import { outcomeOf } from '../model/outcome.ts'
import { isTerminal } from '../model/run.ts'
import { isFullyNotified, type RunRecord } from '../model/run-record.ts'
import { reviewAfterMs } from '../model/sweep-schedule.ts'
import type { Services } from '../services.ts'
import { logStatusChange, runContext } from '../telemetry/run-log.ts'
import { stopReasons } from '../text/stop-reasons.ts'

const batch = 100
/** Stopped tasks stay visible for an hour. */
const visibleMs = 3_600_000

/** When a run that is on its way must be looked at again: at its deadline, where that comes first. */
export function nextReviewAt(row: RunRecord, now: number): number {
  const later = now + reviewAfterMs.running
  return isTerminal(row.status) ? later : Math.min(later, deadlineOf(row) ?? later)
}

/** Noted at the start; where that note was lost (the answer of RunTask never came), counted from when ECS says that it ran. */
function deadlineOf({ deadline, startedAt, plan: { timeout } }: RunRecord): number | undefined {
  if (deadline !== undefined || timeout === undefined || startedAt === undefined) return deadline
  return Date.parse(startedAt) + timeout * 1000
}

/** @returns how many runs were looked at */
export async function sweep(services: Services): Promise<number> {
  const overdue = await services.ledger.dueForReview(services.now(), batch)
  for (const run of overdue) {
    let row: RunRecord | undefined
    try {
      row = await services.ledger.read(run)
      if (row !== undefined) await reviewRun(services, row)
    } catch (error) {
      const about = row === undefined ? { run } : runContext(row)
      services.log.error('could not put a run right that stands still', { ...about, error })
      // To the end of the line: what can never be put right must not keep the sweep from all the others.
      await services.ledger.scheduleReview(run, services.now() + reviewAfterMs.queued)
    }
  }
  return overdue.length
}

async function reviewRun(services: Services, row: RunRecord): Promise<void> {
  const { ledger, queue, now } = services
  if (isTerminal(row.status)) {
    if (isFullyNotified(row)) {
      await releaseSlot(services, row, { remind: false })
      return ledger.close(row.run, row.notifiedAt ?? 0)
    }
    // First, so that one that cannot be told does not stand in front of all others for ever.
    await ledger.scheduleReview(row.run, now() + backoffMs(row.notifyTries ?? 0))
    return notify(services, row)
  }
  if (row.taskArn === undefined) {
    await ledger.scheduleReview(row.run, now() + reviewAfterMs.queued)
    return queue.send({ verb: 'start', run: row.run })
  }
  const ecs = await services.ecs(row.plan.settings)
  const task = await ecs.describe(row.plan.settings.cluster, row.taskArn)
  const settled = task === undefined ? await recordVanishedTask(services, row) : await recordTask(services, row, task)
  const current = settled ?? row
  logStatusChange(services.log, row, current)
  if (isTerminal(current.status)) return notify(services, current)
  if (task !== undefined && current.cancelBy !== undefined) await stopTask(services, current, current.cancelBy)
  else {
    const overtime = task !== undefined && (deadlineOf(current) ?? Number.POSITIVE_INFINITY) <= now()
    if (overtime) await ecs.stop(row.plan.settings.cluster, row.taskArn, stopReasons.timeout)
    await ledger.scheduleReview(row.run, overtime ? now() + reviewAfterMs.running : nextReviewAt(current, now()))
  }
  // At the end: what cannot be told has it looked at again sooner.
  if (!isFullyNotified(current)) await notify(services, current)
}

function recordTask(services: Services, row: RunRecord, task: EcsTask): Promise<RunRecord | undefined> {
  const { ledger, now } = services
  const outcome = withRerunNotice(services, row, outcomeOf(row.run, task, row.container ?? row.plan.container))
  return ledger.recordOutcome(outcome, nextReviewAt({ ...row, ...outcome }, now()))
}

/** Right after RunTask, DescribeTasks may not see a task yet; an hour later it does not see it any more. */
async function recordVanishedTask({ ledger, now }: Services, row: RunRecord): Promise<RunRecord | undefined> {
  if (now() - (row.launchedAt ?? row.createdAt) < visibleMs || row.taskArn === undefined) return undefined
  const reason = 'ECS does not know the task any more, and no event told how it ended'
  return ledger.recordOutcome(
    {
      run: row.run,
      taskArn: row.taskArn,
      version: Number.MAX_SAFE_INTEGER,
      status: 'failed',
      reason,
      stoppedAt: new Date(now()).toISOString(),
    },
    now(),
  )
}
