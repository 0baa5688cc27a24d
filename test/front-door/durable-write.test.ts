/** docs/architecture.md: a sender gets a good answer only after the run is stored; what was stored and not queued is recovered by the sweep. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Delivery } from '../support/deliveries.ts'
import { accessDenied } from '../support/relay.ts'
import { type Stage, startStage } from '../support/stage.ts'
import { pushTo, stageSecrets as secrets } from '../support/stage-deliveries.ts'
import { config, runQueued, sendersOf, slackForm } from './three-senders.ts'

let stage: Stage
beforeEach(async () => {
  stage = await startStage({ config, env: secrets })
})
afterEach(() => stage.close())

const senders: [path: string, make: () => Delivery, failed: number, accepted: number][] = [
  ['/github', () => pushTo('web').delivery, 500, 202],
  ['/partner', () => sendersOf(stage).partner('{}'), 500, 202],
  // Slack shows any other status as an error of its own.
  ['/slack', () => sendersOf(stage).slack(slackForm('')), 200, 200],
]
const slackError = 'Something went wrong on our side'

describe('if the table cannot be written', () => {
  it.each(senders)('%s gets an error, nothing is queued, and the same delivery is new later', async (...sender) => {
    const [path, make, failed, accepted] = sender
    const delivery = make()
    stage.dynamo.intercept(({ action }) => (action === 'PutItem' ? accessDenied : undefined))
    const answer = await stage.post(path, delivery)
    expect(answer.statusCode).toBe(failed)
    if (path === '/slack') expect(answer.body).toContain(slackError)
    expect(await stage.takeMessages()).toEqual([])
    stage.dynamo.intercept()
    expect((await stage.post(path, delivery)).statusCode).toBe(accepted)
    expect(await runQueued(stage)).toHaveLength(1)
  })
})

describe('if the queue cannot be written', () => {
  it.each(senders)('%s gets an error, and the sweep queues the stored run', async (path, make, failed) => {
    stage.sqs.intercept(() => accessDenied)
    const answer = await stage.post(path, make())
    expect(answer.statusCode).toBe(failed)
    if (path === '/slack') expect(answer.body).toContain(slackError)
    const [run] = await stage.openRuns()
    expect(await stage.runRecord(String(run))).toMatchObject({ status: 'queued' })
    stage.sqs.intercept()
    stage.advance(121_000)
    await stage.sweep()
    expect(await runQueued(stage)).toEqual([run])
    expect(await stage.runRecord(String(run))).toMatchObject({ status: 'succeeded' })
  })
})
