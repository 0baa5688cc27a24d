/** What taskhook is compared with: an empty handler, and a handler with Bolt's own receiver for Lambda. */
import { join } from 'node:path'
import { build } from 'esbuild'

const root = new URL('../..', import.meta.url).pathname

const handlers = {
  empty: `export const handler = async () => ({})`,
  bolt: `import bolt from '@slack/bolt'
const receiver = new bolt.AwsLambdaReceiver({ signingSecret: 'x' })
const app = new bolt.App({ token: 'xoxb-1', receiver, tokenVerificationEnabled: false })
app.command('/analyze', async ({ ack }) => { await ack('ok') })
export const handler = await receiver.start()`,
}

/** @returns the file of the bundle */
export async function bundleBaseline(name: keyof typeof handlers, folder: string): Promise<string> {
  const outfile = join(folder, `${name}.mjs`)
  await build({
    stdin: { contents: handlers[name], resolveDir: root, sourcefile: `${name}.mjs` },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'error',
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  })
  return outfile
}
