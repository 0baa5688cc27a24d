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
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2'
import type { FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs'
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { FunctionUrlAuthType, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { RetentionDays } from 'aws-cdk-lib/aws-logs'
import { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import type { AdapterSpecs } from '../../src/config/spec.ts'
import type { FunctionName } from '../../src/deploy/iam-policies.ts'
import { writePackage } from '../../src/deploy/package.ts'
import { addAlarms } from './alarms.ts'
import { readConfig, rolesOf, withTasks } from './config.ts'
import { addDashboard } from './dashboard.ts'
import { connect } from './events.ts'
import { createFunctions } from './functions.ts'
import { createStores } from './stores.ts'

export { TaskhookMember, type TaskhookMemberProps } from './member.ts'

export interface TaskhookProps {
  /** Path of `taskhook.yaml`. */
  readonly config: string
  /** Task definitions of this app, by task name. Their family and roles replace the ones in the config. */
  readonly tasks?: Readonly<Record<string, FargateTaskDefinition>>
  /** Task and execution roles of the tasks that are not in `tasks`. `[]` if they have none. */
  readonly passRoleArns?: readonly string[]
  /** Name prefix of all named resources. Default: `taskhook`. */
  readonly name?: string
  /** Values for the `env:` references in the config; prefer Secrets Manager. */
  readonly envSecrets?: Readonly<Record<string, string>>
  /** How long logs are kept. Default: 30 days. */
  readonly logRetention?: RetentionDays
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error'
  readonly alarmTopic?: ITopic
  /** Reserved concurrency of `receive`, the function behind the URL. Each unit allows ten requests a second. */
  readonly receiveConcurrency?: number
  readonly vpc?: { readonly vpc: IVpc; readonly subnets?: SubnetSelection; readonly securityGroups?: ISecurityGroup[] }
  /** KMS key for the table, the queues, the logs and the signing key. Default: AWS's own keys. */
  readonly encryptionKey?: IKey
  readonly permissionsBoundary?: IManagedPolicy
  /** Deletion protection of the table. Default: true. */
  readonly deletionProtection?: boolean
  /** Your own adapters, in addition to the built-in ones. */
  readonly adapters?: AdapterSpecs
}

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
    connect(this, { name, functions: this.functions, stores, config })
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
