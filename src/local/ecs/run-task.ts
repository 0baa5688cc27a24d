/** RunTask. Between the look at the token and the note of it nothing waits, so two calls at once cannot both start a task. */

import { type Answer, type Api, answer, clusterOf, type Refusal } from './action.ts'
import { type RunTaskInput, read, runTaskInput } from './action-input.ts'
import { lastPart } from './arns.ts'
import { placeOf } from './call-faults.ts'
import { type Definition, taskFor } from './catalog.ts'
import type { StartAnswer } from './client-tokens.ts'
import { ApiError, invalidParameter } from './errors.ts'
import { brokenRule } from './run-task-rules.ts'
import { apiStoppedTask, apiTask } from './task-json.ts'
import { createTaskLifecycle, type TaskLifecycle, type TaskLifecycleOptions } from './task-lifecycle.ts'
import { firstState, type TaskState } from './task-state.ts'

export function runTask(input: unknown, api: Api, refusal?: Refusal): Answer {
  const { tasks, failures } = startOnce(input, api, refusal)
  return answer({ tasks, failures })
}

function startOnce(raw: unknown, api: Api, refusal: Refusal | undefined): StartAnswer {
  const input = read(runTaskInput, raw)
  const cluster = clusterOf(input.cluster, api)
  const definition = definitionOf(input.taskDefinition, api)
  const broken = brokenRule(input, definition.containers)
  if (broken !== undefined) throw invalidParameter(broken)

  const { clientToken: token } = input
  // The cluster is the token's scope, under its name or its ARN.
  const parameters = { ...(raw as object), clientToken: undefined, cluster: undefined }
  const before = token === undefined ? undefined : api.tokens.recall(cluster, token, parameters)
  if (before !== undefined) return replayOf(before, api, cluster)
  const now = refusal === undefined ? start(input, definition, cluster, api) : refused(refusal, cluster, api)
  if (token !== undefined) api.tokens.remember(cluster, token, parameters, now)
  return now
}

function definitionOf(ref: string, { catalog }: Api): Definition {
  const definition = catalog.definition(ref)
  if (definition === undefined) throw new ApiError('ClientException', 'TaskDefinition not found.')
  return definition
}

const refused = ({ reason, detail }: Refusal, cluster: string, { names }: Api): StartAnswer => ({
  taskArns: [],
  tasks: [],
  failures: [{ arn: names.cluster(cluster), reason, ...(detail !== undefined && { detail }) }],
})

/** Of a task that has stopped since, AWS only says that. */
function replayOf(before: StartAnswer, { store, names }: Api, cluster: string): StartAnswer {
  const tasks = before.taskArns.flatMap((arn, index) => {
    const state = store.find(names.cluster(cluster), arn)?.state()
    if (state === undefined) return []
    return [state.lastStatus === 'STOPPED' ? apiStoppedTask(state) : before.tasks[index]]
  })
  return { ...before, tasks }
}

function start(input: RunTaskInput, definition: Definition, cluster: string, api: Api): StartAnswer {
  const { tags = [] } = input
  const lives = Array.from({ length: input.count }, (): TaskLifecycle => {
    const injected = api.faults.take('containers', placeOf(input))
    const fault = api.faults.take('task', placeOf(input))
    const others = [injected, fault?.kind === 'sidecar' ? fault : undefined].flatMap((one) => one?.name ?? [])
    const containers = [...others, ...definition.containers]
    const first = firstState(input, { ...definition, containers }, api.names, cluster, api.world.now())
    const container = containerOf(input, definition)
    const work = workOf(input, definition, container, first, api)
    return createTaskLifecycle({ first, tags, container, work, fault, injected, world: api.world })
  })
  for (const life of lives) api.store.add(life)
  return {
    taskArns: lives.map((life) => life.state().taskArn),
    tasks: lives.map((life) => apiTask(life.state(), tags)),
    failures: [],
  }
}

const containerOf = ({ overrides }: RunTaskInput, { containers }: Definition): string =>
  overrides?.containerOverrides?.find(({ name }) => name !== undefined)?.name ?? containers[0] ?? 'app'

function workOf(
  { overrides, tags = [] }: RunTaskInput,
  definition: Definition,
  container: string,
  { taskArn, startedBy }: TaskState,
  { onOutput }: Api,
): TaskLifecycleOptions['work'] {
  const task = taskFor(definition, container, tags.find(({ key }) => key === 'taskhook:task')?.value)
  if (task?.local === undefined) return { kind: 'fail', reason: nothingToRun(task?.name ?? definition.family) }
  const { command, cwd, image } = task.local
  const environment = (overrides?.containerOverrides ?? []).flatMap(({ name, environment = [] }) =>
    name === container ? environment : [],
  )
  const env = Object.fromEntries(environment.map(({ name, value }) => [name, value]))
  const onLine = (stream: 'stdout' | 'stderr', text: string) => onOutput?.({ taskArn, startedBy, stream, text })
  return { kind: 'run', spec: { id: lastPart(taskArn), command, cwd, image, env, onLine } }
}

const nothingToRun = (task: string): string =>
  `the task "${task}" has nothing to run on this machine; give it local: { command: [program, argument] } in the config`
