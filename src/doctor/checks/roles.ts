/** Whether `start` may run each task and pass its roles, and whether ECS may assume them. */
import { GetRoleCommand, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam'
import { arnOf } from '../../core/model/arn.ts'
import { type Finding, ok, problem, unknown } from '../../core/model/checkup.ts'
import type { TaskConfig } from '../../core/model/config.ts'
import type { DoctorContext } from '../account/context.ts'
import { getIfExists } from '../account/get-if-exists.ts'
import { allowsService, type PolicyDocument } from '../account/policy-document.ts'
import { getTaskDefinition, tasksInThisAccount } from '../account/task-resources.ts'
import type { Check } from './check.ts'

const ecsTasks = 'ecs-tasks.amazonaws.com'

export const roles: Check = {
  about: 'roles',
  async run(context) {
    const { start } = context.functions
    if (start?.Role === undefined) return []
    const startRole = start.Role
    const ownTasks = tasksInThisAccount(context).filter(({ assumeRole }) => assumeRole === undefined)
    const found = await Promise.all([
      ...ownTasks.map((task) => taskRoleFaults(task, startRole, context)),
      ...Object.values(context.config.tasks).map(({ assumeRole }) =>
        assumeRole === undefined
          ? []
          : permissionFaults(context, startRole, 'start', { action: 'sts:AssumeRole', resource: assumeRole }),
      ),
    ])
    const findings = found.flat()
    return findings.length > 0 ? findings : [ok('start may run the tasks and pass their roles')]
  },
}

async function taskRoleFaults(task: TaskConfig, startRole: string, context: DoctorContext): Promise<Finding[]> {
  const definition = await getTaskDefinition(task, context)
  if (definition?.taskDefinitionArn === undefined)
    return [unknown(`${task.name}: without a task definition, its roles are unknown`, 'register the task definition')]
  const { partition, region, account } = context
  const cluster =
    arnOf(task.cluster) === undefined
      ? `arn:${partition}:ecs:${region}:${account}:cluster/${task.cluster}`
      : task.cluster
  const passed = [...new Set([definition.taskRoleArn, definition.executionRoleArn])].filter((arn) => arn !== undefined)
  const check = (request: AccessRequest) => permissionFaults(context, startRole, task.name, request)
  const found = await Promise.all([
    check({ action: 'ecs:RunTask', resource: definition.taskDefinitionArn, context: ['ecs:cluster', cluster] }),
    ...passed.flatMap((role) => [
      check({ action: 'iam:PassRole', resource: role, context: ['iam:PassedToService', ecsTasks] }),
      trustFaults(role, task, context),
    ]),
  ])
  return found.flat()
}

interface AccessRequest {
  readonly action: string
  readonly resource: string
  readonly context?: readonly [key: string, value: string]
}

/** Asks IAM, which also knows permissions boundaries. https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html */
async function permissionFaults(
  { aws }: DoctorContext,
  startRole: string,
  subject: string,
  { action, resource, context }: AccessRequest,
): Promise<Finding[]> {
  const command = new SimulatePrincipalPolicyCommand({
    PolicySourceArn: startRole,
    ActionNames: [action],
    ResourceArns: [resource],
    ...(context !== undefined && {
      ContextEntries: [{ ContextKeyName: context[0], ContextKeyType: 'string', ContextKeyValues: [context[1]] }],
    }),
  })
  const answer = await getIfExists(aws.iam.send(command))
  const decision = answer?.EvaluationResults?.[0]?.EvalDecision
  if (decision === 'allowed') return []
  return [
    problem(
      `${subject}: start is not authorized to perform ${action} on ${resource} (${decision ?? 'its role does not exist'})`,
      action === 'iam:PassRole'
        ? 'add the role to pass_role_arns (Terraform) or passRoleArns (CDK), and deploy again'
        : 'run taskhook build, and deploy again; if that does not help, check the permissions boundary and the organization’s policies',
    ),
  ]
}

async function trustFaults(arn: string, task: TaskConfig, { aws }: DoctorContext): Promise<Finding[]> {
  const RoleName = arn.split('/').at(-1) ?? ''
  const role = (await getIfExists(aws.iam.send(new GetRoleCommand({ RoleName }))))?.Role
  if (role === undefined)
    return [
      problem(
        `${task.name}: the role ${RoleName} of the task definition does not exist`,
        'create it, or register a revision without it',
      ),
    ]
  const document = JSON.parse(decodeURIComponent(role.AssumeRolePolicyDocument ?? '{}')) as PolicyDocument
  if (allowsService(document, ecsTasks)) return []
  return [
    problem(
      `${task.name}: the role ${RoleName} does not trust ECS tasks`,
      `allow the service ${ecsTasks} sts:AssumeRole in its trust policy`,
    ),
  ]
}
