/** The dashboard: the same ten graphs as in infra/terraform/alarms.tf. */
import { Dashboard, GraphWidget, type IMetric, type Metric } from 'aws-cdk-lib/aws-cloudwatch'
import type { Construct } from 'constructs'
import { type AlarmsOptions, counted, period } from './alarms.ts'

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
    values.map((value) => counted(name, metric, { [by]: value }))
  const usualAndWorst = (metric: Metric) => ['p50', 'p99'].map((statistic) => metric.with({ statistic }))
  const outcomes = ['accepted', 'duplicate', 'ignored', 'refused', 'unauthorized', 'failed']
  const ends = ['succeeded', 'failed', 'cancelled', 'timed-out', 'failed-to-start']
  const answers = lines('Starts', 'class', ['started', 'soon', 'elsewhere', 'later', 'never'])
  return [
    ['Requests', [url('UrlRequestCount'), url('Url4xxCount'), url('Url5xxCount')]],
    ['Response time (ms)', [url('UrlRequestLatency', 'p50'), url('UrlRequestLatency', 'p99')]],
    ['Deliveries', lines('Deliveries', 'outcome', outcomes)],
    ['Starts', [...answers, counted(name, 'Retries')]],
    ['Delivery to RUNNING (ms)', usualAndWorst(counted(name, 'TimeToRunning'))],
    ['Ended runs', lines('RunsEnded', 'status', ends)],
    [
      'Queued messages',
      [starts.metricApproximateNumberOfMessagesVisible(visible), starts.metricApproximateAgeOfOldestMessage(visible)],
    ],
    ['Queue age (ms)', usualAndWorst(counted(name, 'QueueAge'))],
    [
      'Needs attention',
      [
        deadStarts.metricApproximateNumberOfMessagesVisible(visible),
        deadEvents.metricApproximateNumberOfMessagesVisible(visible),
        counted(name, 'Untold'),
      ],
    ],
    ['Verified with the previous secret', [counted(name, 'VerifiedWithPrevious')]],
  ]
}
