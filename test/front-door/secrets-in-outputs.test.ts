/** SECURITY.md: no secret is in a log line, the table, the overrides or output of a task, or an answer. */
import { ScanCommand } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import push from '../../src/local/samples/github-push.json' with { type: 'json' }
import { configText, secrets } from '../support/config.ts'
import { type Delivery, githubDelivery, slackDelivery, standardDelivery } from '../support/deliveries.ts'
import { eventually } from '../support/eventually.ts'
import { urlEvent } from '../support/function-url.ts'
import { startWorld, type World } from '../support/world.ts'

const responseUrl = 'https://hooks.slack.com/commands/T1/1/response-url-secret'
const answers: string[] = []
let world: World

beforeAll(async () => {
  world = await startWorld({
    config: configText,
    env: secrets,
    // Senders are down, so that the log lines about that are checked, too.
    fetch: async (input) => {
      throw new TypeError('fetch failed', {
        cause: new Error(`connect ECONNREFUSED ${String(input instanceof Request ? input.url : input)}`),
      })
    },
  })
  const slack = new URLSearchParams({
    command: '/analyze',
    text: 'dataset=sales',
    token: 'deprecated-verification-token',
    user_id: 'U1',
    channel_id: 'C1',
    response_url: responseUrl,
    trigger_id: '1.2.trigger-id-secret',
  }).toString()
  const deliveries: [string, Delivery][] = [
    ['/slack', slackDelivery(secrets.SLACK, slack)],
    ['/slack', slackDelivery('wrong', slack)],
    ['/github', githubDelivery(secrets.GITHUB, JSON.stringify(push), 'push')],
    ['/github', githubDelivery('wrong', JSON.stringify(push), 'push')],
    ['/partner', standardDelivery(secrets.PARTNER, '{"dataset":"people"}')],
    ['/partner', standardDelivery(secrets.PARTNER, '{"dataset":12}')],
  ]
  for (const [path, { headers, body }] of deliveries)
    answers.push(JSON.stringify(await world.bridge.receive(urlEvent(path, headers, body))))
  await eventually(
    async () => (await world.tasks()).filter(({ lastStatus }) => lastStatus === 'STOPPED').length === 3 || undefined,
  )
  await eventually(() => world.logs.some((line) => line.includes('could not notify the sender')) || undefined)
})
afterAll(() => world.close())

const secretTexts = [...Object.values(secrets), 'status-key-0123456789abcdef', secrets.PARTNER.replace('whsec_', '')]
const places: Record<string, () => Promise<string> | string> = {
  logs: () => world.logs.join(''),
  answers: () => answers.join(''),
  overrides: async () => JSON.stringify(await world.tasks()),
  'output of tasks': () => world.output.join('\n'),
  table: async () =>
    JSON.stringify((await world.emulators.dynamo.send(new ScanCommand({ TableName: 'taskhook' }))).Items),
}

it.each(Object.keys(places))('no secret is in the %s', async (name) => {
  const text = (await places[name]?.()) ?? ''
  expect(text.length).toBeGreaterThan(100)
  for (const secret of secretTexts) expect(text).not.toContain(secret)
  expect(text).not.toContain('trigger-id-secret')
  expect(text).not.toContain('deprecated-verification-token')
})

it('a response_url is in the table and nowhere else', async () => {
  expect((await places.table?.()) ?? '').toContain('response-url-secret')
  for (const name of ['logs', 'answers', 'overrides', 'output of tasks'])
    expect((await places[name]?.()) ?? '').not.toContain('response-url-secret')
})
