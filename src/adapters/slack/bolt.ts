/** All that taskhook uses of Bolt, Slack's official framework: the types of its payloads, its signature check and its `App`. */
import type { App, LogLevel, Receiver } from '@slack/bolt'

export type { App, BlockAction, ButtonAction, SlashCommand, ViewSubmitAction } from '@slack/bolt'
/** By its path, because the package's main entry would load the whole framework to verify a signature. */
export { verifySlackRequest } from '@slack/bolt/dist/receivers/verify-request.js'

/**
 * Bolt is loaded here and not before: a process that dispatches no delivery of Slack's never reads it. See ADR 21.
 *
 * The receiver is our own, which is Bolt's extension point, because Bolt's Lambda receiver parses before it verifies, decodes base64 as
 * ASCII, answers `ssl_check` unverified and waits for every listener. Ours does nothing: `translate` hands verified bodies to
 * `app.processEvent`.
 */
export async function createApp(): Promise<App> {
  // By its path, because the main entry also loads the receivers for Lambda and Express.
  const { default: bolt } = await import('@slack/bolt/dist/App.js')
  const app = new bolt.default({
    receiver,
    // Routes decide who may do what, and listeners call no API, so Bolt gets no token.
    authorize: async () => ({}),
    convoStore: false,
    ignoreSelf: false,
    logger: silentLogger(bolt.LogLevel.ERROR),
    logLevel: bolt.LogLevel.ERROR,
  })
  // Bolt wraps what a listener throws, and only logs it unless this handler throws it again.
  app.error(async (error) => {
    throw error.original ?? error
  })
  return app
}

const receiver: Receiver = { init() {}, start: async () => {}, stop: async () => {} }

/** Bolt writes no log: what it would write may contain tokens. */
const silentLogger = (level: LogLevel) => ({
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => level,
  setName() {},
})
