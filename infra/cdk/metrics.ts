/** taskhook's own metrics (src/core/telemetry/metrics.ts), for alarms and the dashboard. */
import { Duration } from 'aws-cdk-lib'
import { Metric } from 'aws-cdk-lib/aws-cloudwatch'

export const period = Duration.minutes(5)

/** @param by the metric's second dimension and its value */
export const taskhookMetric = (name: string, metricName: string, by: Readonly<Record<string, string>> = {}) =>
  new Metric({
    namespace: 'Taskhook',
    metricName,
    dimensionsMap: { deployment: name, ...by },
    statistic: 'Sum',
    period,
  })
