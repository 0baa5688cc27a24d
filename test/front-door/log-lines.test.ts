/** docs/operations.md: every log line names its run and its trace, whatever became of the run, and metrics count what the docs say. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { emfErrors, metricsOf } from '../support/emf.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { accessDenied } from '../support/relay.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { partnerDelivery, stageSecrets } from '../support/stage-deliveries.ts'

const task = (command: string, more = '') =>
  `{ cluster: main, taskDefinition: t, container: app, subnets: [subnet-a, subnet-b], local: { command: [sh, -c, "${command}"] }${more} }`
const source = 'adapter: hmac, scheme: standard-webhooks, secret: "env:PARTNER", callbackSecret: "env:PARTNER"'
const config = `
sources:
  shop: { ${source}, callbackUrl: "https://shop.example.com/x" }
  bad:  { ${source}, callbackUrl: "https://shop.example.com/x" }
  slow: { ${source}, callbackUrl: "https://shop.example.com/x" }
  one:  { ${source}, callbackUrl: "https://shop.example.com/x" }
tasks:
  good: ${task('true')}
  bad: ${task('exit 3')}
  slow: ${task('exec sleep 60')}
  one: ${task('exec sleep 60', ', concurrency: { limit: 1, whenFull: reject }')}
routes:
  - { on: shop, run: good }
  - { on: bad, run: bad }
  - { on: slow, run: slow }
  - { on: one, run: one }
`
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
const trace = { traceparent: `00-${traceId}-00f067aa0ba902b7-01` }

let stage: Stage
/** The status that the callback gets. */
let callbackStatus: number
/** Lines before this one are of an earlier step of the test. */
let firstLine: number
type Line = Readonly<Record<string, unknown>>
/** All lines of the present step. */
const lines = (): Line[] => stage.logs.slice(firstLine).map((line) => JSON.parse(line) as Line)

beforeEach(async () => {
  callbackStatus = 204
  firstLine = 0
  stage = await startStage({
    config,
    env: stageSecrets,
    functionName: 'taskhook-settle',
    fetchPublic: async () => new Response(null, { status: callbackStatus }),
  })
})
afterEach(() => stage?.close())

const post = (path: string) => {
  const { headers, body } = partnerDelivery(stage.now())
  return stage.post(path, { headers: { ...headers, ...trace }, body })
}
const accept = async (path: string): Promise<string> => {
  const answer = await post(path)
  expect(answer.statusCode, answer.body).toBe(202)
  await stage.takeMessages()
  return String(bodyOf(answer).run)
}

const runsOf = ({ run, runs }: Line): unknown => (run === undefined ? runs : [run])

/** Expects each line to name a run and its trace. @returns the messages about this run */
function expectLinesOf(run: string): readonly string[] {
  for (const line of lines()) {
    expect(runsOf(line), JSON.stringify(line)).toEqual([expect.stringMatching(/^[0-9a-f]{20}$/)])
    expect(line.trace, JSON.stringify(line)).toBe(traceId)
    if ('_aws' in line) expect(emfErrors(line, stage.now()), JSON.stringify(line)).toEqual([])
  }
  const own = lines().filter((line) => JSON.stringify(runsOf(line)) === JSON.stringify([run]))
  return own.map(({ msg }) => String(msg))
}
const counted = (): readonly string[] =>
  lines().flatMap((line) =>
    metricsOf(line).map(({ name, dimensions: { deployment, ...rest } }) => {
      expect(deployment).toBe('taskhook')
      return [name, ...Object.values(rest)].join(' ')
    }),
  )

