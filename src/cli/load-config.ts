/** What every command begins with: the config, and the environment that its `env:` secrets come from. */
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import type { ArgsDef } from 'citty'
import { builtinSpecs } from '../adapters/spec-registry.ts'
import type { Environment } from '../compose.ts'
import { compileConfig } from '../config/compile.ts'
import { ConfigError } from '../config/config-error.ts'
import { messageOf } from '../core/errors.ts'
import type { Config } from '../core/model/config.ts'
import { didYouMean } from '../core/text/suggest.ts'

/** Ends a command with a message for a person, and no stack. */
export class Failure extends Error {
  override readonly name = 'Failure'
}

/** @throws {Failure} with every problem of the config */
export function loadConfig(path: string): Config {
  const text = readText(path)
  try {
    return compileConfig(text, builtinSpecs, path)
  } catch (error) {
    if (error instanceof ConfigError) throw new Failure(error.message, { cause: error })
    throw error
  }
}

/** The process's environment, with a file's variables where it has none of that name. */
export function loadEnv(file: string | undefined): Environment {
  return file === undefined ? process.env : { ...parseEnv(readText(file)), ...process.env }
}

export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    const { code } = cause as { readonly code?: string }
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : messageOf(cause)
    throw new Failure(`${path} cannot be read: ${why}`, { cause })
  }
}

/** @throws {Failure} where the command line holds an option or a word that the command does not take */
export function refuseUnknown(given: { readonly _: readonly string[] }, known: ArgsDef): void {
  const dashed = (name: string): string => `${name.length === 1 ? '-' : '--'}${name}`
  const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  const options = Object.keys(known).filter((name) => known[name]?.type !== 'positional')
  const unknown = Object.keys(given)
    .filter((name) => name !== '_' && !Object.hasOwn(known, kebab(name)))
    .map((name) => `unknown option ${dashed(name)}${didYouMean(dashed(name), options.map(dashed))}`)
  const words = given._.slice(Object.keys(known).length - options.length)
  const left = words.map((word) => `"${word}" is one word too many; put text with spaces into quotes`)
  // The word after an unknown option may well be its value.
  const problems = unknown.length > 0 ? unknown : left
  if (problems.length > 0) throw new Failure(problems.join('\n'))
}

/** Runs a command's body; a Failure ends it with status 1 and its message alone. */
export async function guarded(body: () => Promise<void> | void): Promise<void> {
  try {
    await body()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}

export const configArgument = {
  type: 'positional',
  required: true,
  valueHint: 'taskhook.yaml',
  description: 'The config',
} as const
export const envFileArgument = {
  type: 'string',
  valueHint: 'file',
  description: 'Variables for "env:" secrets',
} as const
