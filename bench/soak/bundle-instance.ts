import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** Bundles instance.ts, as a Lambda function is bundled: an instance that is killed every few seconds must start fast. @returns its file */
export async function bundleInstance(outdir: string): Promise<string> {
  await build({
    entryPoints: [fileURLToPath(new URL('instance.ts', import.meta.url))],
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    logLevel: 'error',
    // No source of the soak uses Slack.
    external: ['@slack/bolt'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  })
  return join(outdir, 'instance.mjs')
}
