/** Buttons and sub-commands of Slack, from the signed request to the process that stops and the message that says so. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { slackDelivery } from '../support/deliveries.ts'
import { eventually } from '../support/eventually.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { startWorld, type World } from '../support/world.ts'

const secrets = { SLACK: '8f742231b10e8888abcd99ccc555aa00', OTHER: '00aa555ccc99dcba8888e01b132247f8' }
const config = `
sources:
  slack: { adapter: slack, signingSecret: "env:SLACK" }
  other: { adapter: slack, signingSecret: "env:OTHER" }
tasks:
  long:
    cluster: c
    taskDefinition: long
    container: app
    subnets: [s]
    params: { dataset: { type: string, required: true } }
    local: { command: [sh, -c, 'sleep 60'] }
  quick:
    cluster: c
    taskDefinition: quick
    container: app
    subnets: [s]
    params: { dataset: { type: string, required: true } }
    local: { command: [sh, -c, 'echo "quick $DATASET by $TASKHOOK_ACTOR"; exit 3'] }
routes:
  - { on: slack, command: /long, run: long, allow: { users: [U1, U2] } }
  - { on: slack, command: /quick, run: quick }
  - { on: other, command: /quick, run: quick }
`

let world: World
beforeAll(async () => {
  world = await startWorld({ config, env: secrets })
})
afterAll(() => world?.close())

interface Block {
  readonly type: string
  readonly text?: { readonly text: string }
  readonly elements?: readonly { readonly action_id?: string; readonly value?: string; readonly text?: unknown }[]
}
interface Message {
  readonly text: string
  readonly blocks: readonly Block[]
  readonly replace_original?: boolean
}

const send = (path: string, secret: string, body: string) =>
  world.bridge.receive(urlEvent(path, slackDelivery(secret, body).headers, body))

let commands = 0
async function type(command: string, text: string, user = 'U1', path = '/slack', secret = secrets.SLACK) {
  const id = `${commands++}`
  const answer = await send(
    path,
    secret,
    new URLSearchParams({
      ...{ command, text, user_id: user, user_name: 'ann', channel_id: 'C1', trigger_id: `1.2.${id}` },
      response_url: `https://hooks.slack.com/commands/T1/${id}/x`,
    }).toString(),
  )
  expect(answer.statusCode).toBe(200)
  return { id, message: bodyOf(answer) as unknown as Message }
}

/** As Slack sends a click: https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
const click = (
  action_id: string,
  value: string,
  user = { id: 'U2', username: 'bob' },
  secret = secrets.SLACK,
  path = '/slack',
) => {
  const payload = {
    type: 'block_actions',
    user: { ...user, team_id: 'T1' },
    api_app_id: 'A1',
    team: { id: 'T1', domain: 'acme' },
    container: { type: 'message', message_ts: '1.1', channel_id: 'C1', is_ephemeral: true },
    trigger_id: `9.9.${commands++}`,
    channel: { id: 'C1', name: 'data' },
    response_url: `https://hooks.slack.com/actions/T1/${value || 'none'}/y`,
    actions: [
      { type: 'button', action_id, block_id: 'b1', value, text: { type: 'plain_text', text: 'x' }, action_ts: '1.1' },
    ],
  }
  return send(path, secret, new URLSearchParams({ payload: JSON.stringify(payload) }).toString())
}

const buttonsOf = ({ blocks }: Message) =>
  blocks.flatMap(({ type, elements = [] }) => (type === 'actions' ? elements.map(({ action_id }) => action_id) : []))
const runIn = ({ blocks }: Message): string =>
  blocks.flatMap(({ elements = [] }) => elements.flatMap(({ value }) => value ?? []))[0] ?? ''
const told = (part: string) =>
  world.inbox.messages.filter(({ url }) => url.pathname.includes(part)).map(({ body }) => body as Message)
const tasksOf = async (run: string) => (await world.tasks()).filter(({ startedBy }) => startedBy === `taskhook/${run}`)
const running = (id: string) =>
  eventually(() => told(`/commands/T1/${id}/`).find(({ text }) => text === 'long running'))

describe('Cancel', () => {
  it('says at once that it is on its way, stops the process within seconds, and says by whom', async () => {
    const { id, message } = await type('/long', 'sales')
    expect(buttonsOf(message)).toEqual(['taskhook:cancel', 'taskhook:show'])
    const run = runIn(message)
    expect(buttonsOf(await running(id))).toEqual(['taskhook:cancel', 'taskhook:show'])

    const began = Date.now()
    expect((await click('taskhook:cancel', run)).statusCode).toBe(200)
    expect(told(`/actions/T1/${run}/`)).toMatchObject([
      { text: 'long is being cancelled by bob', replace_original: true },
    ])
    const end = await eventually(() => told(`/commands/T1/${id}/`).find(({ text }) => text.includes('was cancelled')))
    expect(Date.now() - began).toBeLessThan(5_000)
    expect(end.text).toMatch(/^long was cancelled by bob after /)
    expect(buttonsOf(end)).toEqual(['taskhook:rerun'])
    expect((await tasksOf(run)).map(({ stoppedReason }) => stoppedReason)).toEqual(['taskhook: cancelled by bob'])
  })

  it('can be typed as well', async () => {
    const { id, message } = await type('/long', 'people')
    await running(id)
    const { message: answer } = await type('/long', `cancel ${runIn(message)}`)
    expect(answer.text).toBe('long is being cancelled by ann')
    await eventually(() => told(`/commands/T1/${id}/`).find(({ text }) => text.includes('was cancelled by ann')))
  })
})

describe('Run again', () => {
  it('is a new run that names the old one, and answers where it was asked for', async () => {
    const { id, message } = await type('/quick', 'sales')
    const old = runIn(message)
    const end = await eventually(() => told(`/commands/T1/${id}/`).find(({ text }) => text.includes('exit code 3')))
    expect(buttonsOf(end)).toEqual(['taskhook:rerun'])
    await click('taskhook:rerun', old)
    const messages = await eventually(() => {
      const all = told(`/actions/T1/${old}/`)
      return all.some(({ text }) => text.includes('exit code 3')) && all
    })
    expect(messages[0]?.text).toBe('quick queued')
    expect(JSON.stringify(messages[0])).toContain(`rerun of \`${old}\``)
    const again = runIn(messages[0] as Message)
    expect(again).not.toBe(old)
    expect(await tasksOf(again)).toHaveLength(1)
    await eventually(() => world.output.includes('quick sales by U2'))
  })
})

describe('status', () => {
  it('shows the last runs of what the command runs, newest first', async () => {
    const { message } = await type('/quick', 'newest')
    const { message: list } = await type('/quick', 'status')
    expect(list.text).toMatch(/^The last \d runs$/)
    expect(list.blocks[0]?.text?.text).toContain('dataset=newest')
    expect(list.blocks[0]?.text?.text).toContain(runIn(message))
    expect(JSON.stringify(list)).not.toContain('*long*')
  })
  it('of a source that has run nothing says so', async () => {
    const { message } = await type('/quick', 'status', 'U1', '/other', secrets.OTHER)
    expect(message.text).toBe('Nothing has run yet.')
  })
  it('Refresh shows the run as it is now', async () => {
    const { id, message } = await type('/quick', 'visits')
    await eventually(() => told(`/commands/T1/${id}/`).find(({ text }) => text.includes('exit code 3')))
    await click('taskhook:show', runIn(message))
    expect(told(`/actions/T1/${runIn(message)}/`).at(-1)).toMatchObject({
      text: expect.stringContaining('exit code 3'),
      replace_original: true,
    })
  })
})

describe('who may not', () => {
  it.each(['taskhook:cancel', 'taskhook:rerun', 'taskhook:show'])(
    '%s: a person whom the route does not allow',
    async (action) => {
      const { id, message } = await type('/long', 'guarded')
      await running(id)
      const before = (await world.tasks()).length
      await click(action, runIn(message), { id: 'U3', username: 'eve' })
      expect(told(`/actions/T1/${runIn(message)}/`).at(-1)).toMatchObject({
        text: expect.stringContaining('this is not open to you'),
        replace_original: false,
      })
      expect((await tasksOf(runIn(message))).map(({ lastStatus }) => lastStatus)).toEqual(['RUNNING'])
      expect(await world.tasks()).toHaveLength(before)
      await click('taskhook:cancel', runIn(message))
    },
  )

  it("another workspace's button, for a run that is not its own", async () => {
    const { id, message } = await type('/long', 'mine')
    await running(id)
    await click('taskhook:cancel', runIn(message), { id: 'U1', username: 'ann' }, secrets.OTHER, '/other')
    expect(told(`/actions/T1/${runIn(message)}/`).at(-1)?.text).toContain('There is no such run')
    expect((await tasksOf(runIn(message))).map(({ lastStatus }) => lastStatus)).toEqual(['RUNNING'])
    await click('taskhook:cancel', runIn(message))
  })

  it('a click that Slack did not sign', async () => {
    const { message } = await type('/quick', 'forged')
    expect((await click('taskhook:rerun', runIn(message), undefined, 'not-the-secret')).statusCode).toBe(401)
    expect(told(`/actions/T1/${runIn(message)}/`)).toEqual([])
  })

  it.each([
    ['of no run', 'taskhook:cancel', ''],
    ['of a run that never was', 'taskhook:cancel', '0'.repeat(20)],
    ['that is none of ours', 'somebody:else', '0'.repeat(20)],
    ['of a verb that there is not', 'taskhook:delete', '0'.repeat(20)],
  ])('a button %s does nothing, and breaks nothing', async (_name, action, value) => {
    // What was asked for before may still be starting.
    let before = -1
    for (let now = 0; now !== before; now = (await world.tasks()).length) {
      before = now
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    expect((await click(action, value)).statusCode).toBe(200)
    expect(await world.tasks()).toHaveLength(before)
  })

  it('a reply that cannot be sent does not undo the click', async () => {
    const { id, message } = await type('/long', 'offline')
    await running(id)
    const body = new URLSearchParams({
      payload: JSON.stringify({
        ...{
          type: 'block_actions',
          user: { id: 'U1', username: 'ann' },
          trigger_id: '1',
          channel: { id: 'C1', name: 'c' },
        },
        response_url: 'https://evil.example/x',
        actions: [
          { type: 'button', action_id: 'taskhook:cancel', block_id: 'b', value: runIn(message), action_ts: '1' },
        ],
      }),
    }).toString()
    expect((await send('/slack', secrets.SLACK, body)).statusCode).toBe(200)
    await eventually(() => told(`/commands/T1/${id}/`).find(({ text }) => text.includes('was cancelled by ann')))
    expect(world.inbox.messages.some(({ url }) => url.host === 'evil.example')).toBe(false)
  })
})
