/** The state of a task and its transitions. Each returns a new state with a higher version. Times are milliseconds since the epoch. Pure. */
import type { RunTaskInput } from './action-input.ts'
import type { Arns } from './arns.ts'
import type { Definition } from './catalog.ts'

export interface Container {
  readonly containerArn: string
  readonly taskArn: string
  readonly name: string
  readonly lastStatus: string
  readonly exitCode?: number
  readonly reason?: string
}

export interface TaskState {
  readonly taskArn: string
  readonly clusterArn: string
  readonly taskDefinitionArn: string
  readonly group: string
  readonly startedBy?: string
  readonly launchType?: string
  readonly capacityProviderName?: string
  readonly platformVersion: string
  readonly cpu: string
  readonly memory: string
  readonly subnet: string
  readonly overrides: NonNullable<RunTaskInput['overrides']>
  readonly containers: readonly Container[]
  readonly desiredStatus: 'RUNNING' | 'STOPPED'
  readonly lastStatus: 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'STOPPED'
  readonly version: number
  readonly createdAt: number
  readonly updatedAt: number
  readonly startedAt?: number
  readonly stoppingAt?: number
  readonly stoppedAt?: number
  readonly stopCode?: StopCode
  readonly stoppedReason?: string
}

export type StopCode =
  | 'EssentialContainerExited'
  | 'TaskFailedToStart'
  | 'UserInitiated'
  | 'SpotInterruption'
  | 'TerminationNotice'

export function initialState(input: RunTaskInput, definition: Definition, names: Arns, cluster: string, now: number) {
  const taskArn = names.task(cluster)
  const { startedBy, overrides = { containerOverrides: [] } } = input
  const state: TaskState = {
    taskArn,
    clusterArn: names.cluster(cluster),
    taskDefinitionArn: names.taskDefinition(definition.family, definition.revision),
    group: input.group ?? `family:${definition.family}`,
    ...(startedBy !== undefined && { startedBy }),
    ...capacityOf(input),
    platformVersion: (input.platformVersion ?? 'LATEST') === 'LATEST' ? '1.4.0' : (input.platformVersion ?? ''),
    cpu: overrides.cpu ?? '256',
    memory: overrides.memory ?? '512',
    subnet: input.networkConfiguration?.awsvpcConfiguration?.subnets?.[0] ?? '',
    overrides,
    containers: definition.containers.map((name) => ({
      containerArn: names.container(cluster, taskArn),
      taskArn,
      name,
      lastStatus: 'PENDING',
    })),
    desiredStatus: 'RUNNING',
    lastStatus: 'PROVISIONING',
    version: 1,
    createdAt: now,
    updatedAt: now,
  }
  return state
}

function capacityOf({ launchType, capacityProviderStrategy }: RunTaskInput) {
  const provider = capacityProviderStrategy?.[0]?.capacityProvider
  if (provider === undefined) return launchType === undefined ? {} : { launchType }
  // FARGATE_SPOT is not a launch type. AWS returns FARGATE, and the provider in addition.
  return { capacityProviderName: provider, launchType: provider.startsWith('FARGATE') ? 'FARGATE' : 'EC2' }
}

const change = (task: TaskState, now: number, patch: Partial<TaskState>): TaskState => ({
  ...task,
  ...patch,
  version: task.version + 1,
  updatedAt: now,
})

export const pending = (task: TaskState, now: number): TaskState => change(task, now, { lastStatus: 'PENDING' })

export const running = (task: TaskState, now: number, container: string): TaskState =>
  change(task, now, {
    lastStatus: 'RUNNING',
    startedAt: now,
    containers: task.containers.map((one) => (one.name === container ? { ...one, lastStatus: 'RUNNING' } : one)),
  })

/** StopTask was called, or AWS stops the task. The reason stays. */
export const stopping = (task: TaskState, now: number, stopCode: StopCode, stoppedReason: string): TaskState =>
  change(task, now, { desiredStatus: 'STOPPED', stoppingAt: now, stopCode, stoppedReason })

/** One container has exited. The task can continue. */
export const containerExited = (task: TaskState, now: number, container: string, exitCode: number): TaskState =>
  change(task, now, {
    containers: task.containers.map((one) =>
      one.name === container ? { ...one, lastStatus: 'STOPPED', exitCode } : one,
    ),
  })

export type TaskEnding =
  /** @property containerReason the container's own reason: `OutOfMemoryError: …` */
  | { readonly kind: 'exited'; readonly exitCode: number; readonly containerReason?: string }
  /** It ran, and ECS does not know how it ended. */
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'failed-to-start'; readonly reason: string }

/** The task has stopped. The reason of an earlier StopTask stays, whatever the exit code is. */
export function stopped(task: TaskState, now: number, container: string, ending: TaskEnding): TaskState {
  const { stopCode = stopCodeOf(ending), stoppedReason = stoppedReasonOf(ending) } = task
  const containerReason = ending.kind === 'exited' ? ending.containerReason : undefined
  const result = {
    ...(ending.kind === 'exited' && { exitCode: ending.exitCode }),
    ...(containerReason !== undefined && { reason: containerReason }),
  }
  return change(task, now, {
    desiredStatus: 'STOPPED',
    lastStatus: 'STOPPED',
    stoppingAt: task.stoppingAt ?? now,
    stoppedAt: now,
    stopCode,
    stoppedReason,
    containers: task.containers.map((one) => ({
      ...one,
      lastStatus: 'STOPPED',
      ...(one.name === container && result),
    })),
  })
}

const stopCodeOf = ({ kind }: TaskEnding) =>
  kind === 'failed-to-start' ? 'TaskFailedToStart' : 'EssentialContainerExited'

const stoppedReasonOf = (ending: TaskEnding): string =>
  'reason' in ending ? ending.reason : 'Essential container in task exited'
