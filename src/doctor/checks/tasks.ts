/** Each task's cluster, task definition and container. container-log.ts checks where the container logs. */
import {
  type Cluster,
  type ContainerDefinition,
  DescribeClustersCommand,
  type TaskDefinition,
} from '@aws-sdk/client-ecs'
import { type Finding, ok, problem, unknown } from '../../core/model/checkup.ts'
import type { TaskConfig } from '../../core/model/config.ts'
import type { DoctorContext } from '../account/context.ts'
import { getIfExists } from '../account/get-if-exists.ts'
import { getTaskDefinition, locationOf, tasksInThisAccount } from '../account/task-resources.ts'
import type { Check } from './check.ts'
import { containerLogFaults } from './container-log.ts'

export const tasks: Check = {
  about: 'tasks',
  async run(context) {
    const here = tasksInThisAccount(context)
    const elsewhere = Object.values(context.config.tasks).filter((task) => !here.includes(task))
    const found = await Promise.all(here.map((task) => checkTask(task, context)))
    return [
      ...found.flat(),
      ...elsewhere.map((task) =>
        unknown(
          `${task.name} runs in account ${locationOf(task, context).account}`,
          'also run doctor with credentials of that account',
        ),
      ),
    ]
  },
}

async function checkTask(task: TaskConfig, context: DoctorContext): Promise<Finding[]> {
  const { name, taskDefinition } = task
  const ecs = context.aws.ecs(locationOf(task, context).region)
  const [clusters, definition] = await Promise.all([
    getIfExists(ecs.send(new DescribeClustersCommand({ clusters: [task.cluster] }))),
    getTaskDefinition(task, context),
  ])
  const ofCluster = clusterFaults(task, clusters?.clusters?.[0])
  if (definition === undefined)
    return [
      ...ofCluster,
      problem(
        `${name}: there is no task definition ${taskDefinition}`,
        'register it, or correct taskDefinition in the config',
      ),
    ]
  const container = containerOf(task, definition)
  const findings = [
    ...ofCluster,
    ...definitionFaults(task, definition),
    ...(container === undefined ? [containerFault(task, definition)] : parameterFaults(task, container)),
    ...(container === undefined ? [] : await containerLogFaults(task, container, context)),
  ]
  if (findings.length > 0) return findings
  return [ok(`${name}: task definition ${taskDefinition} on cluster ${task.cluster}, with a log`)]
}

function clusterFaults({ name, cluster, capacity }: TaskConfig, found: Cluster | undefined): Finding[] {
  if (found?.status !== 'ACTIVE') {
    const state = found?.status === undefined ? 'does not exist' : `is ${found.status.toLowerCase()}`
    return [problem(`${name}: the cluster ${cluster} ${state}`, 'create it, or correct cluster in the config')]
  }
  const missing = capacity.filter(
    (provider) => provider !== 'FARGATE' && !(found.capacityProviders ?? []).includes(provider),
  )
  return missing.map((provider) =>
    problem(
      `${name}: the cluster ${cluster} has no capacity provider ${provider}`,
      `aws ecs put-cluster-capacity-providers --cluster ${cluster} --capacity-providers FARGATE ${provider} --default-capacity-provider-strategy capacityProvider=FARGATE`,
    ),
  )
}

function containerOf({ container }: TaskConfig, { containerDefinitions = [] }: TaskDefinition) {
  if (container !== undefined) return containerDefinitions.find(({ name }) => name === container)
  return containerDefinitions.length === 1 ? containerDefinitions[0] : undefined
}

function containerFault({ name, container, taskDefinition }: TaskConfig, definition: TaskDefinition): Finding {
  const names = (definition.containerDefinitions ?? []).map((each) => each.name).join(', ')
  return problem(
    container === undefined
      ? `${name}: ${taskDefinition} has the containers ${names}, and the config does not say which one to use`
      : `${name}: ${taskDefinition} has no container "${container}"; it has ${names}`,
    'name one of them as the task’s container',
  )
}

function definitionFaults({ name, taskDefinition }: TaskConfig, definition: TaskDefinition): Finding[] {
  const { status, networkMode, requiresCompatibilities = [], compatibilities = [] } = definition
  const findings: Finding[] = []
  if (status !== undefined && status !== 'ACTIVE')
    findings.push(problem(`${name}: ${taskDefinition} is ${status.toLowerCase()}`, 'register a new revision of it'))
  if (![...requiresCompatibilities, ...compatibilities].includes('FARGATE') || networkMode !== 'awsvpc')
    findings.push(
      problem(
        `${name}: ${taskDefinition} cannot run on Fargate`,
        'register a revision with requiresCompatibilities FARGATE and networkMode awsvpc',
      ),
    )
  return findings
}

/** RunTask fails with "The secret name must be unique and not shared with any new or existing environment variables". */
const parameterFaults = (
  { name, params }: TaskConfig,
  { secrets = [], name: container }: ContainerDefinition,
): Finding[] =>
  Object.entries(params)
    .filter(([, { env }]) => secrets.some((secret) => secret.name === env))
    .map(([param, { env }]) =>
      problem(
        `${name}: the parameter "${param}" sets ${env}, which ${container} has as a secret: ECS refuses to start the task`,
        'give the parameter another env, or remove the secret from the task definition',
      ),
    )
