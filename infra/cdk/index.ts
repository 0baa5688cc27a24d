/**
 * taskhook as a CDK construct. It deploys the same as the Terraform module, from the same package and the same policies.
 *
 * @example
 * new Taskhook(this, 'Bridge', { config: 'taskhook.yaml', tasks: { analyze: taskDefinition } })
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions'
import { FunctionUrlAuthType, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import type { FunctionName } from '../../src/deploy/function-policies.ts'
import { writePackage } from '../../src/deploy/package.ts'
import { addAlarms } from './alarms.ts'
import { readConfig, rolesOf, withTasks } from './config.ts'
import { addDashboard } from './dashboard.ts'
import { createFunctions } from './functions.ts'
import type { TaskhookProps } from './props.ts'
import { createStores } from './stores.ts'
import { addTriggers } from './triggers.ts'

export { TaskhookMember, type TaskhookMemberProps } from './member.ts'
export type { TaskhookProps } from './props.ts'

export class Taskhook extends Construct {
  /** Webhook URL of each source: `urls.slack`. */
  readonly urls: Readonly<Record<string, string>>
  readonly functions: Readonly<Record<FunctionName, LambdaFunction>>
  /** Event bus to which other accounts and regions forward their ECS events. */
  readonly eventBusArn: string
  /** Roles of the three functions. Roles in other accounts must trust `start` and `settle`. */
  readonly roleArns: Readonly<Record<FunctionName, string>>

  constructor(scope: Construct, id: string, props: TaskhookProps) {
    super(scope, id)
    const name = props.name ?? 'taskhook'
    const config = withTasks(readConfig(props), props.tasks ?? {})
    const dir = mkdtempSync(join(tmpdir(), 'taskhook-cdk-'))
    const { zip } = writePackage(config, dir)

    const stores = createStores(this, name, props)
    const key = new Secret(this, 'Key', {
      secretName: `${name}/key`,
      description: 'Signs status URLs and the other tokens of runs',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      ...(props.encryptionKey !== undefined && { encryptionKey: props.encryptionKey }),
      removalPolicy: RemovalPolicy.DESTROY,
    })
    this.functions = createFunctions(this, {
      name,
      zip,
      config,
      props,
      stores,
      key,
      passRoleArns: rolesOf(config, props),
    })
    const { receive } = this.functions
    // Senders are configured with this URL, so it depends on the function alone. `addFunctionUrl` emits both statements that a URL
    // needs: InvokeFunctionUrl, and InvokeFunction on the condition that the call comes through the URL.
    const url = receive.addFunctionUrl({ authType: FunctionUrlAuthType.NONE })
    addTriggers(this, { name, functions: this.functions, stores, config })
    addDashboard(this, { name, functions: this.functions, stores })
    addAlarms(this, {
      name,
      functions: this.functions,
      stores,
      actions: props.alarmTopic === undefined ? [] : [new SnsAction(props.alarmTopic)],
    })

    const { start, settle } = this.functions
    this.roleArns = {
      receive: receive.role?.roleArn ?? '',
      start: start.role?.roleArn ?? '',
      settle: settle.role?.roleArn ?? '',
    }
    this.eventBusArn = Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' })
    this.urls = Object.fromEntries(Object.keys(config.sources).map((source) => [source, `${url.url}${source}`]))
    for (const [source, address] of Object.entries(this.urls))
      new CfnOutput(this, `Url-${source}`, { value: address, description: `Webhook URL of the source ${source}` })
  }
}
