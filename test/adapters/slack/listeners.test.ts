/** Which bodies Bolt hands to which listener, when Bolt is loaded, and what a fault inside it becomes. */
import { beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../../src/adapters/slack/bolt.ts'
import { slack } from '../../../src/adapters/slack/index.ts'
import { createListenerDispatch, type ListenerDispatch } from '../../../src/adapters/slack/listeners.ts'
import type { SlackMemory } from '../../../src/adapters/slack/memory.ts'
import type { SlackAddress } from '../../../src/adapters/slack/reply-address.ts'
import { translate } from '../../../src/adapters/slack/translate.ts'
import { builtinSpecs } from '../../../src/adapters/spec-registry.ts'
import { createBridge } from '../../../src/compose.ts'
import { compileConfig } from '../../../src/config/compile.ts'
import type { AdapterFactory } from '../../../src/core/adapter.ts'
import { createLog } from '../../../src/core/telemetry/log.ts'
import { slackDelivery } from '../../support/deliveries.ts'
import { bodyOf, urlEvent } from '../../support/function-url.ts'

const secret = '8f742231b10e8888abcd99yyyzzz85a5'
const command = { command: '/analyze', text: 'sales', user_id: 'U1', channel_id: 'C1', trigger_id: '1.2.3' }
const button = (action_id: string) => ({
  ...{ type: 'block_actions', user: { id: 'U1', username: 'ann' }, channel: { id: 'C1' }, trigger_id: '1.2.3' },
  ...{ container: { is_ephemeral: false }, response_url: 'https://hooks.slack.com/actions/T1/1/x' },
  actions: [{ type: 'button', action_id, value: '0123456789abcdef0123' }],
})

describe('the listener', () => {
  let dispatchToListener: ReturnType<typeof createListenerDispatch>
  beforeAll(() => {
    dispatchToListener = createListenerDispatch()
  })

  it.each(['/analyze', '/x', '/déploiement'])('for %s translates any command', async (name) => {
    expect(await dispatchToListener({ ...command, command: name })).toMatchObject({
      kind: 'run',
      trigger: { event: name },
    })
  })

  it.each(['cancel', 'rerun', 'show', 'approve', 'reject'])('for the button %s translates an action', async (verb) => {
    expect(await dispatchToListener(button(`taskhook:${verb}`))).toEqual({
      kind: 'action',
      action: {
        ...{ verb, run: '0123456789abcdef0123', event: `taskhook:${verb}`, deliveryId: '1' },
        ...{ actor: 'U1', actorName: 'ann', facts: { user: 'U1', channel: 'C1', workspaces: [] } },
        replyAddress: {
          ...{ responseUrl: 'https://hooks.slack.com/actions/T1/1/x', user: 'U1', channel: 'C1' },
          ...{ button: true, shared: true },
        },
      },
    })
  })

  it.each(['taskhook:stop', 'taskhook:cancelled', 'xtaskhook:cancel', 'taskhook:', '', 'other'])(
    'for the button %j does not exist',
    async (action_id) => {
      expect(await dispatchToListener(button(action_id))).toBeUndefined()
    },
  )

  it('for a button in a private message translates an unshared address', async () => {
    const translation = await dispatchToListener({ ...button('taskhook:cancel'), container: { is_ephemeral: true } })
    expect(translation).toMatchObject({ action: { replyAddress: { button: true } } })
    expect(translation).not.toMatchObject({ action: { replyAddress: { shared: true } } })
  })

  it('translates only the first action of an interaction, as Bolt does', async () => {
    const [first] = button('taskhook:cancel').actions
    const [second] = button('taskhook:rerun').actions
    expect(await dispatchToListener({ ...button(''), actions: [first, second] })).toMatchObject({
      action: { verb: 'cancel' },
    })
  })

  it('for any other interaction does not exist', async () => {
    const body = button('taskhook:cancel')
    expect(await dispatchToListener({ ...body, type: 'interactive_message' })).toBeUndefined()
    expect(await dispatchToListener({ ...body, type: 'block_suggestion' })).toBeUndefined()
    expect(
      await dispatchToListener({
        ...body,
        type: 'view_closed',
        actions: undefined,
        view: { callback_id: 'taskhook:form' },
      }),
    ).toBeUndefined()
  })
})

it('loads Bolt again for the next body if it could not be loaded', async () => {
  let loads = 0
  const dispatch = createListenerDispatch(async () => {
    if (++loads === 1) throw new Error('out of memory')
    return createApp()
  })
  await expect(dispatch(command)).rejects.toThrow('out of memory')
  expect(await dispatch(command)).toMatchObject({ kind: 'run' })
  expect(await dispatch(command)).toMatchObject({ kind: 'run' })
  expect(loads).toBe(2)
})

describe('a fault inside Bolt', () => {
  const config = compileConfig(
    `
sources: { slack: { adapter: slack, signingSecret: "env:SLACK" } }
tasks: { job: { cluster: c, taskDefinition: job, subnets: [s] } }
routes: [{ on: slack, command: /job, run: job }]
`,
    builtinSpecs,
  )
  const env = {
    ...{ AWS_REGION: 'eu-west-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' },
    ...{ TASKHOOK_TABLE: 't', TASKHOOK_QUEUE_URL: 'https://sqs.example/q', TASKHOOK_KEY: 'env:KEY', KEY: 'k' },
    SLACK: secret,
  }

  const receive = async (dispatchToListener: ListenerDispatch, fields: Readonly<Record<string, string>>) => {
    const lines: string[] = []
    const withDispatch: AdapterFactory<SlackAddress, SlackMemory> = (source) => ({
      ...slack(source),
      translate: (request) => translate(request, dispatchToListener),
    })
    const log = createLog('info', { write: (line: string) => void lines.push(line) })
    const bridge = await createBridge({ adapters: { slack: async () => withDispatch }, config, env, log })
    const { headers, body } = slackDelivery(secret, new URLSearchParams(fields).toString())
    const { text } = bodyOf(await bridge.receive(urlEvent('/slack', headers, body)))
    return { text, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
  }

  it('is an error of taskhook, with the fault in the log', async () => {
    const { text, lines } = await receive(async () => {
      throw new TypeError('listeners is undefined')
    }, command)
    expect(text).toMatch(/^Something went wrong on our side/)
    expect(lines).toMatchObject([
      {
        level: 'error',
        msg: 'a delivery failed',
        source: 'slack',
        error: expect.stringContaining('listeners is undefined'),
      },
      { outcome: 'failed' },
    ])
  })

  it('differs from a body that cannot be read, which is refused without an error in the log', async () => {
    const { text, lines } = await receive(createListenerDispatch(), { ...command, user_id: 'U'.repeat(256) })
    expect(text).toBe('Nothing was started. the command is not valid: user_id is not an id')
    expect(lines).toMatchObject([{ outcome: 'refused' }])
  })

  it('throws what the listener threw, not Bolt’s wrapper around it', async () => {
    const app = await createApp()
    const fault = new TypeError('thrown by a listener')
    app.command('/analyze', async () => {
      throw fault
    })
    await expect(app.processEvent({ body: command, ack: async () => {} })).rejects.toBe(fault)
  })
})
