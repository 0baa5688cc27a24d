/**
 * Bolt's App behind a receiver of our own, Bolt's extension point. Bolt's Lambda receiver parses before it verifies, decodes base64 as
 * ASCII, answers `ssl_check` unverified and waits for every listener; ours is fed with what is verified and parsed, and listeners only
 * translate.
 */
import bolt from '@slack/bolt/dist/App.js'
import type { BlockAction, ButtonAction, Receiver, ViewSubmitAction } from '@slack/bolt/dist/types/index.js'
import type { Translation } from '../../core/adapter.ts'
import { actionTranslation } from './button.ts'
import { submissionTranslation } from './param-form.ts'
import { commandTranslation } from './slash-command.ts'

/** Hands a proven and parsed body to Bolt. Undefined: none of the kinds that we listen to. */
export type Dispatch = (body: Readonly<Record<string, unknown>>) => Promise<Translation | undefined>

const { default: App, LogLevel } = bolt

type Decide = (translation: Translation) => void

export function createDispatcher(): Dispatch {
  const app = createApp()
  app.command(/^/, async ({ command, context, ack }) => {
    await ack()
    ;(context.decide as Decide)(commandTranslation(command))
  })
  app.action<BlockAction<ButtonAction>>(
    { type: 'block_actions', action_id: /^/ },
    async ({ body, action, context, ack }) => {
      await ack()
      ;(context.decide as Decide)(actionTranslation(body, action))
    },
  )
  app.view<ViewSubmitAction>({ type: 'view_submission', callback_id: /^/ }, async ({ body, context, ack }) => {
    await ack()
    ;(context.decide as Decide)(submissionTranslation(body))
  })
  return async (body) => {
    let decided: Translation | undefined
    const decide: Decide = (translation) => {
      decided = translation
    }
    await app.processEvent({ body: { ...body }, ack: async () => {}, customProperties: { decide } })
    return decided
  }
}

/** Nothing of Bolt's reaches the network or the console: what it would log may hold tokens. */
const silent = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
}

const receiver: Receiver = { init() {}, start: async () => {}, stop: async () => {} }

function createApp() {
  const app = new App({
    receiver,
    // Who may do what is a question of routes; tokens are only read when there is something to say.
    authorize: async () => ({}),
    convoStore: false,
    ignoreSelf: false,
    logger: silent,
    logLevel: LogLevel.ERROR,
  })
  app.error(async (error) => {
    throw error
  })
  return app
}
