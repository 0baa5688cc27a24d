/** A task and how it changes. Pure: each change makes a new one, with a higher version. Times are milliseconds since the epoch. */

import type { RunTaskInput } from './action-input.ts'
import type { Names } from './arns.ts'
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

export function firstState(input: RunTaskInput, definition: Definition, names: Names, cluster: string, now: number) {
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
  // FARGATE_SPOT is no launch type: AWS says FARGATE, and names the provider beside it.
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

/** It is to end, by StopTask or for a reason of AWS's own; the first reason stays. */
export const stopping = (task: TaskState, now: number, stopCode: StopCode, stoppedReason: string): TaskState =>
  change(task, now, { desiredStatus: 'STOPPED', stoppingAt: now, stopCode, stoppedReason })

/** One container has ended, which the task may survive. */
export const ended = (task: TaskState, now: number, container: string, exitCode: number): TaskState =>
  change(task, now, {
    containers: task.containers.map((one) =>
      one.name === container ? { ...one, lastStatus: 'STOPPED', exitCode } : one,
    ),
  })

export type Ending =
  /** @property containerReason why the container ended, in its own words: `OutOfMemoryError: …` */
  | { readonly kind: 'exited'; readonly exitCode: number; readonly containerReason?: string }
  /** It ran, and nobody knows how it ended. */
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'failed-to-start'; readonly reason: string }

/** The end. What StopTask said before stays, however the program took it. */
export function stopped(task: TaskState, now: number, container: string, ending: Ending): TaskState {
  const { stopCode = stopCodeOf(ending), stoppedReason = stoppedReasonOf(ending) } = task
  const containerReason = ending.kind === 'exited' ? ending.containerReason : undefined
  const its = {
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
      ...(one.name === container && its),
    })),
  })
}

const stopCodeOf = ({ kind }: Ending) => (kind === 'failed-to-start' ? 'TaskFailedToStart' : 'EssentialContainerExited')

const stoppedReasonOf = (ending: Ending): string =>
  'reason' in ending ? ending.reason : 'Essential container in task exited'
