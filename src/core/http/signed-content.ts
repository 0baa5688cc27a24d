/** Puts together the bytes that the sender has signed. */
import type { HttpRequest } from '../adapter.ts'
import { Unauthorized } from '../errors.ts'
import { placeholders } from './signature-scheme.ts'

export interface SignedValues {
  readonly id: string | undefined
  readonly timestamp: string | undefined
  readonly body: Uint8Array
  /** Under which the sender knows the source. Default: the one that the request came to. */
  readonly publicUrl: string | undefined
}

/** @throws {Unauthorized} if a value of the template is missing or ambiguous */
export function signedContent(template: string, values: SignedValues, request: HttpRequest): Uint8Array {
  const chunks = template.split(placeholders)
  return Buffer.concat(
    chunks.map((chunk, at) => (at % 2 === 0 ? Buffer.from(chunk) : chunkValue(chunks, at, values, request))),
  )
}

function chunkValue(
  chunks: readonly string[],
  at: number,
  { id, timestamp, body, publicUrl }: SignedValues,
  request: HttpRequest,
): Uint8Array {
  const name = (chunks[at] ?? '').slice(1, -1)
  const url = publicUrl ?? `${request.origin}${request.path}`
  switch (name) {
    case 'body':
      return body
    case 'method':
      return Buffer.from(request.method)
    case 'url':
      return Buffer.from(url)
    case 'path':
      return Buffer.from(url.replace(/^[a-z]+:\/\/[^/]*/i, ''))
    case 'timestamp':
      return present(name, timestamp)
    case 'id':
      return present(name, unambiguous('the id', chunks, at, id))
    default: {
      const header = name.slice('header:'.length).toLowerCase()
      return present(`header ${header}`, unambiguous(`the header ${header}`, chunks, at, request.headers[header]))
    }
  }
}

function present(name: string, value: string | undefined): Uint8Array {
  if (value === undefined || value === '') throw new Unauthorized(`no ${name}`)
  return Buffer.from(value)
}

/**
 * A value that contains a delimiter would let the same bytes be read as another value with another timestamp or body. The same is true
 * of one whose end forms a delimiter together with what follows.
 */
function unambiguous(
  what: string,
  chunks: readonly string[],
  at: number,
  value: string | undefined,
): string | undefined {
  if (value === undefined) return undefined
  const before = chunks[at - 1] ?? ''
  const after = chunks[at + 1] ?? ''
  const isFirst = at === 1 && before === ''
  const isLast = at === chunks.length - 2 && after === ''
  if (!isFirst && `${before}${value}`.lastIndexOf(before) !== 0)
    throw new Unauthorized(`${what} contains ${JSON.stringify(before)}, which separates it from the rest`)
  if (!isLast && `${value}${after}`.indexOf(after) !== value.length)
    throw new Unauthorized(`${what} contains ${JSON.stringify(after)}, which separates it from the rest`)
  return value
}
