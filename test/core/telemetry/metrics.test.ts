import { describe, expect, it } from 'vitest'
import { createLog, type Log } from '../../../src/core/telemetry/log.ts'
import type { DeliveryEntry, RunEntry } from '../../../src/core/telemetry/log-entries.ts'
import { deploymentOf } from '../../../src/core/telemetry/metrics.ts'
import { emfErrors, metricsOf } from '../../support/emf.ts'

const now = Date.parse('2026-11-23T12:00:00Z')
const delivery: DeliveryEntry = { source: 'shop', outcome: 'accepted', status: 202, bytes: 1, ms: 1 }
const run: RunEntry = { run: '0123456789abcdef0123', task: 'analyze', status: 'queued' }

function written(write: (log: Log) => void, level = 'info', lambda = true) {
  const lines: string[] = []
  const destination = { write: (line: string) => void lines.push(line) }
  write(createLog(level, destination, { functionName: lambda ? 'taskhook-receive' : undefined, now: () => now }))
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>)
}

const asText = (line: Record<string, unknown>) =>
  metricsOf(line).map(({ name, dimensions: { deployment, ...rest }, value }) =>
    [deployment, name, ...Object.values(rest), value].join(' '),
  )

const cases: readonly [string, (log: Log) => void, string[]][] = [
  ['a delivery', (log) => log.delivery(delivery), ['taskhook Deliveries accepted 1']],
  [
    'a delivery verified with the previous secret',
    (log) => log.delivery({ ...delivery, secret: 'previous' }),
    ['taskhook Deliveries accepted 1', 'taskhook VerifiedWithPrevious 1'],
  ],
  ['a start', (log) => log.run({ ...run, status: 'starting', kind: 'started' }), ['taskhook Starts started 1']],
  ...(['soon', 'elsewhere', 'later'] as const).map((kind): [string, (log: Log) => void, string[]] => [
    `a start that is retried ${kind}`,
    (log) => log.run({ ...run, kind }),
    [`taskhook Starts ${kind} 1`, 'taskhook Retries 1'],
  ]),
  [
    'a start that has failed for good',
    (log) => log.run({ ...run, status: 'failed-to-start', kind: 'never' }),
    ['taskhook Starts never 1', 'taskhook RunsEnded failed-to-start 1'],
  ],
  [
    'a run that is running',
    (log) => log.run({ ...run, status: 'running', toRunningMs: 31_500 }),
    ['taskhook TimeToRunning 31500'],
  ],
  ['a run that has ended', (log) => log.run({ ...run, status: 'failed' }), ['taskhook RunsEnded failed 1']],
  ['a sender that was never notified', (log) => log.error('never', { counts: 'Untold' }), ['taskhook Untold 1']],
  ['messages that waited in the queue', (log) => log.queueAges([12, 3000]), ['taskhook QueueAge 12,3000']],
]

describe('the metrics', () => {
  it.each(cases)('of %s are valid for CloudWatch', (_, write, counted) => {
    const [line = {}, ...more] = written(write)
    expect(more).toEqual([])
    expect(emfErrors(line, now)).toEqual([])
    expect(asText(line)).toEqual(counted)
  })
  it.each(cases)('of %s are written if the log level hides the line', (_, write, counted) => {
    const [line = {}, ...more] = written(write, 'silent')
    expect(more).toEqual([])
    expect(emfErrors(line, now)).toEqual([])
    expect(asText(line)).toEqual(counted)
    expect(line).not.toHaveProperty('msg')
  })
  it.each(cases)('of %s are not written outside of Lambda', (_, write) => {
    for (const line of written(write, 'info', false)) expect(JSON.stringify(line)).not.toMatch(/_aws|deployment/)
    expect(written(write, 'silent', false)).toEqual([])
  })
  it('are not written if there is nothing to count', () => {
    expect(written((log) => log.run(run)).flatMap(metricsOf)).toEqual([])
    expect(written((log) => log.run(run), 'silent')).toEqual([])
    expect(written((log) => log.warn('words'), 'silent')).toEqual([])
    expect(written((log) => log.queueAges([]))).toEqual([])
  })
})

it('are fields of the log line', () => {
  const [line] = written((log) => log.delivery(delivery))
  expect(line).toMatchObject({ level: 'info', msg: 'delivery accepted', ...delivery, Deliveries: 1 })
})

describe('emfErrors, which judges these tests', () => {
  const [good = {}] = written((log) => log.delivery(delivery))
  const aws = (change: Record<string, unknown>) => ({ ...good, _aws: { ...(good._aws as object), ...change } })
  it.each([
    ['a time in seconds', aws({ Timestamp: now / 1000 })],
    ['no time', aws({ Timestamp: undefined })],
    ['no metrics', aws({ CloudWatchMetrics: [] })],
    ['a value that is text', { ...good, Deliveries: '1' }],
    ['no value', { ...good, Deliveries: undefined }],
    ['a dimension that is a number', { ...good, outcome: 3 }],
    ['no dimension', { ...good, deployment: undefined }],
    [
      'an unknown unit',
      aws({ CloudWatchMetrics: [{ Namespace: 'T', Dimensions: [[]], Metrics: [{ Name: 'Deliveries', Unit: 'ms' }] }] }),
    ],
    [
      '31 dimensions',
      aws({
        CloudWatchMetrics: [
          { Namespace: 'T', Dimensions: [Array(31).fill('outcome')], Metrics: [{ Name: 'Deliveries' }] },
        ],
      }),
    ],
    [
      '101 metrics',
      aws({
        CloudWatchMetrics: [{ Namespace: 'T', Dimensions: [[]], Metrics: Array(101).fill({ Name: 'Deliveries' }) }],
      }),
    ],
  ])('rejects %s', (_, line) => {
    expect(emfErrors(JSON.parse(JSON.stringify(line)) as Record<string, unknown>, now)).not.toEqual([])
  })
})

it.each([
  ['taskhook-receive', 'taskhook'],
  ['team-start-settle', 'team-start'],
  ['mine', 'mine'],
])('deploymentOf: function %s is of deployment %s', (functionName, deployment) => {
  expect(deploymentOf(functionName)).toBe(deployment)
})
