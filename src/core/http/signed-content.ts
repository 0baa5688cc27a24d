/** Puts together the bytes that the sender has signed. */
import { Unauthorized } from '../errors.ts'

/**
 * @param template with `{id}`, `{timestamp}` and `{body}`
 * @throws {Unauthorized} if a value of the template is missing, or if the id is ambiguous
 */
export function signedContent(
  template: string,
  values: { readonly id: string | undefined; readonly timestamp: string | undefined },
  body: Uint8Array,
): Uint8Array {
  const chunks = template.split(/(\{(?:id|timestamp|body)\})/).map((chunk, at, all) => {
    if (chunk === '{body}') return body
    if (chunk !== '{id}' && chunk !== '{timestamp}') return Buffer.from(chunk)
    const value = chunk === '{id}' ? values.id : values.timestamp
    // An id that contains a delimiter would let the same bytes be read as another id with another timestamp or body.
    const isAmbiguous = chunk === '{id}' && delimitersAround(all, at).some((delimiter) => value?.includes(delimiter))
    if (!value || isAmbiguous) throw new Unauthorized(`no ${chunk.slice(1, -1)}`)
    return Buffer.from(value)
  })
  return Buffer.concat(chunks)
}

/** The texts before and after a placeholder. At the beginning and the end of the template there is none. */
const delimitersAround = (chunks: readonly string[], at: number): readonly string[] => [
  ...(at > 1 || chunks[0] !== '' ? [chunks[at - 1] ?? ''] : []),
  ...(at < chunks.length - 2 || chunks.at(-1) !== '' ? [chunks[at + 1] ?? ''] : []),
]
