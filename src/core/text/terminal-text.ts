/** Text that is safe for a terminal and fits into its columns. Pure. */
import { stripVTControlCharacters } from 'node:util'

const tabWidth = 8

/**
 * Much of what a terminal shows was written by others. Escape sequences are removed, and other characters that could move the cursor,
 * ring the bell or change the writing direction are replaced by visible ones.
 */
export const printable = (text: string): string =>
  stripVTControlCharacters(text)
    .split('\t')
    .map((cell, at, cells) =>
      at === cells.length - 1 ? cell : cell + ' '.repeat(tabWidth - (widthOf(cell) % tabWidth)),
    )
    .join('')
    .replace(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, (char) =>
      char < ' ' ? String.fromCharCode(0x2400 + char.charCodeAt(0)) : '\ufffd',
    )

/** Lines of at most `width` columns, broken at a space if there is one, otherwise within the word. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let rest = text.trimEnd()
  for (let end = lengthWithin(rest, width); end < rest.length; end = lengthWithin(rest, width)) {
    const space = rest.lastIndexOf(' ', end)
    const at = rest.slice(0, Math.max(0, space)).trim() === '' ? end : space
    lines.push(rest.slice(0, at).trimEnd())
    rest = rest.slice(at).trimStart()
  }
  return [...lines, rest]
}

/** How many code units of the text fit into `width` columns; at least one character. */
function lengthWithin(text: string, width: number): number {
  let columns = 0
  let end = 0
  for (const char of text) {
    columns += widthOf(char)
    if (columns > width && end > 0) return end
    end += char.length
  }
  return end
}

const doubleWidth =
  /\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}|[\u3000-\u303f\uff01-\uff60]/u
const zeroWidth = /[\p{Mn}\p{Me}\u200b-\u200d]/u
/** Turns a narrow character into an emoji, so it counts as one column. */
const emojiSelector = '\ufe0f'

/** Columns: two for emoji and East Asian scripts, none for combining accents. */
export function widthOf(text: string): number {
  let columns = 0
  for (const char of text)
    columns += doubleWidth.test(char) ? 2 : zeroWidth.test(char) && char !== emojiSelector ? 0 : 1
  return columns
}
