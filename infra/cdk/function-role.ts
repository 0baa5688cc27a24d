/** The role of one function: the policy from the config, its log group, and what a KMS key or a VPC require in addition. */
import { Stack } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import type { ILogGroup } from 'aws-cdk-lib/aws-logs'
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import type { FunctionName } from '../../src/deploy/function-policies.ts'
import type { Statement } from '../../src/deploy/statement.ts'
import { descriptions } from './function-settings.ts'
import type { TaskhookProps } from './props.ts'
import type { Stores } from './stores.ts'

export interface FunctionRoleOptions {
  readonly name: string
  readonly function: FunctionName
  /** From the config. `{Placeholders}` are filled in here. */
  readonly statements: readonly Statement[]
  readonly logGroup: ILogGroup
  readonly props: TaskhookProps
  readonly stores: Stores
  readonly key: Secret
  readonly passRoleArns: readonly string[]
}

export function createFunctionRole(scope: Construct, id: string, options: FunctionRoleOptions): Role {
  const { name, props, logGroup } = options
  const role = new Role(scope, id, {
    roleName: `${name}-${options.function}`,
    description: descriptions[options.function],
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    ...(props.permissionsBoundary !== undefined && { permissionsBoundary: props.permissionsBoundary }),
  })
  for (const statement of statementsFromConfig(scope, options)) role.addToPolicy(statement)
  role.addToPolicy(
    new PolicyStatement({
      sid: 'WriteLogs',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
  )
  for (const statement of statementsForOptions(props)) role.addToPolicy(statement)
  return role
}

function statementsFromConfig(scope: Construct, options: FunctionRoleOptions): PolicyStatement[] {
  const fill = placeholderFiller(Stack.of(scope), options)
  return options.statements.flatMap(({ Sid, Action, Resource, Condition }) => {
    const resources = Resource.includes('{PassRoles}') ? options.passRoleArns : Resource.map(fill)
    if (resources.length === 0) return []
    const conditions = JSON.parse(fill(JSON.stringify(Condition ?? {}))) as Record<string, unknown>
    return [new PolicyStatement({ sid: Sid, actions: [...Action], resources: [...resources], conditions })]
  })
}

/** CDK adds its managed policy for VPC access only to roles that it creates itself, so the statement must be here. */
function statementsForOptions({ encryptionKey, vpc }: TaskhookProps): PolicyStatement[] {
  return [
    ...(encryptionKey === undefined
      ? []
      : [
          new PolicyStatement({
            sid: 'UseKmsKey',
            actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
            resources: [encryptionKey.keyArn],
          }),
        ]),
    // Network interfaces have no ARN before they exist, so these actions cannot be limited to a resource.
    ...(vpc === undefined
      ? []
      : [
          new PolicyStatement({
            sid: 'ManageNetworkInterfaces',
            actions: ['ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DeleteNetworkInterface'],
            resources: ['*'],
          }),
        ]),
  ]
}

/** CDK tokens are strings until the template is written, so they can replace the placeholders in the policies. */
function placeholderFiller(
  { partition, region, account }: Stack,
  { stores, key }: FunctionRoleOptions,
): (text: string) => string {
  const values: Readonly<Record<string, string>> = {
    Partition: partition,
    Region: region,
    Account: account,
    Table: stores.ledger.tableArn,
    Queue: stores.starts.queueArn,
    Key: key.secretArn,
  }
  return (text) => text.replace(/\{([A-Z][A-Za-z]+)\}/g, (whole, name: string) => values[name] ?? whole)
}
