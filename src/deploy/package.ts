/** Builds what a deployment needs from a config: the zip of the three functions, the table and the policies. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import type { Config } from '../core/model/config.ts'
import { tableInput } from '../core/store/dynamodb-table.ts'
import { assumedRolePolicies } from './assumed-role-policies.ts'
import { type Bundle, bundleFor } from './bundle.ts'
import { policiesFor } from './function-policies.ts'

export interface Package {
  /** Path of the zip. */
  readonly zip: string
  readonly bytes: number
  /** Bytes of code in the zip, unpacked. */
  readonly code: number
  /** Of these, the bytes that Node reads before a function is ready. */
  readonly atInit: Bundle['atInit']
}

/**
 * Writes `taskhook.zip` to `dir`, and the files that Terraform reads: taskhook.json, table.json, policies.json, assumed-roles.json.
 * @throws {Error} if the bundle has not been built
 */
export function writePackage(config: Config, dir: string): Package {
  const built = buildPackage(config)
  mkdirSync(dir, { recursive: true })
  const zip = join(dir, 'taskhook.zip')
  writeFileSync(zip, built.zip)
  writeFileSync(join(dir, 'taskhook.json'), compiledText(config))
  const writeJson = (name: string, content: unknown): void =>
    writeFileSync(join(dir, name), `${JSON.stringify(content, null, 2)}\n`)
  writeJson('policies.json', policiesFor(config))
  writeJson('assumed-roles.json', assumedRolePolicies(config))
  writeJson('table.json', tableInput('taskhook'))
  const code = Object.values(built.files).reduce((sum, file) => sum + file.length, 0)
  return { zip, bytes: built.zip.length, code, atInit: built.atInit }
}

/** The zip and the files in it. Pure, apart from reading the bundle. */
export function buildPackage(config: Config): { readonly zip: Uint8Array } & Bundle {
  const bundle = bundleFor(config)
  return { ...bundle, zip: zipOf({ ...bundle.files, 'taskhook.json': Buffer.from(compiledText(config)) }) }
}

const compiledText = (config: Config): string => `${JSON.stringify(config)}\n`

/** Sorted names, one date and one mode, so that the same files make the same bytes. */
function zipOf(files: Record<string, Uint8Array>): Uint8Array {
  const entries = Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))
  // Zip keeps Unix modes in the upper 16 bits. 0o644: Lambda must be able to read the files.
  const attributes = { mtime: new Date(1980, 0, 1), os: 3, attrs: 0o644 << 16, level: 9 as const }
  return zipSync(Object.fromEntries(entries.map(([name, bytes]) => [name, [bytes, attributes]])))
}
