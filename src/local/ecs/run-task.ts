/** RunTask. It is synchronous between reading and saving the client token, so that two calls at once cannot both start a task. */
import { type ActionResult, clusterOf, type EcsApi, type Refusal, success } from './action.ts'
import { parseInput, type RunTaskInput, runTaskInput } from './action-input.ts'
import { lastPart } from './arns.ts'
import { placeOf } from './call-faults.ts'
import { type Definition, taskFor } from './catalog.ts'
import type { RunTaskResult } from './client-tokens.ts'
import { ApiError, invalidParameter } from './errors.ts'
import { brokenRule } from './run-task-rules.ts'
import { apiStoppedTask, apiTask } from './task-json.ts'
import { type LocalTask, startLocalTask, type TaskProgram } from './task-lifecycle.ts'
import { initialState, type TaskState } from './task-state.ts'

export function runTask(input: unknown, api: EcsApi, refusal?: Refusal): ActionResult {
  const { tasks, failures } = runOnce(input, api, refusal)
  return success({ tasks, failures })
}

function runOnce(rawInput: unknown, api: EcsApi, refusal: Refusal | undefined): RunTaskResult {
  const input = parseInput(runTaskInput, rawInput)
  const cluster = clusterOf(input.cluster, api)
  const definition = definitionOf(input.taskDefinition, api)
  const broken = brokenRule(input, definition.containers)
  if (broken !== undefined) throw invalidParameter(broken)

  const { clientToken: token } = input
  // The cluster is the token's scope, whether the call names it or its ARN.
  const parameters = { ...(rawInput as object), clientToken: undefined, cluster: undefined }
  const earlier = token === undefined ? undefined : api.clientTokens.find(cluster, token, parameters)
  if (earlier !== undefined) return replay(earlier, api, cluster)
  const result = refusal === undefined ? startTasks(input, definition, cluster, api) : refuse(refusal, cluster, api)
  if (token !== undefined) api.clientTokens.save(cluster, token, parameters, result)
  return result
}

function definitionOf(ref: string, { catalog }: EcsApi): Definition {
  const definition = catalog.definition(ref)
  if (definition === undefined) throw new ApiError('ClientException', 'TaskDefinition not found.')
  return definition
}

const refuse = ({ reason, detail }: Refusal, cluster: string, { arns }: EcsApi): RunTaskResult => ({
  taskArns: [],
  tasks: [],
  failures: [{ arn: arns.cluster(cluster), reason, ...(detail !== undefined && { detail }) }],
})

/** Of a task that has stopped in the meantime, AWS returns only its ARN and status. */
function replay(earlier: RunTaskResult, { store, arns }: EcsApi, cluster: string): RunTaskResult {
  const tasks = earlier.taskArns.flatMap((arn, index) => {
    const state = store.find(arns.cluster(cluster), arn)?.state()
    if (state === undefined) return []
    return [state.lastStatus === 'STOPPED' ? apiStoppedTask(state) : earlier.tasks[index]]
  })
  return { ...earlier, tasks }
}

function startTasks(input: RunTaskInput, definition: Definition, cluster: string, api: EcsApi): RunTaskResult {
  const { tags = [], count } = input
  const tasks = Array.from({ length: count }, () => startTask(input, definition, cluster, api))
  for (const task of tasks) api.store.add(task)
  return {
    taskArns: tasks.map((task) => task.state().taskArn),
    tasks: tasks.map((task) => apiTask(task.state(), tags)),
    failures: [],
  }
}

function startTask(input: RunTaskInput, definition: Definition, cluster: string, api: EcsApi): LocalTask {
  const { environment, arns, faults } = api
  const extraContainer = faults.take('containers', placeOf(input))
  const fault = faults.take('task', placeOf(input))
  const sidecar = fault?.kind === 'sidecar' ? fault : undefined
  const extraNames = [extraContainer, sidecar].flatMap((one) => one?.name ?? [])
  const containers = [...extraNames, ...definition.containers]
  const state = initialState(input, { ...definition, containers }, arns, cluster, environment.now())
  const container = containerOf(input, definition)
  const program = programOf(input, definition, container, state, api)
  const { tags = [] } = input
  return startLocalTask({ initialState: state, tags, container, program, fault, extraContainer, environment })
}

const containerOf = ({ overrides }: RunTaskInput, { containers }: Definition): string =>
  overrides?.containerOverrides?.find(({ name }) => name !== undefined)?.name ?? containers[0] ?? 'app'

function programOf(
  { overrides, tags = [] }: RunTaskInput,
  definition: Definition,
  container: string,
  { taskArn, startedBy }: TaskState,
  { onOutput }: EcsApi,
): TaskProgram {
  const task = taskFor(definition, container, tags.find(({ key }) => key === 'taskhook:task')?.value)
  if (task?.local === undefined) return { kind: 'fail', reason: noCommand(task?.name ?? definition.family) }
  const { command, cwd, image } = task.local
  const environment = (overrides?.containerOverrides ?? []).flatMap(({ name, environment = [] }) =>
    name === container ? environment : [],
  )
  const env = Object.fromEntries(environment.map(({ name, value }) => [name, value]))
  const onLine = (stream: 'stdout' | 'stderr', text: string) => onOutput?.({ taskArn, startedBy, stream, text })
  return { kind: 'run', spec: { id: lastPart(taskArn), command, cwd, image, env, onLine } }
}

const noCommand = (task: string): string =>
  `the task "${task}" has no command for this machine; add local: { command: [program, argument] } to the config`
