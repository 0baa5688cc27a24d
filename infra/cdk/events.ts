/** What wakes `start` and `settle`. */
import { Duration, Stack } from 'aws-cdk-lib'
import { CfnEventBusPolicy, Match, Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets'
import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations'
import type { Construct } from 'constructs'
import type { Config } from '../../src/core/model/config.ts'
import { clusterArns, type FunctionName, otherAccounts } from '../../src/deploy/iam-policies.ts'
import type { Stores } from './stores.ts'

export interface ConnectOptions {
  readonly name: string
  readonly functions: Readonly<Record<FunctionName, LambdaFunction>>
  readonly stores: Stores
  readonly config: Config
}

export function connect(
  scope: Construct,
  { name, functions: { start, settle }, stores, config }: ConnectOptions,
): void {
  new EventSourceMapping(scope, 'StartOnQueue', {
    target: start,
    eventSourceArn: stores.starts.queueArn,
    batchSize: 5,
    reportBatchItemFailures: true,
    // Fargate takes 20 RunTask calls a second; two functions with five starts at a time stay below it.
    maxConcurrency: 2,
  })

  const deadLetterQueue = stores.deadEvents
  const { partition, region, account } = Stack.of(scope)
  const clusters = clusterArns(Object.values(config.tasks))
  const own = (arn: string): string =>
    arn.replace('{Partition}', partition).replace('{Region}', region).replace('{Account}', account)
  new Rule(scope, 'Tasks', {
    ruleName: `${name}-tasks`,
    description: `How the tasks that ${name} has started are doing`,
    eventPattern: {
      source: ['aws.ecs'],
      detailType: ['ECS Task State Change'],
      // Of the eight or so changes of a task only these two are news to anybody.
      detail: {
        clusterArn: clusters.map(own),
        startedBy: Match.prefix('taskhook/'),
        lastStatus: ['RUNNING', 'STOPPED'],
      },
    },
    targets: [new LambdaTarget(settle, { deadLetterQueue, maxEventAge: Duration.days(1), retryAttempts: 185 })],
  })
  // Of tasks in other accounts: their rule forwards, and this account's bus must let it.
  for (const other of otherAccounts(config)) {
    if (other === account) continue
    new CfnEventBusPolicy(scope, `EventsOf${other}`, {
      statementId: `${name}-${other}`,
      statement: {
        Sid: `${name}-${other}`,
        Effect: 'Allow',
        Principal: { AWS: `arn:${partition}:iam::${other}:root` },
        Action: 'events:PutEvents',
        Resource: `arn:${partition}:events:${region}:${account}:event-bus/default`,
      },
    })
  }
  new Rule(scope, 'Sweep', {
    ruleName: `${name}-sweep`,
    description: 'Puts right what stands still',
    schedule: Schedule.rate(Duration.minutes(1)),
    targets: [new LambdaTarget(settle, { deadLetterQueue, maxEventAge: Duration.minutes(1), retryAttempts: 0 })],
  })
  // EventBridge hands events over and is done; what `settle` then fails at three times goes where somebody sees it.
  settle.configureAsyncInvoke({
    retryAttempts: 2,
    maxEventAge: Duration.hours(6),
    onFailure: new SqsDestination(stores.deadEvents),
  })
}
