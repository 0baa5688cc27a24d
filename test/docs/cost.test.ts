/** docs/cost.md: counts the calls of a run and calculates the tables again. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alarms } from '../deploy/expected.ts'
import { metricsOf } from '../support/emf.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { pushTo, stageSecrets } from '../support/stage-deliveries.ts'
import { billTable, perRun, priceTable } from './cost.ts'

const config = `
sources:
  github: { adapter: github, secret: "env:GITHUB", token: "env:GITHUB_TOKEN" }
tasks:
  analyze:
    cluster: analytics
    taskDefinition: analyze
    container: app
    subnets: [subnet-0123456789abcdef0, subnet-0fedcba9876543210]
    securityGroups: [sg-0123456789abcdef0]
    timeout: 2h
    params: { dataset: { type: string, required: true }, depth: { type: integer, default: 3 } }
    local: { command: [sh, -c, "sleep 1"] }
routes:
  - { on: github, event: push, run: analyze, with: { dataset: "\${event.repository.name}" } }
`

describe('the cost of a run', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await startStage({ config, env: stageSecrets, functionName: 'taskhook-start' })
    const run = await stage.accept('/github', pushTo('analyze').delivery)
    const body = JSON.stringify({ verb: 'start', run })
    const attributes = { SentTimestamp: String(stage.now()) }
    await stage.bridge.start({ Records: [{ messageId: '1', body, attributes }] })
    // The EventBridge rule forwards only these two: infra/terraform/functions.tf.
    const forwarded = (await stage.waitForEvents(run, 3)).filter(({ detail }) =>
      /RUNNING|STOPPED/.test(detail?.lastStatus ?? ''),
    )
    expect(forwarded).toHaveLength(perRun.invocations.settle)
    for (const event of forwarded) await stage.bridge.settle(event)
    expect(await stage.runRecord(run)).toMatchObject({ status: 'succeeded' })
    expect(Buffer.byteLength(JSON.stringify(await stage.runRecord(run)))).toBeLessThan(perRun.rowBytes)
  }, 30_000)
  afterAll(() => stage?.close())

  it('counts the calls that docs/cost.md states', () => {
    const count = (...actions: string[]) => actions.flatMap((action) => stage.dynamo.callsOf(action)).length
    const pauses = stage.dynamo.callsOf('GetItem').filter(({ input }) => JSON.stringify(input).includes('"pause"'))
    // `receive` and `start` share one instance here, so the pauses are read once.
    expect(pauses.length).toBeLessThan(perRun.pauseReads)
    expect({
      writes: count('PutItem', 'UpdateItem'),
      reads: count('GetItem') - pauses.length,
      sends: stage.sqs.callsOf('SendMessage').length,
      starts: stage.ecs.callsOf('RunTask').length,
    }).toEqual({ writes: perRun.writes, reads: perRun.reads, sends: perRun.sends, starts: 1 })
    // Lambda's own three lines are some 350 bytes for each invocation.
    expect(stage.logs.join('').length + 4 * 350).toBeLessThan(perRun.logBytes)
  })
  it('publishes the number of metrics that docs/cost.md states', () => {
    const counted = stage.logs.flatMap((line) => metricsOf(JSON.parse(line) as Record<string, unknown>))
    const different = new Set(counted.map(({ name, dimensions }) => JSON.stringify([name, dimensions])))
    expect(different.size).toBe(perRun.metrics)
  })
  it('matches the text and tables of docs/cost.md', () => {
    const text = readFileSync('docs/cost.md', 'utf8')
    const prose = text.replace(/\s+/g, ' ')
    expect(prose).toContain(`${perRun.writes} writes and ${perRun.reads} reads`)
    expect(prose).toContain(`${perRun.writeUnits} write units`)
    expect(prose).toContain(`a run that succeeds has ${perRun.metrics}`)
    expect(text).toContain(priceTable())
    expect(text).toContain(billTable())
    expect(alarms).toHaveLength(13)
  })
})
