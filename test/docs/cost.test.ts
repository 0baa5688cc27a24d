/** docs/cost.md: what a run does is counted, and the tables are worked out again. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { alarms } from '../deploy/expected.ts'
import { countedOf } from '../support/emf.ts'
import { pushTo, type Stage, stageSecrets, startStage } from '../support/stage.ts'
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

describe('what a run does', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await startStage({ config, env: stageSecrets, functionName: 'taskhook-start' })
    const run = await stage.accept('/github', pushTo('analyze').delivery)
    const body = JSON.stringify({ verb: 'start', run })
    const attributes = { SentTimestamp: String(stage.now()) }
    await stage.bridge.start({ Records: [{ messageId: '1', body, attributes }] })
    // The rule lets these two through: infra/terraform/functions.tf.
    const told = (await stage.events(run, 3)).filter(({ detail }) => /RUNNING|STOPPED/.test(detail?.lastStatus ?? ''))
    expect(told).toHaveLength(perRun.invocations.settle)
    for (const event of told) await stage.bridge.settle(event)
    expect(await stage.row(run)).toMatchObject({ status: 'succeeded' })
    expect(Buffer.byteLength(JSON.stringify(await stage.row(run)))).toBeLessThan(perRun.rowBytes)
  }, 30_000)
  afterAll(() => stage?.close())

  it('is what docs/cost.md counts', () => {
    const count = (...actions: string[]) => actions.flatMap((action) => stage.dynamo.callsOf(action)).length
    const pauses = stage.dynamo.callsOf('GetItem').filter(({ input }) => JSON.stringify(input).includes('"pause"'))
    // Here `receive` and `start` are one instance, which looks once.
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
  it('is so many metrics', () => {
    const counted = stage.logs.flatMap((line) => countedOf(JSON.parse(line) as Record<string, unknown>))
    const different = new Set(counted.map(({ name, dimensions }) => JSON.stringify([name, dimensions])))
    expect(different.size).toBe(perRun.metrics)
  })
  it('is written in docs/cost.md', () => {
    const text = readFileSync('docs/cost.md', 'utf8')
    expect(text).toContain(`${perRun.writes} writes and ${perRun.reads} reads`)
    expect(text).toContain(`${perRun.writeUnits} write units`)
    expect(text).toContain(priceTable())
    expect(text).toContain(billTable())
    expect(alarms).toHaveLength(13)
    expect(text).toContain(`a run that succeeds has ${perRun.metrics}`)
  })
})
