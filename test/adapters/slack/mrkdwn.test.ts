import { describe, expect, it } from 'vitest'
import { escapeText, unescapeText } from '../../../src/adapters/slack/mrkdwn.ts'

describe('escapeText', () => {
  it.each([
    ['<!channel>', '&lt;!channel&gt;'],
    ['a & b', 'a &amp; b'],
    ['&lt;', '&amp;lt;'],
    ['plain é✓', 'plain é✓'],
    ['', ''],
  ])('%j becomes %j', (text, escaped) => {
    expect(escapeText(text)).toBe(escaped)
  })
})

describe('unescapeText', () => {
  it.each([
    ['', ''],
    ['plain', 'plain'],
    ['<@U012ABCDEF>', 'U012ABCDEF'],
    ['<@U012ABCDEF|ann>', 'U012ABCDEF'],
    ['<#C024BE7LR|general>', 'C024BE7LR'],
    ['<#C024BE7LR|>', 'C024BE7LR'],
    ['<!here>', 'here'],
    ['<!subteam^S1|@team>', 'subteam^S1'],
    ['<https://x.org/a?b=c&amp;d=e>', 'https://x.org/a?b=c&d=e'],
    ['<https://x.org|x.org>', 'https://x.org'],
    ['<mailto:a@x.org|a@x.org>', 'a@x.org'],
    ['owner=<@U1> in <#C1|data> from <https://x.org|x>', 'owner=U1 in C1 from https://x.org'],
    ['a &lt;b&gt; &amp; c', 'a <b> & c'],
    ['&amp;lt;', '&lt;'],
    ['&amp;amp;', '&amp;'],
    ['&lt;@U1&gt;', '<@U1>'],
    ['a < b > c', 'a < b > c'],
    ['depth<3 and width>4', 'depth<3 and width>4'],
    ['<b>', '<b>'],
    ['x=<y>', 'x=<y>'],
    ['Q&A', 'Q&A'],
    ['<@>', '<@>'],
    ['<unclosed', '<unclosed'],
  ])('%j becomes %j', (text, plain) => {
    expect(unescapeText(text)).toBe(plain)
  })

  it('reads 100,000 characters in under a second', () => {
    const began = performance.now()
    unescapeText('<@'.repeat(50_000))
    unescapeText('<a:'.repeat(50_000))
    unescapeText('<'.repeat(100_000))
    expect(performance.now() - began).toBeLessThan(1000)
  })
})
