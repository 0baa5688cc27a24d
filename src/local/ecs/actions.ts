/** The actions that this endpoint knows, by their names in the API. */

import { type EcsAction, ecsActions } from '../faults/ecs-fault-kinds.ts'
import type { Action } from './action.ts'
import { answer, clusterOf } from './action.ts'
import { describeTaskDefinitionInput, describeTasksInput, read, stopTaskInput } from './action-input.ts'
import { ApiError, invalidParameter } from './errors.ts'
import { listTasks } from './list-tasks.ts'
import { runTask } from './run-task.ts'
import { apiTask } from './task-json.ts'

const describeTasks: Action = (input, api, refusal) => {
  const { cluster, tasks, include = [] } = read(describeTasksInput, input)
  const clusterArn = api.names.cluster(clusterOf(cluster, api))
  if (tasks.length === 0) throw invalidParameter('Tasks cannot be empty.')
  if (tasks.length > 100) throw invalidParameter('Tasks can have at most 100 items.')
  if (refusal !== undefined) {
    const { kind: _, ...failure } = refusal
    return answer({ tasks: [], failures: tasks.map((arn) => ({ arn, ...failure })) })
  }
  const found = tasks.map((task) => ({ task, life: api.store.find(clusterArn, task) }))
  return answer({
    tasks: found.flatMap(({ life }) =>
      life === undefined ? [] : [apiTask(life.state(), include.includes('TAGS') ? life.tags() : undefined)],
    ),
    failures: found.flatMap(({ task, life }) =>
      life === undefined ? [{ arn: task.startsWith('arn:') ? task : `${clusterArn}/${task}`, reason: 'MISSING' }] : [],
    ),
  })
}

const stopTask: Action = (input, api) => {
  const { cluster, task, reason = 'Task stopped by user' } = read(stopTaskInput, input)
  const clusterArn = api.names.cluster(clusterOf(cluster, api))
  if (reason.length > 255) throw invalidParameter('reason must be at most 255 characters.')
  const life = api.store.find(clusterArn, task)
  if (life === undefined) throw invalidParameter('The referenced task was not found.')
  life.stop(reason)
  return answer({ task: apiTask(life.state()) })
}

const describeTaskDefinition: Action = (input, { catalog, names }) => {
  const { taskDefinition } = read(describeTaskDefinitionInput, input)
  const definition = catalog.definition(taskDefinition)
  if (definition === undefined) throw new ApiError('ClientException', 'Unable to describe task definition.')
  const { family, revision, containers } = definition
  return answer({
    taskDefinition: {
      taskDefinitionArn: names.taskDefinition(family, revision),
      family,
      revision,
      containerDefinitions: containers.map((name) => ({ name, essential: true, environment: [] })),
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      status: 'ACTIVE',
    },
  })
}

const all: Readonly<Record<EcsAction, Action>> = {
  RunTask: runTask,
  DescribeTasks: describeTasks,
  ListTasks: listTasks,
  StopTask: stopTask,
  DescribeTaskDefinition: describeTaskDefinition,
}

export const actionOf = (name: string): readonly [EcsAction, Action] | undefined =>
  ecsActions.flatMap((known) => (known === name ? [[known, all[known]] as const] : []))[0]
