/** ListTasks: filters and pages. */
import { type Action, clusterOf, success } from './action.ts'
import { listTasksInput, parseInput } from './action-input.ts'
import { invalidParameter } from './errors.ts'
import type { TaskState } from './task-state.ts'

const statuses = ['RUNNING', 'PENDING', 'STOPPED']

export const listTasks: Action = (input, api) => {
  const { cluster, maxResults, nextToken, ...filter } = parseInput(listTasksInput, input)
  const clusterArn = api.arns.cluster(clusterOf(cluster, api))
  const { startedBy, desiredStatus = 'RUNNING', ...others } = filter
  if (startedBy !== undefined && [filter.desiredStatus, ...Object.values(others)].some((one) => one !== undefined))
    throw invalidParameter('startedBy must be the only filter that you use.')
  if (!statuses.includes(desiredStatus)) throw invalidParameter(`desiredStatus must be ${statuses.join(' | ')}.`)
  if (!(maxResults >= 1 && maxResults <= 100)) throw invalidParameter('maxResults must be between 1 and 100.')

  const matches = api.store
    .all()
    .map((task) => task.state())
    .filter((task) => task.clusterArn === clusterArn && task.desiredStatus === desiredStatus)
    .filter((task) => passes(task, filter))
    .map(({ taskArn }) => taskArn)
  const from = nextToken === undefined ? 0 : matches.indexOf(nextToken) + 1
  const taskArns = matches.slice(from, from + maxResults)
  const more = from + maxResults < matches.length
  return success({ taskArns, ...(more && { nextToken: taskArns.at(-1) }) })
}

interface Filter {
  readonly startedBy?: string | undefined
  readonly family?: string | undefined
  readonly launchType?: string | undefined
  readonly serviceName?: string | undefined
  readonly containerInstance?: string | undefined
}

function passes(task: TaskState, { startedBy, family, launchType, serviceName, containerInstance }: Filter): boolean {
  // No local task belongs to a service or a container instance.
  if (serviceName !== undefined || containerInstance !== undefined) return false
  return (
    (startedBy === undefined || task.startedBy === startedBy) &&
    (family === undefined || task.taskDefinitionArn.includes(`/${family}:`)) &&
    (launchType === undefined || task.launchType === launchType)
  )
}
