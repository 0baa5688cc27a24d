/** A healthy deployment, created with the SDK from the policies and the table that Terraform and CDK use. */
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import {
  CreateTableCommand,
  DynamoDBClient,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb'
import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
} from '@aws-sdk/client-ec2'
import { CreateClusterCommand, ECSClient, RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs'
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import {
  AddPermissionCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  CreateFunctionUrlConfigCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda'
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs'
import { zipSync } from 'fflate'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'
import { compileConfig } from '../../src/config/compile.ts'
import type { Config } from '../../src/core/model/config.ts'
import { tableInput, ttlAttribute } from '../../src/core/store/dynamodb-table.ts'
import { type FunctionName, policiesFor } from '../../src/deploy/function-policies.ts'

export const account = '123456789012'
export const region = 'us-east-1'
const functionNames = ['receive', 'start', 'settle'] as const

export const clientsFor = (endpoint: string) => {
  const options = {
    endpoint,
    region,
    credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
    maxAttempts: 1,
  }
  return {
    options,
    dynamo: new DynamoDBClient(options),
    ec2: new EC2Client(options),
    ecs: new ECSClient(options),
    events: new EventBridgeClient(options),
    iam: new IAMClient(options),
    lambda: new LambdaClient(options),
    logs: new CloudWatchLogsClient(options),
    secrets: new SecretsManagerClient(options),
    sqs: new SQSClient(options),
  }
}
export type TestClients = ReturnType<typeof clientsFor>

export interface Deployment {
  readonly aws: TestClients
  readonly config: Config
  readonly yaml: string
  readonly vpc: string
  readonly subnet: string
  readonly securityGroup: string
  readonly routeTable: string
  readonly queueUrl: string
  readonly queueArn: string
  readonly deadUrl: string
  readonly mapping: string
}

export const secretValues = {
  'taskhook/slack': JSON.stringify({ signing: '8f742231b10e8888abcd99ccc555aa00', bot: 'xoxb-1-made-up' }),
  'taskhook/github': JSON.stringify({ webhook: 'a secret of some length', token: 'github_pat_madeup' }),
  'taskhook/shop': 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  'taskhook/key': 'a key that signs status URLs',
}

const yamlFor = (subnet: string, group: string) => `sources:
  slack: { adapter: slack, signingSecret: "secretsmanager:taskhook/slack#signing", botToken: "secretsmanager:taskhook/slack#bot" }
  github: { adapter: github, secret: "secretsmanager:taskhook/github#webhook", token: "secretsmanager:taskhook/github#token" }
  shop: { adapter: hmac, scheme: standard-webhooks, secret: "secretsmanager:taskhook/shop" }
tasks:
  analyze:
    cluster: analytics
    taskDefinition: analyze
    container: app
    subnets: [${subnet}]
    securityGroups: [${group}]
    assignPublicIp: ENABLED
    params:
      dataset: { type: string, required: true }
routes:
  - { on: slack, command: /analyze, run: analyze }
  - { on: github, event: push, repositories: acme/data, run: analyze, with: { dataset: x } }
  - { on: shop, run: analyze }
`

export async function deploy(endpoint: string): Promise<Deployment> {
  const aws = clientsFor(endpoint)
  const network = await createNetwork(aws)
  const yaml = yamlFor(network.subnet, network.securityGroup)
  const config = compileConfig(yaml, builtinSpecs)
  await Promise.all([createTask(aws), createTable(aws), createSecrets(aws)])
  const queues = await createQueues(aws)
  await createFunctions(aws, config, queues)
  const mapping = await addTriggers(aws, queues.queueArn)
  return { aws, config, yaml, ...network, ...queues, mapping }
}

async function createNetwork({ ec2 }: TestClients) {
  const vpc = (await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }))).Vpc?.VpcId ?? ''
  const made = await ec2.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock: '10.0.0.0/24' }))
  const subnet = made.Subnet?.SubnetId ?? ''
  const gateway = (await ec2.send(new CreateInternetGatewayCommand({}))).InternetGateway?.InternetGatewayId ?? ''
  await ec2.send(new AttachInternetGatewayCommand({ VpcId: vpc, InternetGatewayId: gateway }))
  const table = (await ec2.send(new CreateRouteTableCommand({ VpcId: vpc }))).RouteTable?.RouteTableId ?? ''
  await ec2.send(new CreateRouteCommand({ RouteTableId: table, DestinationCidrBlock: '0.0.0.0/0', GatewayId: gateway }))
  await ec2.send(new AssociateRouteTableCommand({ RouteTableId: table, SubnetId: subnet }))
  const group = await ec2.send(new CreateSecurityGroupCommand({ VpcId: vpc, GroupName: 'tasks', Description: 'tasks' }))
  return { vpc, subnet, securityGroup: group.GroupId ?? '', routeTable: table }
}

