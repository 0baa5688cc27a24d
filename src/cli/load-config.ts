/** Reads the config, and the environment that its `env:` secrets come from. */
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { builtinSpecs } from '../adapters/spec-registry.ts'
import type { Environment } from '../compose.ts'
import { compileConfig } from '../config/compile.ts'
import { ConfigError } from '../config/config-error.ts'
import type { SourceConfig } from '../core/adapter.ts'
import { messageOf } from '../core/errors.ts'
import type { Config } from '../core/model/config.ts'
import { didYouMean } from '../core/text/suggest.ts'
import { CommandError } from './command-error.ts'

/** @throws {CommandError} with every problem of the config */
export function loadConfig(path: string): Config {
  const text = readText(path)
  try {
    return compileConfig(text, builtinSpecs, path)
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(error.message, { cause: error })
    throw error
  }
}

/** @throws {CommandError} if the config has no such source */
export function sourceNamed(config: Config, name: string): SourceConfig {
  const source = Object.hasOwn(config.sources, name) ? config.sources[name] : undefined
  if (source !== undefined) return source
  const names = Object.keys(config.sources)
  throw new CommandError(`unknown source "${name}"${didYouMean(name, names) || `; the config has ${names.join(', ')}`}`)
}

/** The variables of a file and of the process, whose own variables take precedence. */
export function loadEnv(file: string | undefined): Environment {
  return file === undefined ? process.env : { ...parseEnv(readText(file)), ...process.env }
}

/** An option's text, or the content of the file that it names with `@file`. */
export const textOrFile = (value: string): string => (value.startsWith('@') ? readText(value.slice(1)) : value)

/** @throws {CommandError} */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CommandError(`cannot read ${path}: ${fileProblem(cause, 'no such file')}`, { cause })
  }
}

/** @param notFound what does not exist: the file to read, or the folder to write to */
export function fileProblem(error: unknown, notFound: string): string {
  const { code } = error as { readonly code?: string }
  return code === 'ENOENT' ? notFound : code === 'EISDIR' ? 'it is a folder' : messageOf(error)
}
