/** An ECS task state change event: whose run it is about, and what it changes. */
import type { EcsEvent, EcsTask } from '../model/ecs-task.ts'
import { isOfCluster, runOfEvent } from '../model/outcome.ts'
import { isTerminal } from '../model/run.ts'
import type { RunRecord } from '../model/run-record.ts'
import type { Services } from '../services.ts'
import { logStatusChange, runContext } from '../telemetry/run-log.ts'
import { type RecordServices, recordTaskState } from './record-task-state.ts'
import { nextReviewAt } from './review-schedule.ts'

interface TaskOfRun {
  readonly row: RunRecord
  readonly task: EcsTask
}

/** @returns undefined: the event is about no run of this deployment */
export async function findRun(
  { ledger, log }: Pick<Services, 'ledger' | 'log'>,
  event: EcsEvent,
): Promise<TaskOfRun | undefined> {
  const run = runOfEvent(event)
  if (run === undefined || event.detail === undefined) return undefined
  const row = await ledger.read(run)
  if (row === undefined) log.warn('an ECS event is about a run that the ledger does not know', { run })
  else if (isOfCluster(event, row.plan.settings.cluster)) return { row, task: event.detail }
  else log.warn('an ECS event is about a task on another cluster', runContext(row))
  return undefined
}

/** @returns the run after the event; undefined: the event is old, the run has ended, or the task is not the run's own */
export async function recordTaskEvent(
  services: RecordServices & Pick<Services, 'log'>,
  { row: before, task }: TaskOfRun,
): Promise<RunRecord | undefined> {
  const { ledger, log, now } = services
  const row = await recordTaskState(services, before, task)
  if (row === undefined) return undefined
  // `start` has recorded the deadline since `before` was read. The sweep must not check the run after it.
  if (before.deadline === undefined && row.deadline !== undefined && !isTerminal(row.status))
    await ledger.scheduleReview({ run: row.run, dueAt: nextReviewAt(row, now()) })
  logStatusChange(log, before, row)
  return row
}
