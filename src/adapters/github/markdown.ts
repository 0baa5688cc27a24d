/** GitHub-flavored Markdown for text from outside, which must not become a mention, a link or HTML. Pure. */
import { cutText } from '../../core/text/cut-text.ts'

/** Longest text in a code span, in characters. */
const maxCode = 2000

/** Text in one line, without formatting. A zero-width space after "@" prevents a mention. */
export const escapeMarkdown = (text: string): string =>
  text
    .replace(/[\\`*_{}[\]<>()#|~&]/g, '\\$&')
    .replace(/@(?=\w)/g, '@\u200b')
    .replace(/\s+/g, ' ')

/** In code, Markdown and mentions have no effect. A backtick would end it, and "|" would end a table cell. */
export const codeSpan = (text: string): string =>
  `\`${cutText(text, maxCode).replace(/[`|]/g, "'").replace(/\s+/g, ' ')}\``

export const markdownLink = (label: string, url: string): string =>
  `[${label.replace(/[^\p{L}\p{N} .,:%+-]/gu, ' ').trim() || 'link'}](${escapeUrl(url)})`

/** Encodes what would end the link. encodeURIComponent leaves parentheses as they are. */
const escapeUrl = (url: string): string =>
  url.replace(/[()|<>\\\s]/g, (char) =>
    encodeURIComponent(char).replace(/[()]/g, (parenthesis) => (parenthesis === '(' ? '%28' : '%29')),
  )
