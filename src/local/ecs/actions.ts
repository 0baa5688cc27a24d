/** The actions of the API by name, and the short ones themselves. */
import { type EcsAction, ecsActions } from '../faults/ecs-fault-kinds.ts'
import { type Action, clusterOf, success } from './action.ts'
import { describeTaskDefinitionInput, describeTasksInput, parseInput, stopTaskInput } from './action-input.ts'
import { ApiError, invalidParameter } from './errors.ts'
import { listTasks } from './list-tasks.ts'
import { runTask } from './run-task.ts'
import { apiTask } from './task-json.ts'

const describeTasks: Action = (input, api, refusal) => {
  const { cluster, tasks: refs, include = [] } = parseInput(describeTasksInput, input)
  const clusterArn = api.arns.cluster(clusterOf(cluster, api))
  if (refs.length === 0) throw invalidParameter('Tasks cannot be empty.')
  if (refs.length > 100) throw invalidParameter('Tasks can have at most 100 items.')
  if (refusal !== undefined) {
    const { kind: _, ...failure } = refusal
    return success({ tasks: [], failures: refs.map((arn) => ({ arn, ...failure })) })
  }
  const results = refs.map((ref) => ({ ref, task: api.store.find(clusterArn, ref) }))
  return success({
    tasks: results.flatMap(({ task }) =>
      task === undefined ? [] : [apiTask(task.state(), include.includes('TAGS') ? task.tags() : undefined)],
    ),
    failures: results.flatMap(({ ref, task }) =>
      task === undefined ? [{ arn: ref.startsWith('arn:') ? ref : `${clusterArn}/${ref}`, reason: 'MISSING' }] : [],
    ),
  })
}

const stopTask: Action = (input, api) => {
  const { cluster, task: ref, reason = 'Task stopped by user' } = parseInput(stopTaskInput, input)
  const clusterArn = api.arns.cluster(clusterOf(cluster, api))
  if (reason.length > 255) throw invalidParameter('reason must be at most 255 characters.')
  const task = api.store.find(clusterArn, ref)
  if (task === undefined) throw invalidParameter('The referenced task was not found.')
  task.stop(reason)
  return success({ task: apiTask(task.state()) })
}

const describeTaskDefinition: Action = (input, { catalog, arns }) => {
  const { taskDefinition } = parseInput(describeTaskDefinitionInput, input)
  const definition = catalog.definition(taskDefinition)
  if (definition === undefined) throw new ApiError('ClientException', 'Unable to describe task definition.')
  const { family, revision, containers } = definition
  return success({
    taskDefinition: {
      taskDefinitionArn: arns.taskDefinition(family, revision),
      family,
      revision,
      containerDefinitions: containers.map((name) => ({ name, essential: true, environment: [] })),
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      status: 'ACTIVE',
    },
  })
}

const actions: Readonly<Record<EcsAction, Action>> = {
  RunTask: runTask,
  DescribeTasks: describeTasks,
  ListTasks: listTasks,
  StopTask: stopTask,
  DescribeTaskDefinition: describeTaskDefinition,
}

export function findAction(name: string): readonly [EcsAction, Action] | undefined {
  const known = ecsActions.find((action) => action === name)
  return known === undefined ? undefined : [known, actions[known]]
}