const trust = (service: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  })

export const taskDefinition = {
  family: 'analyze',
  requiresCompatibilities: ['FARGATE' as const],
  networkMode: 'awsvpc' as const,
  cpu: '256',
  memory: '512',
  taskRoleArn: `arn:aws:iam::${account}:role/analyze-task`,
  executionRoleArn: `arn:aws:iam::${account}:role/analyze-execution`,
  containerDefinitions: [
    {
      name: 'app',
      image: 'app',
      memory: 512,
      logConfiguration: {
        logDriver: 'awslogs' as const,
        options: { 'awslogs-group': '/ecs/analyze', 'awslogs-region': region, 'awslogs-stream-prefix': 'run' },
      },
    },
  ],
}

async function createTask({ ecs, iam, logs }: TestClients): Promise<void> {
  await ecs.send(new CreateClusterCommand({ clusterName: 'analytics' }))
  for (const RoleName of ['analyze-task', 'analyze-execution'])
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust('ecs-tasks.amazonaws.com') }))
  await logs.send(new CreateLogGroupCommand({ logGroupName: '/ecs/analyze' }))
  await ecs.send(new RegisterTaskDefinitionCommand(taskDefinition))
}

async function createTable({ dynamo }: TestClients): Promise<void> {
  const TableName = 'taskhook-ledger'
  await dynamo.send(new CreateTableCommand(tableInput(TableName)))
  await dynamo.send(
    new UpdateTimeToLiveCommand({
      TableName,
      TimeToLiveSpecification: { Enabled: true, AttributeName: ttlAttribute },
    }),
  )
  await dynamo.send(
    new UpdateContinuousBackupsCommand({
      TableName,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  )
}

async function createSecrets({ secrets }: TestClients): Promise<void> {
  for (const [Name, SecretString] of Object.entries(secretValues))
    await secrets.send(new CreateSecretCommand({ Name, SecretString }))
}

async function createQueues({ sqs }: TestClients) {
  const dead = await sqs.send(new CreateQueueCommand({ QueueName: 'taskhook-dead-starts' }))
  const starts = await sqs.send(
    new CreateQueueCommand({
      QueueName: 'taskhook-starts',
      Attributes: {
        VisibilityTimeout: '360',
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: `arn:aws:sqs:${region}:${account}:taskhook-dead-starts`,
          maxReceiveCount: 10,
        }),
      },
    }),
  )
  return {
    queueUrl: starts.QueueUrl ?? '',
    deadUrl: dead.QueueUrl ?? '',
    queueArn: `arn:aws:sqs:${region}:${account}:taskhook-starts`,
  }
}

/** A function's policy with its placeholders filled in. */
export function statementsFor(config: Config, functionName: FunctionName, passRoles: readonly string[]) {
  const values: Readonly<Record<string, string>> = {
    Partition: 'aws',
    Region: region,
    Account: account,
    Table: `arn:aws:dynamodb:${region}:${account}:table/taskhook-ledger`,
    Queue: `arn:aws:sqs:${region}:${account}:taskhook-starts`,
    Key: `arn:aws:secretsmanager:${region}:${account}:secret:taskhook/key-AbCdEf`,
  }
  return policiesFor(config)[functionName].map((statement) => {
    const text = JSON.stringify(statement).replace(
      /\{([A-Z][A-Za-z]+)\}/g,
      (whole, name: string) => values[name] ?? whole,
    )
    return JSON.parse(text.replace('"{PassRoles}"', passRoles.map((arn) => JSON.stringify(arn)).join(','))) as unknown
  })
}

