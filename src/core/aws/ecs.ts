/** RunTask, StopTask, DescribeTasks: the calls. What it means where one is refused, refusals.ts says. */
import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs'
import type { TaskConfig } from '../model/config.ts'
import type { EcsTask } from '../model/ecs-task.ts'
import { type LogConfig, logConfigOf } from '../model/log-config.ts'
import type { TaskRequest } from '../model/plan.ts'
import { type Refusal, refusal, refusalOfError, refusalOfFailures } from '../model/run-task-errors.ts'

export type StartResult = { readonly kind: 'started'; readonly taskArn: string } | Refusal

/** Which ECS a task belongs to: that of its cluster's ARN, else the function's own; reached with a role of that account, where one is named. */
export type EcsHome = Pick<TaskConfig, 'cluster' | 'assumeRole'>

export interface Ecs {
  start(request: TaskRequest, clientToken: string): Promise<StartResult>
  /** Undefined: ECS does not know it (any more: stopped tasks stay visible for an hour). */
  describe(cluster: string, taskArn: string): Promise<EcsTask | undefined>
  /** @param reason comes back in the task's event; cut to 255 characters */
  stop(cluster: string, taskArn: string, reason: string): Promise<void>
  /** A container of a task definition: the one with that name, else the one that there is. */
  containerOf(taskDefinition: string, name?: string): Promise<FoundContainer | Refusal>
}

export interface FoundContainer {
  readonly kind: 'one'
  readonly name: string
  readonly logs?: LogConfig | undefined
}

export const createEcs = (client: ECSClient): Ecs => ({
  async start(request, clientToken) {
    const command = new RunTaskCommand({ ...request, clientToken })
    const isUnsure = watchTries(command)
    try {
      const { tasks, failures } = await client.send(command)
      const taskArn = tasks?.[0]?.taskArn
      return taskArn === undefined ? refusalOfFailures(failures ?? []) : { kind: 'started', taskArn }
    } catch (error) {
      return startedBefore(error) ?? { ...refusalOfError(error), ...(isUnsure() && { unsure: true }) }
    }
  },

  async describe(cluster, taskArn) {
    const { tasks, failures } = await client.send(new DescribeTasksCommand({ cluster, tasks: [taskArn] }))
    const reason = failures?.[0]?.reason ?? 'MISSING'
    if (tasks?.[0] === undefined && reason !== 'MISSING') throw new Error(`ECS does not say how the task is: ${reason}`)
    return tasks?.[0]
  },

  async stop(cluster, taskArn, reason) {
    await client.send(new StopTaskCommand({ cluster, task: taskArn, reason: reason.slice(0, 255) }))
  },

  async containerOf(taskDefinition, wanted) {
    try {
      const answer = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition }))
      const containers = answer.taskDefinition?.containerDefinitions ?? []
      const names = containers.flatMap(({ name }) => name ?? [])
      const name = wanted ?? (names.length === 1 ? names[0] : undefined)
      const logs = logConfigOf(containers.find((container) => container.name === name)?.logConfiguration)
      if (name !== undefined) return { kind: 'one', name, ...(logs !== undefined && { logs }) }
      const why = `it has the containers ${names.join(', ')}; name one in the task's "container"`
      return refusal('task-definition', `${taskDefinition}: ${why}`, why)
    } catch (error) {
      // Nothing was started by this.
      const { unsure: _, ...refused } = refusalOfError(error)
      return refused
    }
  },
})

/** The SDK tries again by itself: what it says in the end may be a refusal of the second try, and the first have started the task. */
function watchTries(command: RunTaskCommand): () => boolean {
  let unsure = false
  command.middlewareStack.add(
    (next) => async (call) => {
      try {
        return await next(call)
      } catch (error) {
        unsure ||= refusalOfError(error).unsure === true
        throw error
      }
    },
    // Inside of its retries, where each try passes.
    { name: 'watchTries', step: 'finalizeRequest', priority: 'low' },
  )
  return () => unsure
}

/** "Same token, other parameters": the task runs already, and `resourceIds` says which it is. */
function startedBefore(error: unknown): StartResult | undefined {
  if (!(error instanceof Error) || error.name !== 'ConflictException') return undefined
  const { resourceIds } = error as { resourceIds?: readonly string[] }
  return resourceIds?.[0] === undefined ? undefined : { kind: 'started', taskArn: resourceIds[0] }
}
