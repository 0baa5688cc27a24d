/** What a deployment is made of, out of a config: the package of the three functions, the table, the policies. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import type { Config } from '../core/model/config.ts'
import { tableInput } from '../core/store/dynamodb-table.ts'
import { type Bundle, bundleFor } from './bundle.ts'
import { assumedPolicies, policiesFor } from './iam-policies.ts'

export interface Package {
  /** Path of the zip. */
  readonly zip: string
  readonly bytes: number
  /** Bytes of code that are in it, and of those the bytes that are read before a function is ready. */
  readonly code: number
  readonly atInit: Bundle['atInit']
}

/**
 * Writes DIR/taskhook.zip, and beside it what Terraform reads: taskhook.json, table.json, policies.json, assumed-roles.json.
 * @throws {Error} where the bundle has not been built
 */
export function writePackage(config: Config, dir: string): Package {
  const made = packageOf(config)
  mkdirSync(dir, { recursive: true })
  const zip = join(dir, 'taskhook.zip')
  writeFileSync(zip, made.zip)
  writeFileSync(join(dir, 'taskhook.json'), compiledText(config))
  const pretty = (name: string, content: unknown): void =>
    writeFileSync(join(dir, name), `${JSON.stringify(content, null, 2)}\n`)
  pretty('policies.json', policiesFor(config))
  pretty('assumed-roles.json', assumedPolicies(config))
  pretty('table.json', tableInput('taskhook'))
  const code = Object.values(made.files).reduce((sum, file) => sum + file.length, 0)
  return { zip, bytes: made.zip.length, code, atInit: made.atInit }
}

/** The zip, and how much code Node reads of it before a function is ready. */
export function packageOf(config: Config): { readonly zip: Uint8Array } & Bundle {
  const bundle = bundleFor(config)
  return { ...bundle, zip: zipOf({ ...bundle.files, 'taskhook.json': Buffer.from(compiledText(config)) }) }
}

const compiledText = (config: Config): string => `${JSON.stringify(config)}\n`

/** The same files make the same bytes: sorted names, one date, one mode. */
function zipOf(files: Record<string, Uint8Array>): Uint8Array {
  const entries = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))
  // 0o644, where zip keeps Unix modes: Lambda must be able to read what it unpacks.
  const attributes = { mtime: new Date(1980, 0, 1), os: 3, attrs: 0o644 << 16, level: 9 as const }
  return zipSync(Object.fromEntries(entries.map(([name, bytes]) => [name, [bytes, attributes]])))
}
