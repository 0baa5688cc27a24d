/** What a function that died, or an answer that was lost, leaves behind. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { signBody } from '../support/sign.ts'
import { type Stage, startStage } from '../support/stage.ts'

const key = 'a secret of the shop'
const config = `
sources:
  shop: { adapter: hmac, scheme: { header: x-sig, algorithm: sha256, encoding: hex }, secret: "env:SHOP" }
tasks:
  job:
    cluster: c
    taskDefinition: t
    container: a
    subnets: [s]
    concurrency: { limit: 1 }
    params: { n: { type: integer } }
    local: { command: ["true"] }
routes: [{ on: shop, run: job }]
`
let stage: Stage
beforeEach(async () => {
  stage = await startStage({ config, env: { SHOP: key } })
})
afterEach(() => stage.close())

const accept = (n: number) => {
  const body = JSON.stringify({ n })
  return stage.accept('/shop', {
    headers: { 'content-type': 'application/json', ...signBody(body, 'x-sig', '', { key }) },
    body,
  })
}

it('the next sweep gives the slot of a run to the next one if `settle` died after it recorded the end', async () => {
  const [first, second] = [await accept(1), await accept(2)]
  for (const run of [first, second]) await stage.start(run)
  const events = await stage.waitUntilStopped(first)
  for (const event of events.slice(0, -1)) await stage.bridge.settle(event)
  let isDead = false
  stage.dynamo.intercept(({ action, input }) => {
    if (isDead) return { type: 'AccessDeniedException', message: 'dead' }
    isDead = action === 'UpdateItem' && JSON.stringify(input).includes('taskVersion')
    return undefined
  })
  for (const event of events.slice(-1)) await stage.bridge.settle(event).catch(() => {})
  stage.dynamo.intercept()
  expect((await stage.runRecord(first)).status).toBe('succeeded')
  expect(await stage.takeMessages()).toEqual([])
  stage.advance(60_000)
  await stage.sweep()
  expect(JSON.stringify(await stage.takeMessages())).toContain(second)
})

it('a run that succeeded does not keep the reason for which it waited', async () => {
  const run = await accept(1)
  stage.faults.inject({ kind: 'lost' }, 3)
  await stage.start(run)
  expect((await stage.runRecord(run)).reason).toBeDefined()
  await stage.settleToEnd(run)
  expect(await stage.runRecord(run)).toMatchObject({ status: 'succeeded' })
  expect((await stage.runRecord(run)).reason).toBeUndefined()
})
