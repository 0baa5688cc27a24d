import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2'
import type { FargateTaskDefinition } from 'aws-cdk-lib/aws-ecs'
import type { IManagedPolicy } from 'aws-cdk-lib/aws-iam'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { ITopic } from 'aws-cdk-lib/aws-sns'
import type { AdapterSpecs } from '../../src/index.ts'

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
