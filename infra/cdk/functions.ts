/** Three functions from one package, each with its own role. */
import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda'
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs'
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager'
import type { Construct } from 'constructs'
import type { Config } from '../../src/core/model/config.ts'
import { type FunctionName, policiesFor } from '../../src/deploy/function-policies.ts'
import type { Statement } from '../../src/deploy/statement.ts'
import { createFunctionRole } from './function-role.ts'
import { descriptions, memory, timeouts } from './function-settings.ts'
import type { TaskhookProps } from './props.ts'
import type { Stores } from './stores.ts'

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
  const create = (name: FunctionName) => createFunction(scope, name, policies[name], options)
  return { receive: create('receive'), start: create('start'), settle: create('settle') }
}

function createFunction(
  scope: Construct,
  functionName: FunctionName,
  statements: readonly Statement[],
  options: FunctionsOptions,
): LambdaFunction {
  const { name, zip, props } = options
  const id = functionName.charAt(0).toUpperCase() + functionName.slice(1)
  const logGroup = new LogGroup(scope, `${id}Log`, {
    logGroupName: `/aws/lambda/${name}-${functionName}`,
    retention: props.logRetention ?? RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
    ...(props.encryptionKey !== undefined && { encryptionKey: props.encryptionKey }),
  })
  return new LambdaFunction(scope, id, {
    functionName: `${name}-${functionName}`,
    description: descriptions[functionName],
    code: Code.fromAsset(zip),
    handler: `handler.${functionName}`,
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    memorySize: memory[functionName],
    timeout: Duration.seconds(timeouts[functionName]),
    role: createFunctionRole(scope, `${id}Role`, { ...options, function: functionName, statements, logGroup }),
    logGroup,
    environment: environmentOf(options),
    ...(functionName === 'receive' &&
      props.receiveConcurrency !== undefined && { reservedConcurrentExecutions: props.receiveConcurrency }),
    ...vpcOf(props),
  })
}

const environmentOf = ({ props, stores, key }: FunctionsOptions) => ({
  ...props.envSecrets,
  TASKHOOK_TABLE: stores.ledger.tableName,
  TASKHOOK_QUEUE_URL: stores.starts.queueUrl,
  TASKHOOK_KEY: `secretsmanager:${key.secretArn}`,
  LOG_LEVEL: props.logLevel ?? 'info',
})

const vpcOf = ({ vpc }: TaskhookProps) =>
  vpc !== undefined && {
    vpc: vpc.vpc,
    ...(vpc.subnets !== undefined && { vpcSubnets: vpc.subnets }),
    ...(vpc.securityGroups !== undefined && { securityGroups: vpc.securityGroups }),
  }
