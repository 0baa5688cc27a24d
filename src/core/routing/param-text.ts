/** The command line that people type into Slack or a comment: `sales depth=3 note="two words"`. Pure. */
import type { Problem } from '../errors.ts'

export interface ParamText {
  readonly named: Readonly<Record<string, string>>
  readonly bare: readonly string[]
  readonly problems: readonly Problem[]
}

/** Slack and word processors turn straight quotes into these while one types. */
const quotes: Readonly<Record<string, string>> = {
  '"': '"',
  "'": "'",
  '“': '”',
  '”': '”',
  '„': '“',
  '‘': '’',
  '’': '’',
}

/** Characters. No comment of GitHub’s is longer, and no message of Slack’s. */
const longestLine = 65_536

/**
 * `name=value`, `--name=value`, or a bare value. Quotes of any kind hold spaces together where a value begins or where they follow
 * the "=", a backslash keeps the next quote or backslash as it is.
 */
export function parseParamText(text: string): ParamText {
  const named: Record<string, string> = Object.create(null)
  const bare: string[] = []
  const problems: Problem[] = []
  let at = 0
  if (text.length > longestLine) {
    const message = `it has ${text.length} characters; the most that are read is ${longestLine}`
    return { named, bare, problems: [{ path: '', message }] }
  }

  const readValue = (): string => {
    const close = quotes[text[at] ?? '']
    if (close === undefined) return readUntil(/\s/)
    const opened = text[at]
    at++
    let value = ''
    while (at < text.length && text[at] !== close) {
      if (text[at] === '\\' && /["'\\]/.test(text[at + 1] ?? '')) at++
      value += text[at++]
    }
    if (at >= text.length) problems.push({ path: '', message: `the quote ${opened} is never closed` })
    at++
    return value
  }
  const readUntil = (end: RegExp): string => {
    const start = at
    while (at < text.length && !end.test(text[at] ?? '')) at++
    return text.slice(start, at)
  }

  while (true) {
    while (/\s/.test(text[at] ?? '')) at++
    if (at >= text.length) return { named, bare, problems }
    const name = /^(?:--)?([A-Za-z_][\w-]*)=/.exec(text.slice(at, at + 300))
    if (name?.[1] === undefined) {
      bare.push(readValue())
      continue
    }
    at += name[0].length
    const value = readValue()
    if (Object.hasOwn(named, name[1])) problems.push({ path: name[1], message: 'is given twice' })
    named[name[1]] = value
  }
}
