/** The calls of ECS: RunTask, StopTask, DescribeTasks. `model/run-task-errors.ts` says what a refusal means. */
import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs'
import type { TaskConfig } from '../model/config.ts'
import type { EcsTask } from '../model/ecs-task.ts'
import { type LogConfig, logConfigOf } from '../model/log-config.ts'
import type { TaskRequest } from '../model/plan.ts'
import { type Refusal, refusal, refusalOfError, refusalOfFailures } from '../model/run-task-errors.ts'

// Exported so that one late `import()` brings the client too.
export { ECSClient }

export type StartResult = { readonly kind: 'started'; readonly taskArn: string } | Refusal

/** The account and region of a task: those of its cluster's ARN, else the function's own. `assumeRole` is a role of that account. */
export type EcsHome = Pick<TaskConfig, 'cluster' | 'assumeRole'>

export interface Ecs {
  runTask(request: TaskRequest, clientToken: string): Promise<StartResult>
  /** Undefined: ECS does not know it. Stopped tasks stay visible for an hour. */
  describeTask(cluster: string, taskArn: string): Promise<EcsTask | undefined>
  /** @param reason comes back in the task's event; shortened to 255 characters */
  stopTask(cluster: string, taskArn: string, reason: string): Promise<void>
  /** A container of a task definition: the one with that name, or the only one. */
  findContainer(taskDefinition: string, name?: string): Promise<FoundContainer | Refusal>
}

export interface FoundContainer {
  readonly kind: 'found'
  readonly name: string
  readonly logs?: LogConfig | undefined
}

export const createEcs = (client: ECSClient): Ecs => ({
  async runTask(request, clientToken) {
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

  async describeTask(cluster, taskArn) {
    const { tasks, failures } = await client.send(new DescribeTasksCommand({ cluster, tasks: [taskArn] }))
    const reason = failures?.[0]?.reason ?? 'MISSING'
    if (tasks?.[0] === undefined && reason !== 'MISSING') throw new Error(`ECS does not describe the task: ${reason}`)
    return tasks?.[0]
  },

  async stopTask(cluster, taskArn, reason) {
    await client.send(new StopTaskCommand({ cluster, task: taskArn, reason: reason.slice(0, 255) }))
  },

  async findContainer(taskDefinition, wanted) {
    try {
      const answer = await client.send(new DescribeTaskDefinitionCommand({ taskDefinition }))
      const containers = answer.taskDefinition?.containerDefinitions ?? []
      const names = containers.flatMap(({ name }) => name ?? [])
      const name = wanted ?? (names.length === 1 ? names[0] : undefined)
      const logs = logConfigOf(containers.find((container) => container.name === name)?.logConfiguration)
      if (name !== undefined) return { kind: 'found', name, ...(logs !== undefined && { logs }) }
      const why = `it has the containers ${names.join(', ')}; name one in the task's "container"`
      return refusal('task-definition', `${taskDefinition}: ${why}`, why)
    } catch (error) {
      // This call starts nothing, so there is no doubt.
      const { unsure: _, ...refused } = refusalOfError(error)
      return refused
    }
  },
})

/** The SDK retries by itself: its error may be the refusal of a second try, although the first one started the task. */
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
    // Inside the SDK's retries, so it sees every try.
    { name: 'watchTries', step: 'finalizeRequest', priority: 'low' },
  )
  return () => unsure
}

/** "Same token, other parameters": an earlier call started the task, and `resourceIds` names it. */
function startedBefore(error: unknown): StartResult | undefined {
  if (!(error instanceof Error) || error.name !== 'ConflictException') return undefined
  const { resourceIds } = error as { resourceIds?: readonly string[] }
  return resourceIds?.[0] === undefined ? undefined : { kind: 'started', taskArn: resourceIds[0] }
}
