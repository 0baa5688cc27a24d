/** Checks what an expression searches a text for: it must be written in the config. Pure, except that it times patterns. */
import type { ASTNode } from '@marcbachmann/cel-js'
import { redosRisk } from './redos-check.ts'

/** Functions that look for one text in another. That may cost as much as both lengths multiplied. */
const searches = new Set(['contains', 'indexOf', 'lastIndexOf', 'split', 'join'])

/** Characters. Searching costs as many passes over the payload. */
const maxSearchText = 100

/** Characters of the texts with which patterns are tried. What is longer is stopped by the time budget of a delivery. */
const maxPatternInput = 8192

/** @param pattern the argument of `matches` */
export function patternProblems(pattern: ASTNode | undefined): string[] {
  if (pattern?.op !== 'value' || typeof pattern.args !== 'string')
    return ['matches needs a literal pattern in quotes, because a pattern from the payload could hang']
  try {
    new RegExp(pattern.args)
  } catch {
    return [`"${pattern.args}" is not a regular expression`]
  }
  const risk = redosRisk(pattern.args, '', maxPatternInput)
  return risk === undefined ? [] : [`the pattern "${pattern.args}" ${risk}`]
}

/** @param name of the called function @param text its first argument */
export function searchProblems(name: string, text: ASTNode | undefined): string[] {
  if (!searches.has(name) || text === undefined) return []
  if (text.op === 'value' && String(text.args).length <= maxSearchText) return []
  return [
    `${name} needs a literal text in quotes, of at most ${maxSearchText} characters, because searching for a text from the payload could take too long. Use ==, startsWith or endsWith`,
  ]
}
