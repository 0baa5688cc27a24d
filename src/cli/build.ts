import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defineCommand } from 'citty'
import { zipSync } from 'fflate'
import type { Config } from '../core/config/types.ts'
import { tableInput, ttlAttribute } from '../core/ledger.ts'
import { policiesFor } from '../deploy/policies.ts'
import { configArgument, Failure, guarded, loadConfig } from './load.ts'

export const build = defineCommand({
  meta: { name: 'build', description: 'Make the package of the Lambda functions' },
  args: {
    config: configArgument,
    out: {
      type: 'string',
      required: true,
      valueHint: 'DIR',
      description: 'Folder for taskhook.zip, taskhook.json, table.json',
    },
  },
  run: ({ args }) =>
    guarded(() => {
      const config = loadConfig(args.config)
      const compiled = `${JSON.stringify(config)}\n`
      mkdirSync(args.out, { recursive: true })
      const zip = zipOf({ ...bundleFor(config), 'taskhook.json': Buffer.from(compiled) })
      const { TableName: _named, ...table } = tableInput('')
      writeFileSync(join(args.out, 'taskhook.zip'), zip)
      writeFileSync(join(args.out, 'taskhook.json'), compiled)
      writeFileSync(join(args.out, 'policies.json'), `${JSON.stringify(policiesFor(config), null, 2)}\n`)
      writeFileSync(join(args.out, 'table.json'), `${JSON.stringify({ TableName: 'taskhook', ...table }, null, 2)}\n`)
      process.stdout.write(
        `${join(args.out, 'taskhook.zip')}  ${Math.ceil(zip.length / 1024)} kB  (table: TTL on "${ttlAttribute}")\n`,
      )
    }),
})

type Metafile = {
  readonly outputs: Readonly<
    Record<
      string,
      { readonly entryPoint?: string; readonly imports: readonly { path: string; kind: string; external?: boolean }[] }
    >
  >
}

/** The bundle's files that this config can come to: an adapter that it does not name stays out, with all that only it needs. */
function bundleFor(config: Config): Record<string, Uint8Array> {
  const dist = fileURLToPath(new URL('../', import.meta.url))
  const { outputs } = JSON.parse(read(join(dist, 'lambda.meta.json'))) as Metafile
  const named = new Set(Object.values(config.sources).map(({ adapter }) => adapter))
  const unnamed = (path: string): boolean => {
    const adapter = /^src\/adapters\/([^/]+)\/index\.ts$/.exec(outputs[path]?.entryPoint ?? '')?.[1]
    return adapter !== undefined && !named.has(adapter)
  }
  const reached = new Set<string>()
  const visit = (path: string): void => {
    if (reached.has(path) || unnamed(path)) return
    reached.add(path)
    for (const { path: next, external } of outputs[path]?.imports ?? []) if (external !== true) visit(next)
  }
  visit('dist/lambda/handler.mjs')
  const files = [...reached]
    .sort()
    .map((path): [string, Uint8Array] => [path.replace('dist/lambda/', ''), readFileSync(join(dist, '..', path))])
  return Object.fromEntries(files)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Failure('the bundle is not there; run "npm run build" in a checkout of taskhook first', { cause })
  }
}

/** The same files make the same bytes: sorted names, one date, one mode. */
function zipOf(files: Record<string, Uint8Array>): Uint8Array {
  const entries = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))
  // 0o644, where zip keeps Unix modes: Lambda must be able to read what it unpacks.
  const attributes = { mtime: new Date(1980, 0, 1), os: 3, attrs: 0o644 << 16, level: 9 as const }
  return zipSync(Object.fromEntries(entries.map(([name, bytes]) => [name, [bytes, attributes]])))
}
