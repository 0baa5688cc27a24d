/** What wakes `start` and `settle`. */
import { Arn, Duration, Stack } from 'aws-cdk-lib'
import { Match, Rule, Schedule } from 'aws-cdk-lib/aws-events'
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets'
import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations'
import type { Construct } from 'constructs'
import type { FunctionName } from '../../src/deploy/policies.ts'
import type { Stores } from './stores.ts'

export interface ConnectOptions {
  readonly name: string
  readonly functions: Readonly<Record<FunctionName, LambdaFunction>>
  readonly stores: Stores
  /** Names of the clusters in the config. */
  readonly clusters: readonly string[]
}

export function connect(
  scope: Construct,
  { name, functions: { start, settle }, stores, clusters }: ConnectOptions,
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
  const arns = clusters.map((cluster) =>
    Arn.format({ service: 'ecs', resource: 'cluster', resourceName: cluster }, Stack.of(scope)),
  )
  new Rule(scope, 'Tasks', {
    ruleName: `${name}-tasks`,
    description: `How the tasks that ${name} has started are doing`,
    eventPattern: {
      source: ['aws.ecs'],
      detailType: ['ECS Task State Change'],
      detail: { clusterArn: arns, startedBy: Match.prefix('taskhook/') },
    },
    targets: [new LambdaTarget(settle, { deadLetterQueue, maxEventAge: Duration.days(1), retryAttempts: 185 })],
  })
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
