/** The resources of a deployment: one list for Terraform and CDK, so that the two stay the same. */
export interface Expected {
  readonly what: string
  readonly terraform: string
  readonly cloudFormation: string
  readonly count: number
  /** CloudFormation's count, if it needs another number of resources for the same thing. */
  readonly cloudFormationCount?: number
}

export const expected: readonly Expected[] = [
  { what: 'the ledger', terraform: 'aws_dynamodb_table', cloudFormation: 'AWS::DynamoDB::Table', count: 1 },
  {
    what: 'the queue of starts and two dead-letter queues',
    terraform: 'aws_sqs_queue',
    cloudFormation: 'AWS::SQS::Queue',
    count: 3,
  },
  {
    what: 'queue policies: TLS only, and who may send',
    terraform: 'aws_sqs_queue_policy',
    cloudFormation: 'AWS::SQS::QueuePolicy',
    count: 3,
  },
  {
    what: 'three functions',
    terraform: 'aws_lambda_function',
    cloudFormation: 'AWS::Lambda::Function',
    count: 3,
  },
  { what: 'a role for each function', terraform: 'aws_iam_role', cloudFormation: 'AWS::IAM::Role', count: 3 },
  { what: 'a policy for each role', terraform: 'aws_iam_role_policy', cloudFormation: 'AWS::IAM::Policy', count: 3 },
  {
    what: 'a log group for each function',
    terraform: 'aws_cloudwatch_log_group',
    cloudFormation: 'AWS::Logs::LogGroup',
    count: 3,
  },
  { what: 'the function URL', terraform: 'aws_lambda_function_url', cloudFormation: 'AWS::Lambda::Url', count: 1 },
  // Terraform's provider adds the URL's InvokeFunctionUrl statement by itself; in CloudFormation it is one more resource.
  {
    what: 'permissions to invoke the functions',
    terraform: 'aws_lambda_permission',
    cloudFormation: 'AWS::Lambda::Permission',
    count: 3,
    cloudFormationCount: 4,
  },
  {
    what: 'the event source mapping from the queue to start',
    terraform: 'aws_lambda_event_source_mapping',
    cloudFormation: 'AWS::Lambda::EventSourceMapping',
    count: 1,
  },
  {
    what: 'the destination of events that settle failed to process',
    terraform: 'aws_lambda_function_event_invoke_config',
    cloudFormation: 'AWS::Lambda::EventInvokeConfig',
    count: 1,
  },
  {
    what: 'rules for ECS events and the sweep',
    terraform: 'aws_cloudwatch_event_rule',
    cloudFormation: 'AWS::Events::Rule',
    count: 2,
  },
  { what: 'alarms', terraform: 'aws_cloudwatch_metric_alarm', cloudFormation: 'AWS::CloudWatch::Alarm', count: 13 },
  {
    what: 'the dashboard',
    terraform: 'aws_cloudwatch_dashboard',
    cloudFormation: 'AWS::CloudWatch::Dashboard',
    count: 1,
  },
  {
    what: 'the key that signs status URLs',
    terraform: 'aws_secretsmanager_secret',
    cloudFormation: 'AWS::SecretsManager::Secret',
    count: 1,
  },
]

/** In CloudFormation, targets are part of the rule, and a secret's first value is part of the secret. */
export const terraformOnly: Readonly<Record<string, number>> = {
  aws_cloudwatch_event_target: 2,
  aws_secretsmanager_secret_version: 1,
}

/** Created only if the config has tasks in other accounts. In CloudFormation: AWS::Events::EventBusPolicy. */
export const forOtherAccounts = ['aws_cloudwatch_event_permission']

export const alarms = [
  'receive-errors',
  'receive-throttles',
  'start-errors',
  'start-throttles',
  'settle-errors',
  'settle-throttles',
  'dead-starts',
  'dead-events',
  'queue-age',
  'starts-refused',
  'starts-waiting',
  'deliveries-refused',
  'senders-untold',
]

/** Titles of the dashboard's graphs. */
export const graphs = [
  'Requests',
  'Response time (ms)',
  'Deliveries',
  'Starts',
  'Delivery to RUNNING (ms)',
  'Ended runs',
  'Queued messages',
  'Queue age (ms)',
  'Needs attention',
  'Verified with the previous secret',
]

/** Settings of each function. */
export const functions = {
  receive: { handler: 'handler.receive', timeout: 30, memory: 512 },
  start: { handler: 'handler.start', timeout: 60, memory: 256 },
  settle: { handler: 'handler.settle', timeout: 120, memory: 256 },
} as const

export const environment = ['LOG_LEVEL', 'TASKHOOK_KEY', 'TASKHOOK_QUEUE_URL', 'TASKHOOK_TABLE']
