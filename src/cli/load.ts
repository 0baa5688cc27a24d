/** What every command begins with: the config, and the environment that its `env:` secrets come from. */
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { builtinSpecs } from '../adapters/specs.ts'
import type { Environment } from '../compose.ts'
import { ConfigError, compileConfig } from '../core/config/compile.ts'
import type { Config } from '../core/config/types.ts'
import { messageOf } from '../core/errors.ts'

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
    throw new Failure(`${path} cannot be read: ${messageOf(cause)}`, { cause })
  }
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
