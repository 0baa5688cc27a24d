/** A task that its run does not need: it started after the run had ended, or beside the run's own task. */
import type { EcsTask } from '../model/ecs-task.ts'
import { isTerminal } from '../model/run.ts'
import type { RunRecord } from '../model/run-record.ts'
import { cancelReasonFor } from '../model/stop-cause.ts'
import type { Services } from '../services.ts'
import { runContext } from '../telemetry/run-log.ts'

type StrayServices = Pick<Services, 'ecs' | 'log'>

/** Stops the task only if it is stray. Old events of the run's own task come here as well. */
export async function stopIfStray(services: StrayServices, row: RunRecord, task: EcsTask): Promise<void> {
  const { taskArn: strayArn, lastStatus } = task
  const { status, taskArn, plan, cancelBy = 'taskhook' } = row
  const isStray = taskArn === undefined ? isTerminal(status) : taskArn !== strayArn
  if (!isStray || strayArn === undefined || lastStatus === 'STOPPED') return
  services.log.warn(`stopping a task that its run, which is ${status}, does not need`, runContext(row))
  const ecs = await services.ecs(plan.settings)
  await ecs.stopTask(plan.settings.cluster, strayArn, cancelReasonFor(cancelBy))
}