export const allRoles = [taskDefinition.taskRoleArn, taskDefinition.executionRoleArn]

export const putPolicy = (
  { iam }: TestClients,
  config: Config,
  functionName: FunctionName,
  passRoles: readonly string[],
) =>
  iam.send(
    new PutRolePolicyCommand({
      RoleName: `taskhook-${functionName}`,
      PolicyName: functionName,
      PolicyDocument: JSON.stringify({
        Version: '2012-10-17',
        Statement: statementsFor(config, functionName, passRoles),
      }),
    }),
  )

async function createFunctions(aws: TestClients, config: Config, { queueUrl }: { readonly queueUrl: string }) {
  const zip = zipSync({ 'handler.mjs': Buffer.from('export const receive = () => {}') })
  for (const functionName of functionNames) {
    const RoleName = `taskhook-${functionName}`
    await aws.iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust('lambda.amazonaws.com') }))
    await putPolicy(aws, config, functionName, allRoles)
    await aws.lambda.send(
      new CreateFunctionCommand({
        FunctionName: RoleName,
        Role: `arn:aws:iam::${account}:role/${RoleName}`,
        Runtime: 'nodejs24.x',
        Handler: `handler.${functionName}`,
        Timeout: functionName === 'start' ? 60 : 10,
        Code: { ZipFile: zip },
        Environment: {
          Variables: {
            TASKHOOK_TABLE: 'taskhook-ledger',
            TASKHOOK_QUEUE_URL: queueUrl,
            TASKHOOK_KEY: 'secretsmanager:taskhook/key',
          },
        },
      }),
    )
  }
}

async function addTriggers({ lambda, events, logs }: TestClients, queueArn: string): Promise<string> {
  const FunctionName = 'taskhook-receive'
  await lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName, AuthType: 'NONE' }))
  await lambda.send(
    new AddPermissionCommand({
      FunctionName,
      StatementId: 'Url',
      Principal: '*',
      Action: 'lambda:InvokeFunctionUrl',
      FunctionUrlAuthType: 'NONE',
    }),
  )
  await lambda.send(
    new AddPermissionCommand({
      FunctionName,
      StatementId: 'ViaUrl',
      Principal: '*',
      Action: 'lambda:InvokeFunction',
      InvokedViaFunctionUrl: true,
    }),
  )
  const { UUID = '' } = await lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: 'taskhook-start',
      EventSourceArn: queueArn,
      BatchSize: 5,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    }),
  )
  const target = `arn:aws:lambda:${region}:${account}:function:taskhook-settle`
  const clusterArn = [`arn:aws:ecs:${region}:${account}:cluster/analytics`]
  const EventPattern = JSON.stringify({
    source: ['aws.ecs'],
    'detail-type': ['ECS Task State Change'],
    detail: { clusterArn, startedBy: [{ prefix: 'taskhook/' }] },
  })
  await events.send(new PutRuleCommand({ Name: 'taskhook-tasks', EventPattern }))
  await events.send(new PutRuleCommand({ Name: 'taskhook-sweep', ScheduleExpression: 'rate(1 minute)' }))
  for (const Rule of ['taskhook-tasks', 'taskhook-sweep'])
    await events.send(new PutTargetsCommand({ Rule, Targets: [{ Id: 'settle', Arn: target }] }))
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: 'taskhook-settle',
      StatementId: 'Events',
      Principal: 'events.amazonaws.com',
      Action: 'lambda:InvokeFunction',
      SourceArn: `arn:aws:events:${region}:${account}:rule/taskhook-tasks`,
    }),
  )
  await logs.send(new CreateLogGroupCommand({ logGroupName: '/aws/lambda/taskhook-receive' }))
  return UUID
}

/** Writes lines to the log of `receive`. */
export async function writeDeliveryLog(
  { logs }: TestClients,
  lines: readonly Record<string, unknown>[],
): Promise<void> {
  const [logGroupName, logStreamName] = ['/aws/lambda/taskhook-receive', 'one']
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }))
  await logs.send(
    new PutLogEventsCommand({
      logGroupName,
      logStreamName,
      logEvents: lines.map((line) => ({ timestamp: Date.now(), message: JSON.stringify(line) })),
    }),
  )
}
