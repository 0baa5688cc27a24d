/** The alarms. docs/operations.md has a section for each of them. The dashboard is in dashboard.ts. */
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

/** taskhook's own metrics: src/core/telemetry/metrics.ts. */
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
    alarm(`${verb}-errors`, `${verb} failed; its log has the reason`, fn.metricErrors({ period }))
    alarm(
      `${verb}-throttles`,
      `${verb} was throttled: the account or the function has no concurrency left`,
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
      `A message failed ten times in an hour; check the queue ${name}-dead-starts`,
      deadStarts.metricApproximateNumberOfMessagesVisible(visible),
    ],
    [
      'dead-events',
      `An ECS event or a sweep could not be processed; check the queue ${name}-dead-events`,
      deadEvents.metricApproximateNumberOfMessagesVisible(visible),
    ],
    [
      'queue-age',
      'A message has been in the queue for ten minutes, so runs start late',
      starts.metricApproximateAgeOfOldestMessage(visible),
      600,
    ],
    [
      'starts-refused',
      `A task could not be started; see the logs of ${name}-start and ${name}-settle`,
      counted(name, 'RunsEnded', { status: 'failed-to-start' }),
    ],
    [
      'starts-waiting',
      'Starts are postponed repeatedly: no capacity, or a quota is used up',
      counted(name, 'Starts', { class: 'later' }).with({ period: Duration.minutes(15) }),
      10,
    ],
    [
      'deliveries-refused',
      'Many deliveries without a valid signature: a wrong secret, or forged requests',
      counted(name, 'Deliveries', { outcome: 'unauthorized' }),
      50,
    ],
    ['senders-untold', 'A sender could not be notified of the end of its run after ten tries', counted(name, 'Untold')],
  ]
}
