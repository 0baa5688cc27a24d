/** Keeps the receivers that taskhook never uses out of the bundle for Lambda. */
import type { Plugin } from 'esbuild'

/**
 * Bolt's `App` imports its own receivers, and through them undici, iconv-lite and jsonwebtoken: 1.2 of 1.3 MB that no function runs,
 * because taskhook brings a receiver (`src/adapters/slack/bolt.ts`). ADR 21 has the figures. The package does not mark the modules as
 * free of side effects, so esbuild cannot drop them by itself.
 */
export const withoutBoltReceivers: Plugin = {
  name: 'without-bolt-receivers',
  setup({ onLoad }) {
    onLoad({ filter: /\/@slack\/bolt\/dist\/receivers\/(HTTP|SocketMode)Receiver\.js$/ }, () => ({
      contents: replacement,
    }))
  },
}

/** App only names these classes, unless it has to make a receiver itself. */
const replacement = `exports.default = class {
  constructor() {
    throw new Error('the bundle has none of the receivers of Bolt; taskhook brings its own')
  }
}`
