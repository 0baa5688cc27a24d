import { describe, expect, it } from 'vitest'
import { codeSpan, escapeMarkdown, markdownLink } from '../../../src/adapters/github/markdown.ts'

describe('escapeMarkdown', () => {
  it.each([
    ['a *b* _c_', 'a \\*b\\* \\_c\\_'],
    ['@ann and a@b', '@\u200bann and a@\u200bb'],
    ['&commat;ann', '\\&commat;ann'],
    ['<!-- x -->', '\\<!-- x --\\>'],
    ['a\r\n\r\n# b', 'a \\# b'],
  ])('%j becomes %j', (text, escaped) => {
    expect(escapeMarkdown(text)).toBe(escaped)
  })
})

describe('codeSpan', () => {
  it.each([
    ['a b', '`a b`'],
    ['`rm` | x', "`'rm' ' x`"],
    ['a\nb', '`a b`'],
  ])('%j becomes %j', (text, code) => {
    expect(codeSpan(text)).toBe(code)
  })

  it('is cut to 2,000 characters', () => {
    expect(codeSpan('x'.repeat(2001))).toBe(`\`${'x'.repeat(1999)}…\``)
  })
})

describe('markdownLink', () => {
  it.each([
    ['Report', 'https://e.example/a?b=c#d', '[Report](https://e.example/a?b=c#d)'],
    // A backslash at the end would escape the parenthesis.
    ['Report', 'https://e.example/x\\', '[Report](https://e.example/x%5C)'],
    ['Report', 'https://e.example/(a)|<b>', '[Report](https://e.example/%28a%29%7C%3Cb%3E)'],
    ['[x](y) @ann', 'https://e.example/', '[x  y   ann](https://e.example/)'],
    ['***', 'https://e.example/', '[link](https://e.example/)'],
  ])('%j to %j is %j', (label, url, link) => {
    expect(markdownLink(label, url)).toBe(link)
  })
})
