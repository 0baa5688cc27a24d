import { expect, it } from 'vitest'
import { cutText } from '../../../src/core/text/cut-text.ts'

it.each([
  ['abc', 3, 'abc'],
  ['abcd', 3, 'ab…'],
  ['', 3, ''],
  // A character of two code units is not cut in half.
  ['a😀b', 3, 'a\ufffd…'],
])('%j in %d characters is %j', (text, max, short) => {
  expect(cutText(text, max)).toBe(short)
})
