/**
 * CloudWatch metrics, made from log entries. CloudWatch Logs reads them from a line with a member `_aws`, so they need no call and no
 * permission. Pure.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import { isTerminal } from '../model/run.ts'
import type { DeliveryEntry, RunEntry } from './log-entries.ts'

export const namespace = 'Taskhook'

interface Metric {
  readonly unit: 'Count' | 'Milliseconds'
  /** The second dimension, a field of the line. Each of its values is billed as a metric (docs/cost.md). */
  readonly by?: 'outcome' | 'class' | 'status'
}

export type MetricName =
  | 'Deliveries'
  | 'VerifiedWithPrevious'
  | 'QueueAge'
  | 'Starts'
  | 'Retries'
  | 'TimeToRunning'
  | 'RunsEnded'
  | 'Untold'

export const metrics: Readonly<Record<MetricName, Metric>> = {
  Deliveries: { unit: 'Count', by: 'outcome' },
  VerifiedWithPrevious: { unit: 'Count' },
  QueueAge: { unit: 'Milliseconds' },
  Starts: { unit: 'Count', by: 'class' },
  Retries: { unit: 'Count' },
  TimeToRunning: { unit: 'Milliseconds' },
  RunsEnded: { unit: 'Count', by: 'status' },
  Untold: { unit: 'Count' },
}

export interface Measure {
  readonly name: MetricName
  readonly value: number | readonly number[]
  /** The value of the field that `by` names. */
  readonly of?: string
}

/** The first dimension: `taskhook` of the function `taskhook-receive`, so that deployments have metrics of their own. */
export const deploymentOf = (functionName: string): string => functionName.replace(/-(receive|start|settle)$/, '')

const one = (name: MetricName, of?: string): Measure => ({ name, value: 1, ...(of !== undefined && { of }) })

export const measuresOfDelivery = ({ outcome, secret }: DeliveryEntry): readonly Measure[] => [
  one('Deliveries', outcome),
  ...(secret === 'previous' ? [one('VerifiedWithPrevious')] : []),
]

const retried: ReadonlySet<RunEntry['kind']> = new Set(['soon', 'elsewhere', 'later'] as const)

export const measuresOfRun = ({ status, kind, toRunningMs }: RunEntry): readonly Measure[] => [
  ...(kind === undefined ? [] : [one('Starts', kind)]),
  ...(retried.has(kind) ? [one('Retries')] : []),
  ...(toRunningMs === undefined ? [] : [{ name: 'TimeToRunning', value: toRunningMs } as const]),
  ...(isTerminal(status) ? [one('RunsEnded', status)] : []),
]

/** The fields that make a line a metric (Embedded Metric Format). @param now milliseconds since the epoch */
export const emfOf = (
  measures: readonly Measure[],
  deployment: string,
  now: number,
): Readonly<Record<string, unknown>> => ({
  _aws: { Timestamp: now, CloudWatchMetrics: measures.map(({ name }) => directiveOf(name)) },
  deployment,
  ...Object.assign({}, ...measures.map(fieldsOf)),
})

const directiveOf = (name: MetricName) => {
  const { unit, by } = metrics[name]
  return {
    Namespace: namespace,
    Dimensions: [['deployment', ...(by === undefined ? [] : [by])]],
    Metrics: [{ Name: name, Unit: unit }],
  }
}

const fieldsOf = ({ name, value, of }: Measure): Readonly<Record<string, unknown>> => {
  const { by } = metrics[name]
  return { [name]: value, ...(by !== undefined && { [by]: of }) }
}
