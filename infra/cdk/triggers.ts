/** The triggers of `start` and `settle`. */
import { Duration, Stack } from 'aws-cdk-lib'
import { CfnEventBusPolicy, Match, Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets'
import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations'
import type { Construct } from 'constructs'
import type { Config } from '../../src/core/model/config.ts'
import type { FunctionName } from '../../src/deploy/function-policies.ts'
import { clusterArns, otherAccounts } from '../../src/deploy/resource-arns.ts'
import type { Stores } from './stores.ts'

export interface TriggerOptions {
  readonly name: string
  readonly functions: Readonly<Record<FunctionName, LambdaFunction>>
  readonly stores: Stores
  readonly config: Config
}

export function addTriggers(
  scope: Construct,
  { name, functions: { start, settle }, stores, config }: TriggerOptions,
): void {
  new EventSourceMapping(scope, 'StartOnQueue', {
    target: start,
    eventSourceArn: stores.starts.queueArn,
    batchSize: 5,
    reportBatchItemFailures: true,
    // Fargate accepts 20 RunTask calls a second. Two functions with five starts each stay below that.
    maxConcurrency: 2,
  })

  const deadLetterQueue = stores.deadEvents
  const { partition, region, account } = Stack.of(scope)
  const clusters = clusterArns(Object.values(config.tasks))
  const own = (arn: string): string =>
    arn.replace('{Partition}', partition).replace('{Region}', region).replace('{Account}', account)
  new Rule(scope, 'Tasks', {
    ruleName: `${name}-tasks`,
    description: `State changes of the ECS tasks that ${name} has started`,
    eventPattern: {
      source: ['aws.ecs'],
      detailType: ['ECS Task State Change'],
      // A task changes its status about eight times. Only these two matter.
      detail: {
        clusterArn: clusters.map(own),
        startedBy: Match.prefix('taskhook/'),
        lastStatus: ['RUNNING', 'STOPPED'],
      },
    },
    targets: [new LambdaTarget(settle, { deadLetterQueue, maxEventAge: Duration.days(1), retryAttempts: 185 })],
  })
  // Tasks in other accounts: a rule there forwards their events, and this account's event bus must allow it.
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
    description: 'Runs the sweep, which recovers stuck runs',
    schedule: Schedule.rate(Duration.minutes(1)),
    targets: [new LambdaTarget(settle, { deadLetterQueue, maxEventAge: Duration.minutes(1), retryAttempts: 0 })],
  })
  // EventBridge invokes `settle` asynchronously. An event that `settle` fails to process three times goes to the dead-letter queue.
  settle.configureAsyncInvoke({
    retryAttempts: 2,
    maxEventAge: Duration.hours(6),
    onFailure: new SqsDestination(stores.deadEvents),
  })
}
