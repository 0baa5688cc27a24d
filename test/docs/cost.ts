/** Calculates the monthly bill: prices × what a run does. docs/cost.md shows the two tables that come out of this. */

export interface Price {
  readonly what: string
  /** US dollars, us-east-1. */
  readonly usd: number
  readonly per: string
  readonly source: string
}

export const prices = {
  requests: { what: 'Lambda requests', usd: 0.2, per: 'million', source: 'https://aws.amazon.com/lambda/pricing/' },
  duration: {
    what: 'Lambda duration, arm64',
    usd: 13.3334,
    per: 'million GB-seconds',
    source: 'https://aws.amazon.com/lambda/pricing/',
  },
  writes: {
    what: 'DynamoDB write units, on demand',
    usd: 0.625,
    per: 'million',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  reads: {
    what: 'DynamoDB read units, on demand',
    usd: 0.125,
    per: 'million',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  storage: {
    what: 'DynamoDB storage, with point-in-time recovery',
    usd: 0.45,
    per: 'GB-month',
    source: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
  },
  queue: { what: 'SQS requests', usd: 0.4, per: 'million', source: 'https://aws.amazon.com/sqs/pricing/' },
  logs: {
    what: 'CloudWatch Logs ingestion',
    usd: 0.5,
    per: 'GB',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  alarms: { what: 'CloudWatch alarms', usd: 0.1, per: 'alarm', source: 'https://aws.amazon.com/cloudwatch/pricing/' },
  metrics: {
    what: 'CloudWatch metrics, prorated by the hour',
    usd: 0.3,
    per: 'metric',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  dashboard: {
    what: 'CloudWatch dashboard',
    usd: 3,
    per: 'dashboard',
    source: 'https://aws.amazon.com/cloudwatch/pricing/',
  },
  secrets: {
    what: 'Secrets Manager secrets',
    usd: 0.4,
    per: 'secret',
    source: 'https://aws.amazon.com/secrets-manager/pricing/',
  },
  secretCalls: {
    what: 'Secrets Manager calls',
    usd: 5,
    per: 'million',
    source: 'https://aws.amazon.com/secrets-manager/pricing/',
  },
  events: {
    what: 'EventBridge events from AWS services and schedules',
    usd: 0,
    per: 'event',
    source: 'https://aws.amazon.com/eventbridge/pricing/',
  },
} as const satisfies Record<string, Price>

/** The calls of one delivery that runs a task; test/docs/cost.test.ts counts them. */
export const perRun = {
  writes: 9,
  reads: 2,
  /** `receive` and `start` each read the pauses at most once in five seconds. */
  pauseReads: 2,
  sends: 1,
  /** For a row of up to 2 kB, plus the index whenever the time of the run's next check changes. */
  writeUnits: 29,
  rowBytes: 2000,
  invocations: { receive: 1, start: 1, settle: 2 },
  /** taskhook's own lines with the metrics in them, and Lambda's START, END and REPORT. */
  logBytes: 3700,
  /** Each value of a dimension is a metric of its own. */
  metrics: 5,
} as const

/** A generous estimate for warm functions. Lambda bills milliseconds × MB. */
const time = {
  receive: { ms: 60, mb: 512 },
  start: { ms: 250, mb: 256 },
  settle: { ms: 100, mb: 256 },
  sweep: { ms: 40, mb: 256 },
} as const

const minutes = 43_800
/** Lambda runs five pollers, and each polls an empty queue every 20 seconds. */
const emptyPolls = 5 * 3 * minutes
const secrets = 4
/** Three busy functions each read the current and the previous version of a secret every five minutes. */
const secretCalls = secrets * 2 * 3 * (minutes / 5)

const gbSeconds = ({ ms, mb }: { readonly ms: number; readonly mb: number }): number => (ms / 1000) * (mb / 1024)
const millions = (count: number): number => count / 1_000_000

/** US dollars per month, by line of the bill. */
export function billFor(runs: number): readonly { readonly what: string; readonly usd: number }[] {
  const { receive, start, settle } = perRun.invocations
  const invocations = runs * (receive + start + settle) + minutes
  const duration =
    runs * (receive * gbSeconds(time.receive) + start * gbSeconds(time.start) + settle * gbSeconds(time.settle)) +
    minutes * gbSeconds(time.sweep)
  const gb = (bytes: number): number => (runs * bytes) / 1e9
  return [
    { what: 'Lambda', usd: millions(invocations) * prices.requests.usd + millions(duration) * prices.duration.usd },
    {
      what: 'DynamoDB',
      usd:
        millions(runs * perRun.writeUnits) * prices.writes.usd +
        millions(runs * (perRun.reads + perRun.pauseReads) + minutes) * prices.reads.usd +
        gb(perRun.rowBytes) * prices.storage.usd,
    },
    // One send, one receive and one delete for each message.
    { what: 'SQS', usd: millions(runs * 3 + emptyPolls) * prices.queue.usd },
    { what: 'CloudWatch Logs', usd: gb(perRun.logBytes) * prices.logs.usd },
    {
      what: 'Alarms, metrics, dashboard',
      usd: 13 * prices.alarms.usd + perRun.metrics * prices.metrics.usd + prices.dashboard.usd,
    },
    {
      what: 'Secrets Manager, four secrets',
      usd: secrets * prices.secrets.usd + millions(Math.min(secretCalls, runs * 8)) * prices.secretCalls.usd,
    },
  ]
}

const dollars = (usd: number): string => `$${usd.toFixed(2)}`
const scales = [1_000, 100_000, 10_000_000] as const

export function billTable(): string {
  const bills = scales.map(billFor)
  const total = (bill: ReturnType<typeof billFor>): number => bill.reduce((sum, { usd }) => sum + usd, 0)
  return [
    '| per month | 1 k runs | 100 k runs | 10 M runs |',
    '| --- | --- | --- | --- |',
    ...billFor(1).map(
      ({ what }, at) => `| ${what} | ${bills.map((bill) => dollars(bill[at]?.usd ?? 0)).join(' | ')} |`,
    ),
    `| **total** | ${bills.map((bill) => `**${dollars(total(bill))}**`).join(' | ')} |`,
    `| per thousand runs | ${bills.map((bill, at) => dollars((total(bill) / (scales[at] ?? 1)) * 1000)).join(' | ')} |`,
  ].join('\n')
}

export const priceTable = (): string =>
  [
    '| | US dollars | for |',
    '| --- | --- | --- |',
    ...Object.values(prices).map(({ what, usd, per, source }) => `| [${what}](${source}) | ${usd} | ${per} |`),
  ].join('\n')
