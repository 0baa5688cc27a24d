/** docs: what a person may see is decided by the route that started a run, not by another route of the same task. */
import { afterEach, beforeEach, expect, it } from 'vitest'
import { slackDelivery } from '../support/deliveries.ts'
import { urlEvent } from '../support/function-url.ts'
import { startWorld, type World } from '../support/world.ts'

const SLACK = '8f742231b10e8888abcd99ccc555aa00'
const config = `
sources:
  slack: { adapter: slack, signingSecret: "env:SLACK" }
tasks:
  job:
    cluster: c
    taskDefinition: t
    container: app
    subnets: [s]
    params: { env: { type: string, required: true, env: WHERE }, note: { type: string } }
    local: { command: [sh, -c, 'echo "in $WHERE"'] }
routes:
  - { on: slack, command: /prod, run: job, with: { env: prod }, allow: { users: [U1] } }
  - { on: slack, command: /dev, run: job, with: { env: dev } }
`

let world: World
beforeEach(async () => {
  world = await startWorld({ config, env: { SLACK } })
})
afterEach(() => world.close())

const type = async (command: string, text: string, user: string): Promise<string> => {
  const fields = { command, text, user_id: user, channel_id: 'C1', trigger_id: crypto.randomUUID() }
  const { headers, body } = slackDelivery(SLACK, new URLSearchParams(fields).toString())
  return (await world.bridge.receive(urlEvent('/slack', headers, body))).body
}

it('a route shows its own runs only, and a route with an `allow` list shows them to its people only', async () => {
  await type('/prod', 'note=topsecret', 'U1')
  await type('/dev', 'note=plain', 'U666')
  expect(await type('/dev', 'status', 'U666')).not.toContain('topsecret')
  expect(await type('/dev', 'status', 'U666')).toContain('plain')
  expect(await type('/prod', 'status', 'U1')).toContain('topsecret')
})
