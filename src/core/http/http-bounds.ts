/** How much of a request is looked at. All of it is far more than any sender sends, and none of it can keep a function busy. */
import { BadRequest, TaskhookError } from '../errors.ts'

export const httpBounds = {
  /** Of the address, in characters. */
  path: 2048,
  query: 8192,
  headers: 200,
  /** Characters of all headers together: names and values. */
  headerText: 65_536,
  /** Lists and objects inside each other. */
  depth: 100,
  /** Numbers, texts, lists … of a JSON body, at all depths. A push of 2,048 commits has some 50,000. */
  values: 150_000,
  fields: 1000,
} as const

/** @throws {TaskhookError} `address-too-long`, `headers-too-large` */
export function checkHead(path: string, query: string, headers: Readonly<Record<string, string | undefined>>): void {
  if (path.length > httpBounds.path || query.length > httpBounds.query)
    throw new TaskhookError(
      'address-too-long',
      `the address is longer than what is taken: ${httpBounds.path} characters, and ${httpBounds.query} behind the "?"`,
    )
  const entries = Object.entries(headers)
  const size = entries.reduce((sum, [name, value = '']) => sum + name.length + value.length, 0)
  if (entries.length > httpBounds.headers || size > httpBounds.headerText)
    throw new TaskhookError(
      'headers-too-large',
      `the headers are more than what is taken: ${httpBounds.headers}, with ${httpBounds.headerText} characters in all`,
    )
}

/**
 * Looked at before it is parsed: afterwards it is too late.
 * @throws {BadRequest} where it is nested too deep for whoever walks through it @throws {TaskhookError} `too-large`
 */
export function checkJson(text: string): void {
  let depth = 0
  let values = 1
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === quote) at = endOfText(text, at)
    else if (char === comma) values++
    else if (char === bracket || char === brace) {
      values++
      depth++
    } else if (char === bracketEnd || char === braceEnd) depth--
    if (depth > httpBounds.depth)
      throw new BadRequest(`the body is nested deeper than the ${httpBounds.depth} levels that are taken`)
    if (values > httpBounds.values) throw tooMany('the body', httpBounds.values, 'values')
  }
}

const [quote, comma, backslash] = [0x22, 0x2c, 0x5c]
const [bracket, brace, bracketEnd, braceEnd] = [0x5b, 0x7b, 0x5d, 0x7d]

/** Where the text that begins at `start` ends; a text that never does is for the parser to say. */
function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === backslash) at++
    else if (char === quote) return at
  }
  return text.length
}

/** @throws {TaskhookError} `too-large` */
export function checkForm(text: string): void {
  let fields = 1
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1))
    if (++fields > httpBounds.fields) throw tooMany('the form', httpBounds.fields, 'fields')
}

const tooMany = (what: string, count: number, of: string): TaskhookError =>
  new TaskhookError('too-large', `${what} holds more than the ${count} ${of} that are taken`)
