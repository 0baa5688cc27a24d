/** What an operator is woken for: docs/operations.md has a section for each. The dashboard is in dashboard.ts. */
import { Duration } from 'aws-cdk-lib'
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import type { FunctionName } from '../../src/deploy/iam-policies.ts'
import type { Stores } from './stores.ts'

export interface AlarmsOptions {
  readonly name: string
  readonly functions: Readonly<Record<FunctionName, LambdaFunction>>
  readonly stores: Stores
  readonly actions: readonly IAlarmAction[]
}

export const period = Duration.minutes(5)

/** What taskhook counts itself: src/core/telemetry/metrics.ts. */
export const counted = (name: string, metricName: string, by: Readonly<Record<string, string>> = {}) =>
  new Metric({
    namespace: 'Taskhook',
    metricName,
    dimensionsMap: { deployment: name, ...by },
    statistic: 'Sum',
    period,
  })

export function addAlarms(scope: Construct, options: AlarmsOptions): void {
  const { name, functions, actions } = options
  const alarm = (suffix: string, about: string, metric: IMetric, threshold = 1): void => {
    const made = new Alarm(scope, `Alarm-${suffix}`, {
      alarmName: `${name}-${suffix}`,
      alarmDescription: `${about}. See docs/operations.md#${suffix}`,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
    made.addAlarmAction(...actions)
    made.addOkAction(...actions)
  }

  for (const [verb, fn] of Object.entries(functions)) {
    alarm(`${verb}-errors`, `${verb} failed; its log says why`, fn.metricErrors({ period }))
    alarm(
      `${verb}-throttles`,
      `${verb} was throttled: the account's or the function's concurrency is used up`,
      fn.metricThrottles({ period }),
    )
  }
  for (const [suffix, about, metric, threshold] of watched(options)) alarm(suffix, about, metric, threshold)
}

type Watched = readonly [suffix: string, about: string, metric: IMetric, threshold?: number]

const watched = ({ name, stores: { deadStarts, deadEvents, starts } }: AlarmsOptions): readonly Watched[] => {
  const visible = { period, statistic: 'Maximum' }
  return [
    [
      'dead-starts',
      `A run broke off ten times in an hour; look at the queue ${name}-dead-starts`,
      deadStarts.metricApproximateNumberOfMessagesVisible(visible),
    ],
    [
      'dead-events',
      `An ECS event was given up; look at the queue ${name}-dead-events`,
      deadEvents.metricApproximateNumberOfMessagesVisible(visible),
    ],
    [
      'queue-age',
      'A run has waited for its start for ten minutes',
      starts.metricApproximateAgeOfOldestMessage(visible),
      600,
    ],
    [
      'starts-refused',
      `A task could not be started; the logs of ${name}-start and ${name}-settle say why`,
      counted(name, 'RunsEnded', { status: 'failed-to-start' }),
    ],
    [
      'starts-waiting',
      'Starts are put off again and again: no capacity, or a quota',
      counted(name, 'Starts', { class: 'later' }).with({ period: Duration.minutes(15) }),
      10,
    ],
    [
      'deliveries-refused',
      'Many deliveries without a good signature: a wrong secret, or somebody is trying',
      counted(name, 'Deliveries', { outcome: 'unauthorized' }),
      50,
    ],
    ['senders-untold', 'A sender could not be told how its run ended, ten times over', counted(name, 'Untold')],
  ]
}
