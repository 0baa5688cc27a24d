import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** life.ts as a bundle, as a function is one: a life that is killed every few seconds must not take as long to begin. @returns its file */
export async function buildLife(outdir: string): Promise<string> {
  await build({
    entryPoints: [fileURLToPath(new URL('life.ts', import.meta.url))],
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    mainFields: ['module', 'main'],
    logLevel: 'error',
    // Of the adapter that no source of a soak has.
    external: ['@slack/bolt'],
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  })
  return join(outdir, 'life.mjs')
}
