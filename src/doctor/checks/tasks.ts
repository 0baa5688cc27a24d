/** Cluster, task definition and container of each task, and where its log goes. */

import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs'
import {
  type Cluster,
  type ContainerDefinition,
  DescribeClustersCommand,
  DescribeTaskDefinitionCommand,
  type TaskDefinition,
} from '@aws-sdk/client-ecs'
import { type Finding, ok, problem, unknown, warning } from '../../core/model/checkup.ts'
import type { TaskConfig } from '../../core/model/config.ts'
import { ask } from '../clients.ts'
import { type Check, type DoctorContext, homeOf, tasksHere } from '../context.ts'

export const tasks: Check = {
  about: 'tasks',
  async look(examined) {
    const here = tasksHere(examined)
    const away = Object.values(examined.config.tasks).filter((task) => !here.includes(task))
    const found = await Promise.all(here.map((task) => lookAt(task, examined)))
    return [
      ...found.flat(),
      ...away.map((task) =>
        unknown(
          `${task.name} runs in account ${homeOf(task, examined).account}`,
          'run doctor with credentials of that account, too',
        ),
      ),
    ]
  },
}

async function lookAt(task: TaskConfig, examined: DoctorContext): Promise<Finding[]> {
  const ecs = examined.aws.ecs(homeOf(task, examined).region)
  const [clusters, described] = await Promise.all([
    ask(ecs.send(new DescribeClustersCommand({ clusters: [task.cluster] }))),
    definitionOf(task, examined),
  ])
  const cluster = clusterFaults(task, clusters?.clusters?.[0])
  if (described === undefined)
    return [
      ...cluster,
      problem(
        `${task.name}: there is no task definition ${task.taskDefinition}`,
        'register it, or mend the config’s taskDefinition',
      ),
    ]
  const container = containerOf(task, described)
  const findings = [
    ...cluster,
    ...definitionFaults(task, described),
    ...(container === undefined
      ? []
      : [...variableFaults(task, container), ...(await logFaults(task, container, examined))]),
  ]
  return findings.length > 0 ? findings : [ok(`${task.name}: ${task.taskDefinition} on ${task.cluster}, with a log`)]
}

/** Undefined: it is not there. @throws {Unanswered} */
export async function definitionOf(task: TaskConfig, examined: DoctorContext): Promise<TaskDefinition | undefined> {
  const ecs = examined.aws.ecs(homeOf(task, examined).region)
  const command = new DescribeTaskDefinitionCommand({ taskDefinition: task.taskDefinition })
  return (await ask(ecs.send(command)))?.taskDefinition
}

function clusterFaults({ name, cluster, capacity }: TaskConfig, found: Cluster | undefined): Finding[] {
  if (found?.status !== 'ACTIVE')
    return [
      problem(
        `${name}: the cluster ${cluster} is ${found?.status?.toLowerCase() ?? 'not there'}`,
        'create it, or mend the config’s cluster',
      ),
    ]
  const lacking = capacity.filter(
    (provider) => provider !== 'FARGATE' && !(found.capacityProviders ?? []).includes(provider),
  )
  return lacking.map((provider) =>
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

function definitionFaults(task: TaskConfig, definition: TaskDefinition): Finding[] {
  const { name, container, taskDefinition } = task
  const { containerDefinitions = [], status, networkMode, requiresCompatibilities, compatibilities } = definition
  const names = containerDefinitions.map((each) => each.name).join(', ')
  const findings: Finding[] = []
  if (status !== undefined && status !== 'ACTIVE')
    findings.push(problem(`${name}: ${taskDefinition} is ${status.toLowerCase()}`, 'register a new revision of it'))
  if (containerOf(task, definition) === undefined)
    findings.push(
      problem(
        container === undefined
          ? `${name}: ${taskDefinition} has the containers ${names}, and the config does not say which`
          : `${name}: ${taskDefinition} has no container "${container}"; it has ${names}`,
        'name one of them in the task’s container',
      ),
    )
  if (![...(requiresCompatibilities ?? []), ...(compatibilities ?? [])].includes('FARGATE') || networkMode !== 'awsvpc')
    findings.push(
      problem(
        `${name}: ${taskDefinition} is not for Fargate`,
        'register a revision with requiresCompatibilities FARGATE and networkMode awsvpc',
      ),
    )
  return findings
}

/** "The secret name must be unique and not shared with any new or existing environment variables": RunTask would be refused. */
const variableFaults = (
  { name, params }: TaskConfig,
  { secrets = [], name: container }: ContainerDefinition,
): Finding[] =>
  Object.entries(params)
    .filter(([, { env }]) => secrets.some((secret) => secret.name === env))
    .map(([param, { env }]) =>
      problem(
        `${name}: the parameter "${param}" sets ${env}, which ${container} has as a secret: ECS refuses to start it`,
        'give the parameter another env, or take the secret out of the task definition',
      ),
    )

async function logFaults(
  task: TaskConfig,
  container: ContainerDefinition,
  examined: DoctorContext,
): Promise<Finding[]> {
  const { logDriver, options = {} } = container.logConfiguration ?? {}
  const says = `${task.name}: no link to a log can be told`
  const give = 'give the container logDriver awslogs with awslogs-group, awslogs-region and awslogs-stream-prefix'
  if (logDriver !== 'awslogs')
    return [warning(`${says}: the container logs ${logDriver === undefined ? 'nowhere' : `by ${logDriver}`}`, give)]
  if (!options['awslogs-stream-prefix']) return [warning(`${says}: its log has no awslogs-stream-prefix`, give)]
  const group = options['awslogs-group'] ?? ''
  const region = options['awslogs-region'] ?? homeOf(task, examined).region
  const logs = examined.aws.logs(region)
  const answer = await ask(logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: group })))
  const exists = (answer?.logGroups ?? []).some(({ logGroupName }) => logGroupName === group)
  if (exists || options['awslogs-create-group'] === 'true') return []
  return [
    problem(
      `${task.name}: there is no log group ${group} in ${region}, so the container cannot start`,
      `aws logs create-log-group --log-group-name ${group} --region ${region}`,
    ),
  ]
}
