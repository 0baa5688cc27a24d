import { describe, expect, it } from 'vitest'
import { printable, widthOf, wrap } from '../../../src/core/text/terminal-text.ts'
import { hostileTexts } from '../../support/hostile-text.ts'

describe('printable', () => {
  it.each(hostileTexts)('replaces %s', (_, text, shown) => {
    expect(printable(text)).toBe(shown)
  })
})

describe('wrap', () => {
  it.each<[string, number, string[]]>([
    ['', 10, ['']],
    ['fits', 4, ['fits']],
    ['ab cd', 4, ['ab', 'cd']],
    ['ab cd', 2, ['ab', 'cd']],
    ['abcdef gh', 4, ['abcd', 'ef', 'gh']],
    ['  ab cd', 5, ['  ab', 'cd']],
    ['   abcdef', 5, ['   ab', 'cdef']],
    ['a  b', 10, ['a  b']],
    ['a    bc', 3, ['a', 'bc']],
    ['ab   ', 3, ['ab']],
    ['✅✅✅', 4, ['✅✅', '✅']],
  ])('%j to %i columns', (text, width, lines) => {
    expect(wrap(text, width)).toEqual(lines)
  })

  it('wraps a line of a megabyte in less than two seconds', () => {
    const began = performance.now()
    expect(wrap('x'.repeat(1_000_000), 60).length).toBe(Math.ceil(1_000_000 / 60))
    expect(performance.now() - began).toBeLessThan(2000)
  })
})

describe('widthOf', () => {
  it.each<[string, number]>([
    ['abc', 3],
    ['✅', 2],
    ['⚠️', 2],
    ['数', 2],
    ['한글', 4],
    ['é', 1],
    ['e\u0301', 1],
    ['●│→', 3],
  ])('%j is %i columns wide', (text, columns) => {
    expect(widthOf(text)).toBe(columns)
  })
})
