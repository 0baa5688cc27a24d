/** The dashboard: the same ten graphs as in infra/terraform/alarms.tf. */
import { Dashboard, GraphWidget, type IMetric, type Metric } from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'
import type { AlarmsOptions } from './alarms.ts'
import { period, taskhookMetric } from './metrics.ts'

export function addDashboard(scope: Construct, options: Omit<AlarmsOptions, 'actions'>): void {
  const graphs = graphsOf(options).map(([title, left]) => new GraphWidget({ title, width: 12, left: [...left] }))
  const rows = graphs.flatMap((_, at) => (at % 2 === 0 ? [graphs.slice(at, at + 2)] : []))
  new Dashboard(scope, 'Dashboard', { dashboardName: options.name, widgets: rows })
}

type Graph = readonly [title: string, lines: readonly IMetric[]]

function graphsOf({ name, functions, stores }: Omit<AlarmsOptions, 'actions'>): readonly Graph[] {
  const { starts, deadStarts, deadEvents } = stores
  const url = (metricName: string, statistic = 'Sum') => functions.receive.metric(metricName, { statistic, period })
  const visible = { period, statistic: 'Maximum' }
  const lines = (metric: string, by: string, values: readonly string[]) =>
    values.map((value) => taskhookMetric(name, metric, { [by]: value }))
  const medianAndP99 = (metric: Metric) => ['p50', 'p99'].map((statistic) => metric.with({ statistic }))
  const outcomes = ['accepted', 'duplicate', 'ignored', 'refused', 'unauthorized', 'failed']
  const statuses = ['succeeded', 'failed', 'cancelled', 'timed-out', 'failed-to-start']
  const classes = lines('Starts', 'class', ['started', 'soon', 'elsewhere', 'later', 'never'])
  return [
    ['Requests', [url('UrlRequestCount'), url('Url4xxCount'), url('Url5xxCount')]],
    ['Response time (ms)', [url('UrlRequestLatency', 'p50'), url('UrlRequestLatency', 'p99')]],
    ['Deliveries', lines('Deliveries', 'outcome', outcomes)],
    ['Starts', [...classes, taskhookMetric(name, 'Retries')]],
    ['Delivery to RUNNING (ms)', medianAndP99(taskhookMetric(name, 'TimeToRunning'))],
    ['Ended runs', lines('RunsEnded', 'status', statuses)],
    [
      'Queued messages',
      [starts.metricApproximateNumberOfMessagesVisible(visible), starts.metricApproximateAgeOfOldestMessage(visible)],
    ],
    ['Queue age (ms)', medianAndP99(taskhookMetric(name, 'QueueAge'))],
    [
      'Needs attention',
      [
        deadStarts.metricApproximateNumberOfMessagesVisible(visible),
        deadEvents.metricApproximateNumberOfMessagesVisible(visible),
        taskhookMetric(name, 'Untold'),
      ],
    ],
    ['Verified with the previous secret', [taskhookMetric(name, 'VerifiedWithPrevious')]],
  ]
}
