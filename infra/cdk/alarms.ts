/** What an operator is woken for, and a dashboard. */
import { Duration } from 'aws-cdk-lib'
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IAlarmAction,
  type IMetric,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs'
import type { Construct } from 'constructs'
import type { FunctionName } from '../../src/deploy/policies.ts'
import type { Stores } from './stores.ts'

export interface AlarmsOptions {
  readonly name: string
  readonly functions: Readonly<Record<FunctionName, LambdaFunction>>
  readonly stores: Stores
  readonly actions: readonly IAlarmAction[]
}

const period = Duration.minutes(5)

export function addAlarms(scope: Construct, { name, functions, stores, actions }: AlarmsOptions): void {
  const alarm = (suffix: string, alarmDescription: string, metric: IMetric, threshold = 1): void => {
    const made = new Alarm(scope, `Alarm-${suffix}`, {
      alarmName: `${name}-${suffix}`,
      alarmDescription,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
    made.addAlarmAction(...actions)
    made.addOkAction(...actions)
  }
  const logMetric = (suffix: string, of: readonly FunctionName[], field: string, value: string): Metric => {
    const metricName = `${name}-${suffix}`
    for (const verb of of) {
      new MetricFilter(scope, `Metric-${suffix}-${verb}`, {
        logGroup: functions[verb].logGroup,
        filterPattern: FilterPattern.stringValue(field, '=', value),
        metricNamespace: 'Taskhook',
        metricName,
        metricValue: '1',
      })
    }
    return new Metric({ namespace: 'Taskhook', metricName, statistic: 'Sum', period })
  }

  for (const [verb, fn] of Object.entries(functions)) {
    alarm(`${verb}-errors`, `${verb} failed; its log says why`, fn.metricErrors({ period }))
    alarm(
      `${verb}-throttles`,
      `${verb} was throttled: the account's or the function's concurrency is used up`,
      fn.metricThrottles({ period }),
    )
  }
  const visible = { period, statistic: 'Maximum' }
  const deadStarts = stores.deadStarts.metricApproximateNumberOfMessagesVisible(visible)
  const deadEvents = stores.deadEvents.metricApproximateNumberOfMessagesVisible(visible)
  const age = stores.starts.metricApproximateAgeOfOldestMessage(visible)
  const refusedStarts = logMetric('starts-refused', ['start', 'settle'], '$.status', 'failed-to-start')
  const refusedDeliveries = logMetric('deliveries-refused', ['receive'], '$.outcome', 'unauthorized')
  alarm('dead-starts', `A run broke off ten times in an hour; look at the queue ${name}-dead-starts`, deadStarts)
  alarm('dead-events', `An ECS event was given up; look at the queue ${name}-dead-events`, deadEvents)
  alarm('queue-age', 'A run has waited for its start for ten minutes', age, 600)
  alarm(
    'starts-refused',
    `A task could not be started; the logs of ${name}-start and ${name}-settle say why`,
    refusedStarts,
  )
  alarm(
    'deliveries-refused',
    'Many deliveries without a good signature: a wrong secret, or somebody is trying',
    refusedDeliveries,
    50,
  )

  const url = (metricName: string, statistic: string) =>
    new Metric({
      namespace: 'AWS/Lambda',
      metricName,
      dimensionsMap: { FunctionName: functions.receive.functionName },
      statistic,
      period,
    })
  new Dashboard(scope, 'Dashboard', {
    dashboardName: name,
    widgets: [
      [
        new GraphWidget({
          title: 'Deliveries',
          width: 12,
          left: [url('UrlRequestCount', 'Sum'), url('Url4xxCount', 'Sum'), url('Url5xxCount', 'Sum')],
        }),
        new GraphWidget({
          title: 'Time to the first answer (ms)',
          width: 12,
          left: [url('UrlRequestLatency', 'p50'), url('UrlRequestLatency', 'p99')],
        }),
      ],
      [
        new GraphWidget({
          title: 'Starts that wait',
          width: 12,
          left: [stores.starts.metricApproximateNumberOfMessagesVisible(visible), age],
        }),
        new GraphWidget({
          title: 'What needs a person',
          width: 12,
          left: [deadStarts, deadEvents, refusedStarts, refusedDeliveries],
        }),
      ],
    ],
  })
}
