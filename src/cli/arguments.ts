/** Arguments that several commands share, and the check for unknown ones. */
import { parseArgs } from 'node:util'
import type { ArgsDef } from 'citty'
import { didYouMean } from '../core/text/suggest.ts'
import { CommandError } from './command-error.ts'

export const configArgument = {
  type: 'positional',
  required: true,
  valueHint: 'taskhook.yaml',
  description: 'Config file',
} as const

export const sourceArgument = {
  type: 'positional',
  required: true,
  valueHint: 'source',
  description: 'Name of a source in the config',
} as const

export const envFileArgument = {
  type: 'string',
  valueHint: 'file',
  description: 'File with the variables of "env:" secrets',
} as const

export const nameArgument = {
  type: 'string',
  default: 'taskhook',
  valueHint: 'taskhook',
  description: 'Name prefix of the deployment',
} as const

/** The different values of an option that can be repeated. citty keeps only the last one. */
export function repeatedOption(rawArgs: readonly string[], name: string): readonly string[] {
  const { values } = parseArgs({
    args: [...rawArgs],
    options: { [name]: { type: 'string', multiple: true } },
    strict: false,
    allowPositionals: true,
  })
  return [...new Set([values[name] ?? []].flat().map(String))]
}

/** citty ignores what a command does not know. @throws {CommandError} for an unknown option or a surplus word */
export function rejectUnknownArguments(given: { readonly _: readonly string[] }, known: ArgsDef): void {
  const dashed = (name: string): string => `${name.length === 1 ? '-' : '--'}${name}`
  const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  const options = Object.keys(known).filter((name) => known[name]?.type !== 'positional')
  const unknown = Object.keys(given)
    .filter((name) => name !== '_' && !Object.hasOwn(known, kebab(name)))
    .map((name) => `unknown option ${dashed(name)}${didYouMean(dashed(name), options.map(dashed))}`)
  const surplus = given._.slice(Object.keys(known).length - options.length).map(
    (word) => `unexpected argument "${word}"; put text with spaces in quotes`,
  )
  // A surplus word after an unknown option is probably its value.
  const problems = unknown.length > 0 ? unknown : surplus
  if (problems.length > 0) throw new CommandError(problems.join('\n'))
}
