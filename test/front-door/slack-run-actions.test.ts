/** docs: in Slack, buttons and commands cancel, rerun and show runs, for people whom the route allows. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { slackDelivery } from '../support/deliveries.ts'
import { eventually } from '../support/eventually.ts'
import { bodyOf, urlEvent } from '../support/function-url.ts'
import { startWorld, type World } from '../support/world.ts'
import { waitUntilQueueIsEmpty } from '../support/world-queue.ts'

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
beforeEach(async () => {
  world = await startWorld({ config, env: secrets })
})
afterEach(() => world?.close())

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
/** Messages that were posted to a response_url, oldest first. */
const messagesTo = (part: string) =>
  world.inbox.messages.filter(({ url }) => url.pathname.includes(part)).map(({ body }) => body as Message)
const tasksOf = async (run: string) => (await world.tasks()).filter(({ startedBy }) => startedBy === `taskhook/${run}`)
const waitUntilRunning = (id: string) =>
  eventually(() => messagesTo(`/commands/T1/${id}/`).find(({ text }) => text === 'long running'))

describe('Cancel', () => {
  it('says that the run is being cancelled, stops the task, and then says who cancelled it', async () => {
    const { id, message } = await type('/long', 'sales')
    expect(buttonsOf(message)).toEqual(['taskhook:cancel', 'taskhook:show'])
    const run = runIn(message)
    expect(buttonsOf(await waitUntilRunning(id))).toEqual(['taskhook:cancel', 'taskhook:show'])

    expect((await click('taskhook:cancel', run)).statusCode).toBe(200)
    expect(messagesTo(`/actions/T1/${run}/`)).toMatchObject([
      { text: 'long is being cancelled by bob', replace_original: true },
    ])
    const end = await eventually(() =>
      messagesTo(`/commands/T1/${id}/`).find(({ text }) => text.includes('was cancelled')),
    )
    expect(end.text).toMatch(/^long was cancelled by bob after /)
    expect(buttonsOf(end)).toEqual(['taskhook:rerun'])
    expect((await tasksOf(run)).map(({ stoppedReason }) => stoppedReason)).toEqual(['taskhook: cancelled by bob'])
  })

  it('can be typed as a command', async () => {
    const { id, message } = await type('/long', 'people')
    await waitUntilRunning(id)
    const { message: answer } = await type('/long', `cancel ${runIn(message)}`)
    expect(answer.text).toBe('long is being cancelled by ann')
    await eventually(() => messagesTo(`/commands/T1/${id}/`).find(({ text }) => text.includes('was cancelled by ann')))
  })
})

describe('Run again', () => {
  it('starts a new run that names the old one, and replies where it was clicked', async () => {
    const { id, message } = await type('/quick', 'sales')
    const old = runIn(message)
    const end = await eventually(() =>
      messagesTo(`/commands/T1/${id}/`).find(({ text }) => text.includes('exit code 3')),
    )
    expect(buttonsOf(end)).toEqual(['taskhook:rerun'])
    await click('taskhook:rerun', old)
    const messages = await eventually(() => {
      const all = messagesTo(`/actions/T1/${old}/`)
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
  it('shows the last runs of the task of the command, newest first', async () => {
    await type('/long', 'other')
    await type('/quick', 'older')
    const { message } = await type('/quick', 'newest')
    const { message: list } = await type('/quick', 'status')
    expect(list.text).toBe('The last 2 runs')
    expect(list.blocks[0]?.text?.text).toContain('dataset=newest')
    expect(list.blocks[0]?.text?.text).toContain(runIn(message))
    expect(JSON.stringify(list)).not.toContain('*long*')
  })
  it('of a source without runs says so', async () => {
    const { message } = await type('/quick', 'status', 'U1', '/other', secrets.OTHER)
    expect(message.text).toBe('Nothing has run yet.')
  })
  it('Refresh shows the present status of the run', async () => {
    const { id, message } = await type('/quick', 'visits')
    await eventually(() => messagesTo(`/commands/T1/${id}/`).find(({ text }) => text.includes('exit code 3')))
    await click('taskhook:show', runIn(message))
    expect(messagesTo(`/actions/T1/${runIn(message)}/`).at(-1)).toMatchObject({
      text: expect.stringContaining('exit code 3'),
      replace_original: true,
    })
  })
})

describe('nothing is done for', () => {
  it.each(['taskhook:cancel', 'taskhook:rerun', 'taskhook:show'])(
    '%s by a person whom the route does not allow',
    async (action) => {
      const { id, message } = await type('/long', 'guarded')
      await waitUntilRunning(id)
      const before = (await world.tasks()).length
      await click(action, runIn(message), { id: 'U3', username: 'eve' })
      expect(messagesTo(`/actions/T1/${runIn(message)}/`).at(-1)).toMatchObject({
        text: expect.stringContaining('this is not open to you'),
        replace_original: false,
      })
      expect((await tasksOf(runIn(message))).map(({ lastStatus }) => lastStatus)).toEqual(['RUNNING'])
      expect(await world.tasks()).toHaveLength(before)
      await click('taskhook:cancel', runIn(message))
    },
  )

  it('a button of another workspace', async () => {
    const { id, message } = await type('/long', 'mine')
    await waitUntilRunning(id)
    await click('taskhook:cancel', runIn(message), { id: 'U1', username: 'ann' }, secrets.OTHER, '/other')
    expect(messagesTo(`/actions/T1/${runIn(message)}/`).at(-1)?.text).toContain('There is no such run')
    expect((await tasksOf(runIn(message))).map(({ lastStatus }) => lastStatus)).toEqual(['RUNNING'])
    await click('taskhook:cancel', runIn(message))
  })

  it('a click that Slack did not sign', async () => {
    const { message } = await type('/quick', 'forged')
    expect((await click('taskhook:rerun', runIn(message), undefined, 'not-the-secret')).statusCode).toBe(401)
    expect(messagesTo(`/actions/T1/${runIn(message)}/`)).toEqual([])
  })

  it.each([
    ['without a run', 'taskhook:cancel', ''],
    ['of a run that does not exist', 'taskhook:cancel', '0'.repeat(20)],
    ['of another app', 'somebody:else', '0'.repeat(20)],
    ['for an action that does not exist', 'taskhook:delete', '0'.repeat(20)],
  ])('a button %s', async (_name, action, value) => {
    expect((await click(action, value)).statusCode).toBe(200)
    await waitUntilQueueIsEmpty(world)
    expect(await world.tasks()).toEqual([])
  })

  it('a reply to an address that is not Slack; the click still counts', async () => {
    const { id, message } = await type('/long', 'offline')
    await waitUntilRunning(id)
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
    await eventually(() => messagesTo(`/commands/T1/${id}/`).find(({ text }) => text.includes('was cancelled by ann')))
    expect(world.inbox.messages.some(({ url }) => url.host === 'evil.example')).toBe(false)
  })
})
