/**
 * What taskhook needs in another account or region that runs tasks: the role that its config names in `assumeRole`, and a rule that
 * forwards the state changes of tasks. Use one construct per account and region, in a stack whose `env` names both.
 */
import { Stack, Token } from 'aws-cdk-lib'
import { EventBus, Match, Rule } from 'aws-cdk-lib/aws-events'
import { EventBus as EventBusTarget } from 'aws-cdk-lib/aws-events-targets'
import { ArnPrincipal, CompositePrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { arnOf } from '../../src/core/model/arn.ts'
import { assumedRolePolicies } from '../../src/deploy/assumed-role-policies.ts'
import { readConfig } from './config.ts'
import type { TaskhookProps } from './props.ts'

export interface TaskhookMemberProps extends Pick<TaskhookProps, 'config' | 'adapters'> {
  /** `eventBusArn` of the bridge. */
  readonly eventBusArn: string
  /** `start` and `settle` from the bridge's `roleArns`. They may assume the role created here. Needed only in another account. */
  readonly trustedRoleArns?: readonly string[]
  /** Task and execution roles that RunTask passes to tasks in this account. */
  readonly passRoleArns?: readonly string[]
  /** Name prefix of all named resources. Default: `taskhook`. */
  readonly name?: string
}

export class TaskhookMember extends Construct {
  constructor(scope: Construct, id: string, props: TaskhookMemberProps) {
    super(scope, id)
    const { account, region } = Stack.of(this)
    if (Token.isUnresolved(account) || Token.isUnresolved(region))
      throw new Error(
        'TaskhookMember: its stack needs an `env` with account and region, so that the construct can find its clusters',
      )
    const config = readConfig(props)
    const clusters = Object.values(config.tasks)
      .map(({ cluster }) => cluster)
      .filter((cluster) => arnOf(cluster)?.account === account && arnOf(cluster)?.region === region)
    if (clusters.length === 0)
      throw new Error(
        `TaskhookMember: no task in ${props.config} has a cluster in ${region} of account ${account}; "cluster" must be the full ARN`,
      )

    for (const [arn, statements] of Object.entries(assumedRolePolicies(config))) {
      if (arnOf(arn)?.account !== account) continue
      // A role is global. The member in the region of its first task creates it, with the permissions for the tasks in all regions.
      const first = Object.values(config.tasks).find(({ assumeRole }) => assumeRole === arn)
      if (arnOf(first?.cluster ?? '')?.region !== region) continue
      const role = this.assumedRole(arn, props)
      for (const { Sid, Action, Resource, Condition } of statements) {
        const resources = Resource.includes('{PassRoles}') ? (props.passRoleArns ?? []) : Resource
        if (resources.length === 0) continue
        role.addToPolicy(
          new PolicyStatement({
            sid: Sid,
            actions: [...Action],
            resources: [...resources],
            ...(Condition !== undefined && { conditions: Condition }),
          }),
        )
      }
    }

    const name = props.name ?? 'taskhook'
    new Rule(this, 'Forward', {
      ruleName: `${name}-forward`,
      description: `Forwards state changes of the ECS tasks that ${name} has started here`,
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: {
          clusterArn: [...new Set(clusters)],
          startedBy: Match.prefix('taskhook/'),
          lastStatus: ['RUNNING', 'STOPPED'],
        },
      },
      targets: [new EventBusTarget(EventBus.fromEventBusArn(this, 'Bus', props.eventBusArn))],
    })
  }

  /** @throws {Error} if `trustedRoleArns` is empty */
  private assumedRole(arn: string, { trustedRoleArns = [], name = 'taskhook' }: TaskhookMemberProps): Role {
    const [first, ...others] = trustedRoleArns.map((trusted) => new ArnPrincipal(trusted))
    if (first === undefined)
      throw new Error(
        `TaskhookMember: set "trustedRoleArns" to the roles that may assume ${arn}: start and settle of the bridge`,
      )
    const [roleName = '', ...folders] = (arnOf(arn)?.resource ?? '').split('/').slice(1).reverse()
    return new Role(this, `Role-${roleName}`, {
      roleName,
      ...(folders.length > 0 && { path: `/${folders.reverse().join('/')}/` }),
      description: `Runs tasks in this account for ${name}`,
      assumedBy: new CompositePrincipal(first, ...others),
    })
  }
}
