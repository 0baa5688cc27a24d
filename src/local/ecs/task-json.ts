/** A task as it goes over the wire: in answers of the API, and in EventBridge's events. Pure. */
import { randomUUID } from 'node:crypto'
import type { EcsEvent } from '../../core/model/ecs-task.ts'
import { account, lastPart } from './arns.ts'
import type { TaskState } from './task-state.ts'

/** The times of a task, in the one format or the other; those that it has. */
function timesOf<T>({ createdAt, startedAt, stoppingAt, stoppedAt }: TaskState, format: (ms: number) => T) {
  return {
    createdAt: format(createdAt),
    ...(startedAt !== undefined && { startedAt: format(startedAt) }),
    ...(stoppingAt !== undefined && { stoppingAt: format(stoppingAt) }),
    ...(stoppedAt !== undefined && { stoppedAt: format(stoppedAt) }),
  }
}

function shared(state: TaskState) {
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

/** AWS JSON 1.1 counts time in seconds since the epoch, with a fraction. */
export const apiTask = (task: TaskState, tags?: readonly unknown[]) => ({
  ...shared(task),
  ...timesOf(task, (ms) => ms / 1000),
  ...(tags !== undefined && { tags }),
})

/** All that AWS still says of a stopped task when its token comes back. */
export const apiStoppedTask = ({ taskArn, lastStatus, desiredStatus }: TaskState) => ({
  taskArn,
  lastStatus,
  desiredStatus,
})

const iso = (ms: number): string => new Date(ms).toISOString()

/** An event has no tags, times as text, and the environment of the overrides in clear: as AWS sends it. */
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
    detail: { ...shared(task), ...timesOf(task, iso), updatedAt: iso(task.updatedAt) },
  }
  return event
}