describe('the log lines of a run that', () => {
  it('succeeds', async () => {
    const run = await accept('/shop')
    await stage.start(run)
    await stage.settleToEnd(run)
    expect(expectLinesOf(run)).toEqual(['delivery accepted', 'run starting', 'run running', 'run succeeded'])
    expect(counted()).toEqual(['Deliveries accepted', 'Starts started', 'TimeToRunning', 'RunsEnded succeeded'])
    const { startedAt, createdAt } = await stage.runRecord(run)
    const running = lines().find(({ status }) => status === 'running')
    expect(running?.TimeToRunning).toBe(Date.parse(startedAt ?? '') - createdAt)
  })

  it('fails', async () => {
    const run = await accept('/bad')
    await stage.start(run)
    await stage.settleToEnd(run)
    expect(expectLinesOf(run).at(-1)).toBe('run failed')
    expect(lines().at(-1)).toMatchObject({ exitCode: 3, source: 'bad', task: 'bad' })
    expect(counted().at(-1)).toBe('RunsEnded failed')
  })

  it('is tried again soon, elsewhere and later, and fails to start', async () => {
    const run = await accept('/shop')
    stage.faults.inject({ kind: 'error', type: 'ThrottlingException', message: 'Rate exceeded', status: 400 }, 3)
    await stage.start(run)
    stage.faults.inject({ kind: 'failure', reason: 'RESOURCE:ENI' }, 3)
    await stage.start(run)
    stage.faults.inject({ kind: 'error', type: 'AccessDeniedException', message: 'no', status: 400 })
    await stage.start(run)
    expectLinesOf(run)
    expect(lines().map(({ status, attempt, class: kind }) => [status, attempt, kind])).toEqual([
      [202, undefined, undefined],
      ['queued', 0, 'soon'],
      ['starting', 0, 'elsewhere'],
      ['starting', 1, 'elsewhere'],
      ['queued', 2, 'later'],
      ['failed-to-start', 3, 'never'],
    ])
    expect(counted()).toEqual([
      'Deliveries accepted',
      ...['soon', 'elsewhere', 'elsewhere', 'later'].flatMap((kind) => [`Starts ${kind}`, 'Retries']),
      'Starts never',
      'RunsEnded failed-to-start',
    ])
  })

  it('is cancelled', async () => {
    const run = await accept('/slow')
    await stage.start(run)
    for (const event of await stage.waitForEvents(run, 2)) await stage.bridge.settle(event)
    await stage.deliver({ verb: 'cancel', run, by: 'ann' })
    await stage.settleToEnd(run)
    expect(expectLinesOf(run).at(-1)).toBe('run cancelled')
    expect(counted().at(-1)).toBe('RunsEnded cancelled')
  })

  it('is refused because its group is full', async () => {
    const first = await accept('/one')
    await stage.start(first)
    firstLine = stage.logs.length
    const run = await accept('/one')
    await stage.start(run)
    expect(expectLinesOf(run)).toEqual(['delivery accepted', 'run failed-to-start'])
    expect(counted()).toEqual(['Deliveries accepted', 'RunsEnded failed-to-start'])
  })

  it('cannot be notified to its sender', async () => {
    callbackStatus = 500
    const run = await accept('/shop')
    await stage.start(run)
    await stage.settleToEnd(run)
    for (let at = 0; at < 10; at++) {
      stage.advance(3_700_000)
      await stage.sweep()
    }
    expect(await stage.openRuns()).not.toContain(run)
    const said = expectLinesOf(run)
    expect(said.at(-1)).toBe('the sender was never notified of the end; giving up')
    expect(said.filter((text) => text === 'could not notify the sender that the run is succeeded')).not.toHaveLength(0)
    expect(counted().filter((name) => name === 'Untold')).toHaveLength(1)
  })

  it('the sweep finds ended', async () => {
    const run = await accept('/shop')
    await stage.start(run)
    await stage.waitForEvents(run, 3)
    stage.advance(700_000)
    await stage.sweep()
    expect(expectLinesOf(run).at(-1)).toBe('run succeeded')
    expect(counted()).toEqual(expect.arrayContaining(['TimeToRunning', 'RunsEnded succeeded']))
  })

  it('could not be queued', async () => {
    stage.sqs.intercept(({ action }) => (action === 'SendMessage' ? accessDenied : undefined))
    expect((await post('/shop')).statusCode).toBe(500)
    const [run] = lines().flatMap(({ runs }) => (runs as string[] | undefined) ?? [])
    expect(expectLinesOf(String(run))).toEqual(['a delivery failed', 'delivery failed'])
    expect(counted()).toEqual(['Deliveries failed'])
  })

  it('cannot be started, and cannot be reviewed either', async () => {
    const run = await accept('/shop')
    const ofIt = (input: object) => JSON.stringify(input).includes(run)
    stage.dynamo.intercept(({ action, input }) => (action === 'UpdateItem' && ofIt(input) ? accessDenied : undefined))
    expect((await stage.start(run)).batchItemFailures).toHaveLength(1)
    expect(lines().at(-1)).toMatchObject({ msg: 'start failed; the queue will deliver it again', run })
    firstLine = stage.logs.length
    stage.advance(700_000)
    await stage.sweep().catch(() => {})
    expect(expectLinesOf(run)).toEqual(['the sweep could not repair a run'])
  })

  it('the ledger does not know', async () => {
    const run = await accept('/slow')
    await stage.start(run)
    const [event] = await stage.waitForEvents(run, 1)
    const other = '0'.repeat(20)
    firstLine = stage.logs.length
    const detail = { ...event?.detail, startedBy: `taskhook/${other}` }
    await stage.bridge.settle({ ...event, detail } as Parameters<Stage['bridge']['settle']>[0])
    await stage.deliver({ verb: 'cancel', run: other, by: 'ann' })
    expect(lines().map((line) => line.run)).toEqual([other, other])
  })
})

describe('the metric QueueAge', () => {
  const sent = (at: number, delay?: number) => ({
    messageId: String(at),
    body: JSON.stringify({ verb: 'tell', run: '0'.repeat(20) }),
    attributes: { SentTimestamp: String(at) },
    ...(delay !== undefined && { messageAttributes: { delay: { stringValue: String(delay) } } }),
  })
  it('is one line for a batch, without the delay that a message was sent with', async () => {
    const now = stage.now()
    await stage.bridge.start({ Records: [sent(now - 40_000), sent(now - 62_000, 60)] })
    const [line = {}] = lines()
    expect(emfErrors(line, now)).toEqual([])
    const [first = 0, second = 0] = line.QueueAge as number[]
    expect(first).toBeGreaterThanOrEqual(40_000)
    expect(first).toBeLessThan(42_000)
    expect(second).toBeGreaterThanOrEqual(2_000)
    expect(second).toBeLessThan(4_000)
  })
  it('knows the delay of a message by its attribute', async () => {
    const run = await accept('/shop')
    stage.faults.inject({ kind: 'error', type: 'ThrottlingException', message: 'Rate exceeded', status: 400 }, 3)
    await stage.start(run)
    const sent = stage.sqs.callsOf('SendMessage').at(-1)?.input
    expect(sent?.DelaySeconds).toBeGreaterThan(0)
    expect(sent).toMatchObject({ MessageAttributes: { delay: { StringValue: String(sent?.DelaySeconds) } } })
  })
})

it('refused deliveries are counted by their outcome', async () => {
  await stage.bridge.receive(urlEvent('/shop', {}, '{}'))
  await stage.bridge.receive(urlEvent('/nothing', {}, '{}'))
  expect(counted()).toEqual(['Deliveries unauthorized', 'Deliveries refused'])
})
