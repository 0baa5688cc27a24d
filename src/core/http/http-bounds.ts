/** Bounds on the size of a request. A sender's largest request is far below them, and none above them can keep a function busy. */
import { BadRequest, TaskhookError } from '../errors.ts'

const httpBounds = {
  /** Characters of the path. */
  path: 2048,
  /** Characters of the query. */
  query: 8192,
  /** Number of headers. */
  headers: 200,
  /** Characters of the names and values of all headers. */
  headerText: 65_536,
  /** Levels of lists and objects inside each other. */
  depth: 100,
  /** Numbers, texts, lists and objects of a JSON body, at all depths. A push of 2,048 commits has about 50,000. */
  values: 150_000,
  /** Fields of a form. */
  fields: 1000,
} as const

/** @throws {TaskhookError} `address-too-long`, `headers-too-large` */
export function checkHead(path: string, query: string, headers: Readonly<Record<string, string | undefined>>): void {
  if (path.length > httpBounds.path || query.length > httpBounds.query)
    throw new TaskhookError(
      'address-too-long',
      `the address is too long: the limit is ${httpBounds.path} characters, and ${httpBounds.query} after the "?"`,
    )
  const entries = Object.entries(headers)
  const size = entries.reduce((sum, [name, value = '']) => sum + name.length + value.length, 0)
  if (entries.length > httpBounds.headers || size > httpBounds.headerText)
    throw new TaskhookError(
      'headers-too-large',
      `the headers are too large: the limit is ${httpBounds.headers} headers with ${httpBounds.headerText} characters in all`,
    )
}

/**
 * Checks JSON text before it is parsed, since parsing is what the bounds must prevent. It does not find syntax errors.
 * @throws {BadRequest} if it is nested too deep for recursive code @throws {TaskhookError} `too-large`
 */
export function checkJson(text: string): void {
  let depth = 0
  let values = 1
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at)
    if (char === quote) at = endOfString(text, at)
    else if (char === comma) values++
    else if (char === bracket || char === brace) {
      values++
      depth++
    } else if (char === bracketEnd || char === braceEnd) depth--
    if (depth > httpBounds.depth)
      throw new BadRequest(`the body is nested deeper than the limit of ${httpBounds.depth} levels`)
    if (values > httpBounds.values) throw tooMany('the body', httpBounds.values, 'values')
  }
}

const [quote, comma, backslash] = [0x22, 0x2c, 0x5c]
const [bracket, brace, bracketEnd, braceEnd] = [0x5b, 0x7b, 0x5d, 0x7d]

/** The index of the quote that ends the string that begins at `start`, or the end of the text. */
function endOfString(text: string, start: number): number {
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

const tooMany = (what: string, limit: number, of: string): TaskhookError =>
  new TaskhookError('too-large', `${what} has more than the limit of ${limit} ${of}`)
