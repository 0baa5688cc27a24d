/** ECS event → Outcome: the state of a run's task. Pure. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html */
import type { EcsEvent, EcsTask } from './ecs-task.ts'
import { type RunStatus, runOfStartedBy } from './run.ts'
import { type StopCause, stopCauseOf, stopTaskReasons } from './stop-cause.ts'

export interface Outcome {
  readonly run: string
  readonly taskArn: string
  /** Grows with every change of the task; an event with a lower or equal one is old. */
  readonly version: number
  readonly status: RunStatus
  readonly exitCode?: number
  /** Why the task stopped, unless the run succeeded. */
  readonly stopCause?: StopCause
  /** Spot took its capacity back. */
  readonly interrupted?: true
  /** ISO 8601. */
  readonly startedAt?: string
  readonly stoppedAt?: string
}

/** The run that an event is about; undefined: taskhook did not start the task, or the event is about something else. */
export function runOfEvent(event: EcsEvent): string | undefined {
  if (event.source !== 'aws.ecs' || event['detail-type'] !== 'ECS Task State Change') return undefined
  return runOfStartedBy(event.detail?.startedBy)
}

/**
 * Anyone who may run tasks can choose `startedBy`, but not the cluster of another task.
 * @param cluster of the plan: a name, or an ARN
 */
export function isOfCluster({ detail }: EcsEvent, cluster: string): boolean {
  const at = detail?.clusterArn
  if (at === undefined) return true
  return cluster.startsWith('arn:') ? at === cluster : at.endsWith(`:cluster/${cluster}`)
}

/** @param container the one whose exit code is the run's: AWS may inject others */
export function outcomeOf(run: string, task: EcsTask, container: string | undefined): Outcome {
  const base = {
    run,
    taskArn: task.taskArn ?? '',
    version: task.version ?? 0,
    ...dated('startedAt', task.startedAt),
    ...dated('stoppedAt', task.stoppedAt),
  }
  if (task.lastStatus !== 'STOPPED') return { ...base, status: activeStatusOf(task.lastStatus) }
  const ours = task.containers?.find(({ name }) => name === container)
  const status = finalStatusOf(task, ours?.exitCode)
  return {
    ...base,
    status,
    // Absent, not 0, if the container never ran.
    ...(ours?.exitCode !== undefined && { exitCode: ours.exitCode }),
    ...(status !== 'succeeded' && { stopCause: stopCauseOf(task, ours) }),
    ...(status !== 'succeeded' && task.stopCode === 'SpotInterruption' && { interrupted: true }),
  }
}

const dated = (key: 'startedAt' | 'stoppedAt', at: string | Date | undefined) =>
  at === undefined ? {} : { [key]: new Date(at).toISOString() }

/** DEACTIVATING and STOPPING come after RUNNING; the task has not ended before STOPPED. */
const activeStatusOf = (lastStatus: string | undefined): RunStatus =>
  lastStatus === undefined || ['PROVISIONING', 'PENDING', 'ACTIVATING'].includes(lastStatus) ? 'starting' : 'running'

function finalStatusOf(task: EcsTask, exitCode: number | undefined): RunStatus {
  if (task.stopCode === 'TaskFailedToStart') return 'failed-to-start'
  if (task.stopCode === 'UserInitiated') {
    if (task.stoppedReason?.startsWith(stopTaskReasons.timeout)) return 'timed-out'
    return 'cancelled'
  }
  if (exitCode === 0) return 'succeeded'
  return exitCode === undefined && task.startedAt === undefined ? 'failed-to-start' : 'failed'
}
