/**
 * RunTask, StopTask, DescribeTasks, and what their errors mean. RunTask answers 200 with `failures[]`, hides throttling in an
 * InvalidParameterException and remembers tokens: each case is named here once, and nowhere else.
 */
import {
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  type Failure,
  RunTaskCommand,
  StopTaskCommand,
} from '@aws-sdk/client-ecs'
import type { TaskConfig } from './config/types.ts'
import { messageOf } from './errors.ts'
import { type LogConfig, logConfigOf } from './logs.ts'
import type { EcsTask } from './outcome.ts'
import type { TaskRequest } from './plan.ts'

export type StartResult = { readonly kind: 'started'; readonly taskArn: string } | StartFault

export type StartFault =
  /** The call got lost or was throttled: the same token again. */
  | { readonly kind: 'soon'; readonly reason: string }
  /** Not here: the next subnet or capacity. `lasting`: where it fails everywhere, waiting will not help. */
  | { readonly kind: 'elsewhere'; readonly reason: string; readonly lasting: boolean }
  /** A quota: back to the queue. */
  | { readonly kind: 'later'; readonly reason: string }
  /** A person must change something. */
  | { readonly kind: 'never'; readonly reason: string }

/** Which ECS a task belongs to: that of its cluster's ARN, else the function's own; reached with a role of that account, where one is named. */
export type EcsHome = Pick<TaskConfig, 'cluster' | 'assumeRole'>

export interface Ecs {
  start(request: TaskRequest, clientToken: string): Promise<StartResult>
  /** Undefined: ECS does not know it (any more: stopped tasks stay visible for an hour). */
  describe(cluster: string, taskArn: string): Promise<EcsTask | undefined>
  /** @param reason comes back in the task's event; cut to 255 characters */
  stop(cluster: string, taskArn: string, reason: string): Promise<void>
  /** A container of a task definition: the one with that name, else the one that there is. */
  containerOf(taskDefinition: string, name?: string): Promise<FoundContainer | StartFault>
}

export interface FoundContainer {
  readonly kind: 'one'
  readonly name: string
  readonly logs?: LogConfig | undefined
}

export const createEcs = (client: ECSClient): Ecs => ({
  async start(request, clientToken) {
    try {
      const { tasks, failures } = await client.send(new RunTaskCommand({ ...request, clientToken }))
      const taskArn = tasks?.[0]?.taskArn
      return taskArn === undefined ? failureFault(failures ?? []) : { kind: 'started', taskArn }
    } catch (error) {
      return startedBefore(error) ?? errorFault(error)
    }
  },

  async describe(cluster, taskArn) {
    const { tasks } = await client.send(new DescribeTasksCommand({ cluster, tasks: [taskArn] }))
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
      return {
        kind: 'never',
        reason: `${taskDefinition} has the containers ${names.join(', ')}; name one in the task's "container"`,
      }
    } catch (error) {
      return errorFault(error)
    }
  },
})

/** "Same token, other parameters": the task runs already, and `resourceIds` says which it is. */
function startedBefore(error: unknown): StartResult | undefined {
  if (!(error instanceof Error) || error.name !== 'ConflictException') return undefined
  const { resourceIds } = error as { resourceIds?: readonly string[] }
  return resourceIds?.[0] === undefined ? undefined : { kind: 'started', taskArn: resourceIds[0] }
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html */
function failureFault(failures: readonly Failure[]): StartFault {
  const [first] = failures
  if (first === undefined) return { kind: 'soon', reason: 'RunTask started nothing and gave no reason' }
  const reason = [first.reason, first.detail].filter(Boolean).join(': ')
  if (/^(RESOURCE|AGENT)\b|capacity/i.test(reason)) return { kind: 'elsewhere', reason, lasting: false }
  return { kind: 'never', reason: reason || 'RunTask failed without a reason' }
}

const throttles = new Set(['ThrottlingException', 'TooManyRequestsException', 'RequestLimitExceeded'])
/** These say one thing only. Their messages are not looked at: they quote names, and a task definition may be called "quota-report". */
const plain = new Set([
  'AccessDeniedException',
  // STS calls it so: the role may not be assumed.
  'AccessDenied',
  'UnrecognizedClientException',
  'ClusterNotFoundException',
  'BlockedException',
  'PlatformUnknownException',
  'PlatformTaskDefinitionIncompatibilityException',
  'UnsupportedFeatureException',
])
/** These may also hide throttling, capacity and quotas. */
const vague = new Set(['ClientException', 'InvalidParameterException', 'ConflictException'])

function errorFault(error: unknown): StartFault {
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  const reason = `${name}: ${messageOf(error)}`
  if (plain.has(name)) return { kind: 'never', reason }
  // Throttling comes under several names, and inside an InvalidParameterException.
  if (throttles.has(name) || /rate exceeded|throttl/i.test(message)) return { kind: 'soon', reason }
  if (/capacity is unavailable|insufficient capacity/i.test(message))
    return { kind: 'elsewhere', reason, lasting: false }
  if (/limit on the number of|quota|limit exceeded/i.test(message)) return { kind: 'later', reason }
  if (/subnet|network interface|\beni\b|availability zone/i.test(message))
    return { kind: 'elsewhere', reason, lasting: true }
  if (vague.has(name)) return { kind: 'never', reason }
  // Server errors, time-outs, connections that broke: it may or may not have started, and the same token tells.
  return { kind: 'soon', reason }
}
