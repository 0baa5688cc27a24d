/** Three functions from one package, each with its own role. */
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib'
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam'
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import type { Config } from '../../src/core/model/config.ts'
import { type FunctionName, policiesFor, type Statement } from '../../src/deploy/iam-policies.ts'
import type { TaskhookProps } from './props.ts'
import type { Stores } from './stores.ts'

/** Seconds. `?wait=` takes at most 20 s, RunTask may be called for several places at one second each, a sweep checks up to 100 runs. */
export const timeouts: Readonly<Record<FunctionName, number>> = { receive: 30, start: 60, settle: 120 }
/** MB. More memory means more CPU: receive must answer Slack within 3 s, cold start included. */
const memory: Readonly<Record<FunctionName, number>> = { receive: 512, start: 256, settle: 256 }
const about: Readonly<Record<FunctionName, string>> = {
  receive: 'Serves the function URL: verifies, records, queues and answers deliveries',
  start: 'Reads the queue: starts tasks and acts on runs',
  settle: 'Handles ECS events and the sweep: records results and notifies senders',
}

export interface FunctionsOptions {
  readonly name: string
  readonly zip: string
  readonly config: Config
  readonly props: TaskhookProps
  readonly stores: Stores
  readonly key: Secret
  readonly passRoleArns: readonly string[]
}

export function createFunctions(
  scope: Construct,
  options: FunctionsOptions,
): Readonly<Record<FunctionName, LambdaFunction>> {
  const policies = policiesFor(options.config)
  const make = (name: FunctionName) => createFunction(scope, name, policies[name], options)
  return { receive: make('receive'), start: make('start'), settle: make('settle') }
}

function createFunction(
  scope: Construct,
  verb: FunctionName,
  statements: readonly Statement[],
  options: FunctionsOptions,
): LambdaFunction {
  const { name, zip, props, stores, key } = options
  const id = verb.charAt(0).toUpperCase() + verb.slice(1)
  const logGroup = new LogGroup(scope, `${id}Log`, {
    logGroupName: `/aws/lambda/${name}-${verb}`,
    retention: props.logRetention ?? RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
    ...(props.encryptionKey !== undefined && { encryptionKey: props.encryptionKey }),
  })
  const role = createRole(scope, `${id}Role`, verb, statements, options)
  role.addToPolicy(
    new PolicyStatement({
      sid: 'WriteItsLog',
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [`${logGroup.logGroupArn}`],
    }),
  )
  if (props.encryptionKey !== undefined) {
    role.addToPolicy(
      new PolicyStatement({
        sid: 'UseTheKey',
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: [props.encryptionKey.keyArn],
      }),
    )
  }
  return new LambdaFunction(scope, id, {
    functionName: `${name}-${verb}`,
    description: about[verb],
    code: Code.fromAsset(zip),
    handler: `handler.${verb}`,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: memory[verb],
    timeout: Duration.seconds(timeouts[verb]),
    role,
    logGroup,
    environment: {
      ...props.envSecrets,
      TASKHOOK_TABLE: stores.ledger.tableName,
      TASKHOOK_QUEUE_URL: stores.starts.queueUrl,
      TASKHOOK_KEY: `secretsmanager:${key.secretArn}`,
      LOG_LEVEL: props.logLevel ?? 'info',
    },
    ...(verb === 'receive' &&
      props.receiveConcurrency !== undefined && { reservedConcurrentExecutions: props.receiveConcurrency }),
    ...(props.vpc !== undefined && {
      vpc: props.vpc.vpc,
      ...(props.vpc.subnets !== undefined && { vpcSubnets: props.vpc.subnets }),
      ...(props.vpc.securityGroups !== undefined && { securityGroups: props.vpc.securityGroups }),
    }),
  })
}

function createRole(
  scope: Construct,
  id: string,
  verb: FunctionName,
  statements: readonly Statement[],
  options: FunctionsOptions,
): Role {
  const { name, props, passRoleArns } = options
  const role = new Role(scope, id, {
    roleName: `${name}-${verb}`,
    description: about[verb],
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    ...(props.permissionsBoundary !== undefined && { permissionsBoundary: props.permissionsBoundary }),
  })
  const fill = filler(Stack.of(scope), options)
  for (const { Sid, Action, Resource, Condition } of statements) {
    const resources = Resource.includes('{PassRoles}') ? passRoleArns : Resource.map(fill)
    if (resources.length === 0) continue
    role.addToPolicy(
      new PolicyStatement({
        sid: Sid,
        actions: [...Action],
        resources: [...resources],
        conditions: JSON.parse(fill(JSON.stringify(Condition ?? {}))) as Record<string, unknown>,
      }),
    )
  }
  return role
}

/** CDK tokens are strings until the template is written, so they can replace the placeholders in the policies. */
function filler({ partition, region, account }: Stack, { stores, key }: FunctionsOptions): (text: string) => string {
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
