/** A task as JSON: in responses of the API, and in EventBridge's events. Pure. */
import { randomUUID } from 'node:crypto'
import type { EcsEvent } from '../../core/model/ecs-task.ts'
import { account, lastPart } from './arns.ts'
import type { TaskState } from './task-state.ts'

/** The times that the task has, formatted. */
function timesOf<T>({ createdAt, startedAt, stoppingAt, stoppedAt }: TaskState, format: (ms: number) => T) {
  return {
    createdAt: format(createdAt),
    ...(startedAt !== undefined && { startedAt: format(startedAt) }),
    ...(stoppingAt !== undefined && { stoppingAt: format(stoppingAt) }),
    ...(stoppedAt !== undefined && { stoppedAt: format(stoppedAt) }),
  }
}

function commonFields(state: TaskState) {
  const { subnet, createdAt: _, updatedAt: _1, startedAt: _2, stoppingAt: _3, stoppedAt: _4, ...task } = state
  const status = { PROVISIONING: 'PRECREATED', PENDING: 'ATTACHED', RUNNING: 'ATTACHED', STOPPED: 'DELETED' }
  return {
    ...task,
    availabilityZone: 'local',
    connectivity: 'CONNECTED',
    containers: task.containers.map((container) => ({ ...container, networkInterfaces: [] })),
    attachments: [
      {
        id: lastPart(task.taskArn),
        type: 'ElasticNetworkInterface',
        status: status[task.lastStatus],
        details: [{ name: 'subnetId', value: subnet }],
      },
    ],
    platformFamily: 'Linux',
  }
}

/** Times are seconds since the epoch, with a fraction, as in AWS JSON 1.1. */
export const apiTask = (task: TaskState, tags?: readonly unknown[]) => ({
  ...commonFields(task),
  ...timesOf(task, (ms) => ms / 1000),
  ...(tags !== undefined && { tags }),
})

/** All that AWS returns for a stopped task when its clientToken is used again. */
export const apiStoppedTask = ({ taskArn, lastStatus, desiredStatus }: TaskState) => ({
  taskArn,
  lastStatus,
  desiredStatus,
})

const iso = (ms: number): string => new Date(ms).toISOString()

/** As AWS sends it: without tags, with times as text, and with the environment of the overrides in plain text. */
export function taskEvent(task: TaskState, region: string): EcsEvent {
  const event = {
    version: '0',
    id: randomUUID(),
    'detail-type': 'ECS Task State Change',
    source: 'aws.ecs',
    account,
    time: iso(task.updatedAt).replace(/\.\d+/, ''),
    region,
    resources: [task.taskArn],
    detail: { ...commonFields(task), ...timesOf(task, iso), updatedAt: iso(task.updatedAt) },
  }
  return event
}
