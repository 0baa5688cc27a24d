/** What a deployment is made of, out of a config: the package of the three functions, the table, the policies. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { zipSync } from 'fflate'
import type { Config } from '../core/config/types.ts'
import { tableInput } from '../core/table.ts'
import { policiesFor } from './policies.ts'

export interface Package {
  /** Path of the zip. */
  readonly zip: string
  readonly bytes: number
  /** Bytes of code that are in it. */
  readonly code: number
}

/**
 * Writes DIR/taskhook.zip, and beside it what Terraform reads: taskhook.json, table.json, policies.json.
 * @throws {Error} where the bundle has not been built
 */
export function writePackage(config: Config, dir: string): Package {
  const compiled = `${JSON.stringify(config)}\n`
  const bundle = bundleFor(config)
  mkdirSync(dir, { recursive: true })
  const bytes = zipOf({ ...bundle, 'taskhook.json': Buffer.from(compiled) })
  const zip = join(dir, 'taskhook.zip')
  writeFileSync(zip, bytes)
  writeFileSync(join(dir, 'taskhook.json'), compiled)
  writeFileSync(join(dir, 'policies.json'), `${JSON.stringify(policiesFor(config), null, 2)}\n`)
  writeFileSync(join(dir, 'table.json'), `${JSON.stringify(tableInput('taskhook'), null, 2)}\n`)
  return { zip, bytes: bytes.length, code: Object.values(bundle).reduce((sum, file) => sum + file.length, 0) }
}

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
  // This file is dist/…/*.js by then, and the bundle lies in dist/lambda.
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
  const files = [...reached].sort().map((path): [string, Uint8Array] => {
    const name = path.replace('dist/lambda/', '')
    return [name, readFileSync(join(dist, 'lambda', name))]
  })
  return Object.fromEntries(files)
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Error('the bundle is not there; run "npm run build" in a checkout of taskhook first', { cause })
  }
}

/** The same files make the same bytes: sorted names, one date, one mode. */
function zipOf(files: Record<string, Uint8Array>): Uint8Array {
  const entries = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))
  // 0o644, where zip keeps Unix modes: Lambda must be able to read what it unpacks.
  const attributes = { mtime: new Date(1980, 0, 1), os: 3, attrs: 0o644 << 16, level: 9 as const }
  return zipSync(Object.fromEntries(entries.map(([name, bytes]) => [name, [bytes, attributes]])))
}
