/** Runs that stand still, put right: what was never queued, what never started, what ECS has ended without an event, what was never told. */
import { stopTask } from '../lifecycle/cancel.ts'
import { release } from '../lifecycle/concurrency-release.ts'
import { withSequel } from '../lifecycle/interruption-rerun.ts'
import { backoffMs, tell } from '../lifecycle/notify.ts'
import { type EcsTask, outcomeOf } from '../model/outcome.ts'
import { isTerminal } from '../model/run.ts'
import { isTold, type RunRow } from '../model/run-record.ts'
import { lookAgainMs } from '../model/sweep-schedule.ts'
import type { Parts } from '../services.ts'
import { aboutRun, noteMove } from '../telemetry/run-log.ts'
import { stopReasons } from '../text/stop-reasons.ts'

const batch = 100
/** Stopped tasks stay visible for an hour. */
const visibleMs = 3_600_000

/** When a run that is on its way must be looked at again: at its deadline, where that comes first. */
export function lookAgainAt(row: RunRow, now: number): number {
  const later = now + lookAgainMs.running
  return isTerminal(row.status) ? later : Math.min(later, deadlineOf(row) ?? later)
}

/** Noted at the start; where that note was lost (the answer of RunTask never came), counted from when ECS says that it ran. */
function deadlineOf({ deadline, startedAt, plan: { timeout } }: RunRow): number | undefined {
  if (deadline !== undefined || timeout === undefined || startedAt === undefined) return deadline
  return Date.parse(startedAt) + timeout * 1000
}

/** @returns how many runs were looked at */
export async function sweep(parts: Parts): Promise<number> {
  const overdue = await parts.ledger.overdue(parts.now(), batch)
  for (const run of overdue) {
    let row: RunRow | undefined
    try {
      row = await parts.ledger.read(run)
      if (row !== undefined) await putRight(parts, row)
    } catch (error) {
      const about = row === undefined ? { run } : aboutRun(row)
      parts.log.error('could not put a run right that stands still', { ...about, error })
      // To the end of the line: what can never be put right must not keep the sweep from all the others.
      await parts.ledger.due(run, parts.now() + lookAgainMs.queued)
    }
  }
  return overdue.length
}

async function putRight(parts: Parts, row: RunRow): Promise<void> {
  const { ledger, queue, now } = parts
  if (isTerminal(row.status)) {
    if (isTold(row)) {
      await release(parts, row, { remind: false })
      return ledger.close(row.run, row.toldAt ?? 0)
    }
    // First, so that one that cannot be told does not stand in front of all others for ever.
    await ledger.due(row.run, now() + backoffMs(row.tellTries ?? 0))
    return tell(parts, row)
  }
  if (row.taskArn === undefined) {
    await ledger.due(row.run, now() + lookAgainMs.queued)
    return queue.send({ verb: 'start', run: row.run })
  }
  const ecs = await parts.ecs(row.plan.settings)
  const task = await ecs.describe(row.plan.settings.cluster, row.taskArn)
  const settled = task === undefined ? await settleVanished(parts, row) : await settleTask(parts, row, task)
  const current = settled ?? row
  noteMove(parts.log, row, current)
  if (isTerminal(current.status)) return tell(parts, current)
  if (task !== undefined && current.cancelBy !== undefined) await stopTask(parts, current, current.cancelBy)
  else {
    const overtime = task !== undefined && (deadlineOf(current) ?? Number.POSITIVE_INFINITY) <= now()
    if (overtime) await ecs.stop(row.plan.settings.cluster, row.taskArn, stopReasons.timeout)
    await ledger.due(row.run, overtime ? now() + lookAgainMs.running : lookAgainAt(current, now()))
  }
  // At the end: what cannot be told has it looked at again sooner.
  if (!isTold(current)) await tell(parts, current)
}

function settleTask(parts: Parts, row: RunRow, task: EcsTask): Promise<RunRow | undefined> {
  const { ledger, now } = parts
  const outcome = withSequel(parts, row, outcomeOf(row.run, task, row.container ?? row.plan.container))
  return ledger.settle(outcome, lookAgainAt({ ...row, ...outcome }, now()))
}

/** Right after RunTask, DescribeTasks may not see a task yet; an hour later it does not see it any more. */
async function settleVanished({ ledger, now }: Parts, row: RunRow): Promise<RunRow | undefined> {
  if (now() - (row.launchedAt ?? row.createdAt) < visibleMs || row.taskArn === undefined) return undefined
  const reason = 'ECS does not know the task any more, and no event told how it ended'
  return ledger.settle(
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
