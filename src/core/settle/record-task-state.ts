/** The state of a run's task, by an event or by DescribeTasks → the ledger. */
import { interruptionSequel } from '../lifecycle/interruption-rerun.ts'
import type { EcsTask } from '../model/ecs-task.ts'
import { type Outcome, outcomeOf } from '../model/outcome.ts'
import type { RunRecord } from '../model/run-record.ts'
import type { Services } from '../services.ts'
import { sequelText, stopReasonText } from '../text/stop-reasons.ts'
import { nextReviewAt } from './review-schedule.ts'

export type RecordServices = Pick<Services, 'ledger' | 'routes' | 'now'>

/** @param row before the change @returns undefined: the state is old, or the run has ended */
export async function recordTaskState(
  services: RecordServices,
  row: RunRecord,
  task: EcsTask,
): Promise<RunRecord | undefined> {
  const { ledger, now } = services
  const outcome = outcomeOf(row.run, task, row.container ?? row.plan.container)
  const { stopCause: _, ...changes } = outcome
  const dueAt = nextReviewAt({ ...row, ...changes }, now())
  return ledger.recordOutcome({ outcome, reason: reasonOf(services, row, outcome), dueAt })
}

/** What follows an interruption is part of its reason. */
function reasonOf(services: RecordServices, row: RunRecord, outcome: Outcome): string | undefined {
  if (outcome.stopCause === undefined) return undefined
  const sequel = interruptionSequel(services, row, outcome)
  const reason = stopReasonText(outcome.stopCause)
  return sequel === undefined ? reason : `${reason}; ${sequelText(sequel)}`
}
