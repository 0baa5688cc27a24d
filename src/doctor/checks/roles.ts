/** What `start` must be allowed: to run each task, and to pass its roles, which must let ECS take them. */
import { GetRoleCommand, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam'
import { arnOf } from '../../core/model/arn.ts'
import { type Finding, ok, problem, unknown } from '../../core/model/checkup.ts'
import type { TaskConfig } from '../../core/model/config.ts'
import { ask } from '../clients.ts'
import { type Check, type DoctorContext, tasksHere } from '../context.ts'
import { type Document, trusts } from '../iam-policy.ts'
import { definitionOf } from './tasks.ts'

const ecsTasks = 'ecs-tasks.amazonaws.com'

export const roles: Check = {
  about: 'roles',
  async look(examined) {
    const { start } = examined.functions
    if (start?.Role === undefined) return []
    const principal = start.Role
    const found = await Promise.all(
      tasksHere(examined)
        .filter(({ assumeRole }) => assumeRole === undefined)
        .map((task) => lookAt(task, principal, examined)),
    )
    const assumed = await Promise.all(
      Object.values(examined.config.tasks).map(({ assumeRole }) =>
        assumeRole === undefined
          ? []
          : mayDo(examined, principal, { action: 'sts:AssumeRole', resource: assumeRole }, 'start'),
      ),
    )
    const findings = [...found.flat(), ...assumed.flat()]
    return findings.length > 0 ? findings : [ok(`start may run the tasks, and pass their roles`)]
  },
}

async function lookAt(task: TaskConfig, principal: string, examined: DoctorContext): Promise<Finding[]> {
  const definition = await definitionOf(task, examined)
  if (definition?.taskDefinitionArn === undefined)
    return [unknown(`${task.name}: its roles are not known without its task definition`, 'register it first')]
  const { partition, region, account } = examined
  const cluster =
    arnOf(task.cluster) === undefined
      ? `arn:${partition}:ecs:${region}:${account}:cluster/${task.cluster}`
      : task.cluster
  const passed = [...new Set([definition.taskRoleArn, definition.executionRoleArn])].filter((arn) => arn !== undefined)
  const found = await Promise.all([
    mayDo(
      examined,
      principal,
      { action: 'ecs:RunTask', resource: definition.taskDefinitionArn, context: ['ecs:cluster', cluster] },
      task.name,
    ),
    ...passed.flatMap((role) => [
      mayDo(
        examined,
        principal,
        { action: 'iam:PassRole', resource: role, context: ['iam:PassedToService', ecsTasks] },
        task.name,
      ),
      trust(role, task, examined),
    ]),
  ])
  return found.flat()
}

interface Deed {
  readonly action: string
  readonly resource: string
  readonly context?: readonly [key: string, value: string]
}

/** IAM's own answer, boundaries and all. https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html */
async function mayDo({ aws }: DoctorContext, principal: string, deed: Deed, about: string): Promise<Finding[]> {
  const { action, resource, context } = deed
  const answer = await ask(
    aws.iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: principal,
        ActionNames: [action],
        ResourceArns: [resource],
        ...(context !== undefined && {
          ContextEntries: [{ ContextKeyName: context[0], ContextKeyType: 'string', ContextKeyValues: [context[1]] }],
        }),
      }),
    ),
  )
  const decision = answer?.EvaluationResults?.[0]?.EvalDecision
  if (decision === 'allowed') return []
  return [
    problem(
      `${about}: start may not ${action} ${resource} (${decision ?? 'its role is not there'})`,
      action === 'iam:PassRole'
        ? 'add the role to pass_role_arns (Terraform) or passRoleArns (CDK), and deploy again'
        : 'taskhook build, and deploy again; then look at the permissions boundary and the organisation’s policies',
    ),
  ]
}

/** An ECS task can take a role only where the role lets it. */
async function trust(arn: string, task: TaskConfig, { aws }: DoctorContext): Promise<Finding[]> {
  const RoleName = arn.split('/').at(-1) ?? ''
  const role = (await ask(aws.iam.send(new GetRoleCommand({ RoleName }))))?.Role
  if (role === undefined)
    return [
      problem(
        `${task.name}: the role ${RoleName} of the task definition is not there`,
        'make it, or register a revision without it',
      ),
    ]
  const document = JSON.parse(decodeURIComponent(role.AssumeRolePolicyDocument ?? '{}')) as Document
  if (trusts(document, ecsTasks)) return []
  return [
    problem(
      `${task.name}: the role ${RoleName} does not let ECS tasks take it`,
      `allow sts:AssumeRole to the service ${ecsTasks} in its trust policy`,
    ),
  ]
}
