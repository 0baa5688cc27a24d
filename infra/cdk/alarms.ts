/** The alarms. docs/operations.md has a section for each of them. The dashboard is in dashboard.ts. */
import { Duration } from 'aws-cdk-lib'
import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch'
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda'
import type { Construct } from 'constructs'
import type { FunctionName } from '../../src/deploy/function-policies.ts'
import { period, taskhookMetric } from './metrics.ts'
import type { Stores } from './stores.ts'

export interface AlarmsOptions {
  readonly name: string
  readonly functions: Readonly<Record<FunctionName, LambdaFunction>>
  readonly stores: Stores
  readonly actions: readonly IAlarmAction[]
}

export function addAlarms(scope: Construct, options: AlarmsOptions): void {
  const { name, functions, actions } = options
  const alarm = (suffix: string, description: string, metric: IMetric, threshold = 1): void => {
    const created = new Alarm(scope, `Alarm-${suffix}`, {
      alarmName: `${name}-${suffix}`,
      alarmDescription: `${description}. See docs/operations.md#${suffix}`,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    })
    created.addAlarmAction(...actions)
    created.addOkAction(...actions)
  }

  for (const [functionName, fn] of Object.entries(functions)) {
    alarm(`${functionName}-errors`, `${functionName} failed; its log has the reason`, fn.metricErrors({ period }))
    alarm(
      `${functionName}-throttles`,
      `${functionName} was throttled: the account or the function has no concurrency left`,
      fn.metricThrottles({ period }),
    )
  }
  for (const [suffix, description, metric, threshold] of otherAlarms(options))
    alarm(suffix, description, metric, threshold)
}

type AlarmRow = readonly [suffix: string, description: string, metric: IMetric, threshold?: number]

const otherAlarms = ({ name, stores: { deadStarts, deadEvents, starts } }: AlarmsOptions): readonly AlarmRow[] => {
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
      taskhookMetric(name, 'RunsEnded', { status: 'failed-to-start' }),
    ],
    [
      'starts-waiting',
      'Starts are postponed repeatedly: no capacity, or a quota is used up',
      taskhookMetric(name, 'Starts', { class: 'later' }).with({ period: Duration.minutes(15) }),
      10,
    ],
    [
      'deliveries-refused',
      'Many deliveries without a valid signature: a wrong secret, or forged requests',
      taskhookMetric(name, 'Deliveries', { outcome: 'unauthorized' }),
      50,
    ],
    [
      'senders-untold',
      'A sender could not be notified of the end of its run after ten tries',
      taskhookMetric(name, 'Untold'),
    ],
  ]
}
