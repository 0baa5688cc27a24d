/** Reads the parameters that a person types after a command: `sales depth=3 note="two words"`. The same in Slack and in a comment. Pure. */
import type { Problem } from '../errors.ts'

export interface ParamText {
  readonly named: Readonly<Record<string, string>>
  /** Values without a name, in the order in which they were typed. */
  readonly bare: readonly string[]
  readonly problems: readonly Problem[]
}

/** Slack and word processors turn straight quotes into these while a person types. */
const closingQuotes: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '“': '”',
  '”': '”',
  '„': '“',
  '‘': '’',
  '’': '’',
}

/** Characters. GitHub's comments and Slack's messages are not longer. */
const maxLength = 65_536

/** A name has 64 characters at most (config/param-schema.ts); looking for its "=" must not scan the whole text. */
const maxNameLength = 300

/**
 * Accepts `name=value`, `--name=value` and a bare value. Quotes group words at the start of a value. Inside quotes, a backslash makes
 * the next quote or backslash literal.
 */
export function parseParamText(text: string): ParamText {
  const named: Record<string, string> = Object.create(null)
  const bare: string[] = []
  const problems: Problem[] = []
  if (text.length > maxLength) {
    const message = `the command line has ${text.length} characters; the maximum is ${maxLength}`
    return { named, bare, problems: [{ path: '', message }] }
  }
  for (let at = skipSpaces(text, 0); at < text.length; at = skipSpaces(text, at)) {
    const [prefix = '', name] = /^(?:--)?([A-Za-z_][\w-]*)=/.exec(text.slice(at, at + maxNameLength)) ?? []
    const { value, end, unclosed } = readValue(text, at + prefix.length)
    if (unclosed !== undefined) problems.push({ path: '', message: `the quote ${unclosed} is never closed` })
    at = end
    if (name === undefined) bare.push(value)
    else {
      if (Object.hasOwn(named, name)) problems.push({ path: name, message: 'is given twice' })
      named[name] = value
    }
  }
  return { named, bare, problems }
}

interface ReadValue {
  readonly value: string
  /** Where reading continues. */
  readonly end: number
  /** The opening quote, if the closing one is missing. */
  readonly unclosed?: string
}

function readValue(text: string, start: number): ReadValue {
  const opening = text[start] ?? ''
  const closing = closingQuotes[opening]
  if (closing === undefined) {
    const end = skipWhile(text, start, (char) => !isSpace(char))
    return { value: text.slice(start, end), end }
  }
  let value = ''
  let at = start + 1
  while (at < text.length && text[at] !== closing) {
    if (text[at] === '\\' && /["'\\]/.test(text[at + 1] ?? '')) at++
    value += text[at++]
  }
  return { value, end: at + 1, ...(at >= text.length && { unclosed: opening }) }
}

const isSpace = (char: string): boolean => /\s/.test(char)
const skipSpaces = (text: string, start: number): number => skipWhile(text, start, isSpace)

function skipWhile(text: string, start: number, test: (char: string) => boolean): number {
  let at = start
  while (at < text.length && test(text[at] ?? '')) at++
  return at
}
