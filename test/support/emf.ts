/**
 * What CloudWatch takes as metrics, as JSON Schema, and the rules that a schema cannot say. In words of our own after
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import { Ajv } from 'ajv'

const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength })

const schema = {
  type: 'object',
  required: ['_aws'],
  properties: {
    _aws: {
      type: 'object',
      required: ['Timestamp', 'CloudWatchMetrics'],
      properties: {
        Timestamp: { type: 'integer', minimum: 0 },
        CloudWatchMetrics: {
          type: 'array',
          minItems: 1,
          items: {
            type: 'object',
            required: ['Namespace', 'Dimensions', 'Metrics'],
            additionalProperties: false,
            properties: {
              Namespace: { ...text(255), pattern: '^[\\w.\\-/#]+$' },
              Dimensions: { type: 'array', minItems: 1, items: { type: 'array', maxItems: 30, items: text(250) } },
              Metrics: {
                type: 'array',
                minItems: 1,
                maxItems: 100,
                items: {
                  type: 'object',
                  required: ['Name'],
                  additionalProperties: false,
                  // The units that there are beside these are none of ours.
                  properties: { Name: text(255), Unit: { enum: ['Count', 'Milliseconds'] } },
                },
              },
            },
          },
        },
      },
    },
  },
}

const matches = new Ajv({ allErrors: true }).compile(schema)

interface Directive {
  readonly Namespace: string
  readonly Dimensions: readonly (readonly string[])[]
  readonly Metrics: readonly { readonly Name: string; readonly Unit?: string }[]
}
type Line = Readonly<Record<string, unknown>>

const directivesOf = (line: Line): readonly Directive[] =>
  (line._aws as { readonly CloudWatchMetrics: readonly Directive[] }).CloudWatchMetrics

/** What CloudWatch would refuse a line for; empty: nothing. @param now milliseconds since the epoch */
export function emfErrors(line: Line, now: number): readonly string[] {
  if (!matches(line)) return (matches.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
  const { Timestamp } = line._aws as { readonly Timestamp: number }
  const day = 86_400_000
  return [
    // Seconds would be of 1970.
    ...(Timestamp > now + day / 12 || Timestamp < now - 14 * day ? [`the time ${Timestamp} is not taken`] : []),
    ...directivesOf(line).flatMap(({ Dimensions, Metrics }) => [
      ...Dimensions.flat().flatMap((name) => (isDimension(line[name]) ? [] : [`the dimension ${name} is not text`])),
      ...Metrics.flatMap(({ Name }) => (isValue(line[Name]) ? [] : [`the metric ${Name} is no number`])),
    ]),
  ]
}

const isDimension = (value: unknown): boolean => typeof value === 'string' && /^[^:\s][\x20-\x7e]{0,1023}$/.test(value)
const isValue = (value: unknown): boolean =>
  Number.isFinite(value) || (Array.isArray(value) && value.length <= 100 && value.every(Number.isFinite))

export interface CountedMetric {
  readonly name: string
  readonly unit: string | undefined
  readonly dimensions: Readonly<Record<string, unknown>>
  readonly value: unknown
}

/** What CloudWatch counts of a line; of one that is no metric nothing. */
export function metricsOf(line: Line): readonly CountedMetric[] {
  if (!('_aws' in line)) return []
  return directivesOf(line).flatMap(({ Dimensions, Metrics }) =>
    Metrics.flatMap(({ Name, Unit }) =>
      Dimensions.map((names) => ({
        name: Name,
        unit: Unit,
        dimensions: Object.fromEntries(names.map((name) => [name, line[name]])),
        value: line[Name],
      })),
    ),
  )
}
