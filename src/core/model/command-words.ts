/** Splits what a person types after a command into words, and says what each of them looks like. Pure. */

export type Word =
  /** `name=value`. `dashes`: what was typed before the name. */
  | { readonly kind: 'pair'; readonly dashes: string; readonly name: string; readonly value: string }
  /** It begins with a dash, and is neither a pair nor a negative number. `rest`: what follows the dashes. */
  | { readonly kind: 'dashed'; readonly dashes: string; readonly rest: string }
  /** All of it is in quotes, which are left out. */
  | { readonly kind: 'quoted'; readonly text: string }
  | { readonly kind: 'plain'; readonly text: string }

export interface CommandWords {
  readonly words: readonly Word[]
  /** The opening quote, if the closing one is missing. The last word then ends with the text. */
  readonly unclosed?: string
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

/** Phones turn "--" into an em dash, and some programs into two en dashes. */
export const optionPrefixes: readonly string[] = ['--', '—', '––']

/** Whether these dashes before a name mean the same as "--". */
export const isOptionPrefix = (dashes: string): boolean => optionPrefixes.includes(dashes)

/** A name has 64 characters at most (config/param-schema.ts); looking for its "=" must not scan the whole text. */
const maxNameLength = 300

/** The hyphen, the dashes of Unicode and the minus sign. */
const pairStart = /^([-\u2010-\u2015\u2212]*)([A-Za-z_][\w-]*)=/
const leadingDashes = /^[-\u2010-\u2015\u2212]+/

/** "-5" and "-.5", and what begins like them. */
const negativeNumber = /^-\.?\d/

/** Quotes group words at the start of a word or of a value. Inside quotes, a backslash makes the next quote or backslash literal. */
export function splitWords(text: string): CommandWords {
  const words: Word[] = []
  let unclosed: string | undefined
  for (let at = skipSpaces(text, 0); at < text.length; at = skipSpaces(text, at)) {
    const [prefix = '', dashes = '', name] = pairStart.exec(text.slice(at, at + maxNameLength)) ?? []
    const read = readValue(text, at + prefix.length)
    unclosed = read.unclosed
    at = read.end
    words.push(name === undefined ? wordOf(read) : { kind: 'pair', dashes, name, value: read.value })
  }
  return { words, ...(unclosed !== undefined && { unclosed }) }
}

function wordOf({ value, isQuoted }: ReadValue): Word {
  if (isQuoted) return { kind: 'quoted', text: value }
  const [dashes] = negativeNumber.test(value) ? [] : (leadingDashes.exec(value) ?? [])
  if (dashes === undefined) return { kind: 'plain', text: value }
  return { kind: 'dashed', dashes, rest: value.slice(dashes.length) }
}

interface ReadValue {
  readonly value: string
  readonly isQuoted: boolean
  /** Where reading continues. */
  readonly end: number
  readonly unclosed?: string
}

function readValue(text: string, start: number): ReadValue {
  const opening = text[start] ?? ''
  const closing = closingQuotes[opening]
  if (closing === undefined) {
    const end = skipWhile(text, start, (char) => !isSpace(char))
    return { value: text.slice(start, end), isQuoted: false, end }
  }
  let value = ''
  let at = start + 1
  while (at < text.length && text[at] !== closing) {
    if (text[at] === '\\' && /["'\\]/.test(text[at + 1] ?? '')) at++
    value += text[at++]
  }
  return { value, isQuoted: true, end: at + 1, ...(at >= text.length && { unclosed: opening }) }
}

const isSpace = (char: string): boolean => /\s/.test(char)
const skipSpaces = (text: string, start: number): number => skipWhile(text, start, isSpace)

function skipWhile(text: string, start: number, test: (char: string) => boolean): number {
  let at = start
  while (at < text.length && test(text[at] ?? '')) at++
  return at
}
