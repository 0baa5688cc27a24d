import { describe, expect, it } from 'vitest'
import { cleanSecret } from '../../../src/core/aws/secret-value.ts'

describe('cleanSecret', () => {
  it.each([
    ['abc\n', 'abc', 1],
    ['abc\r\n', 'abc', 1],
    ['abc\n\n', 'abc', 1],
    ['abc', 'abc', 0],
    [' abc ', ' abc ', 0],
    ['a\nb', 'a\nb', 0],
  ])('reads %j as %j, with %d warnings', (value, cleaned, count) => {
    const warnings: string[] = []
    expect(cleanSecret('env:A', value, (message) => warnings.push(message))).toBe(cleaned)
    expect(warnings).toHaveLength(count)
    expect(warnings.join()).not.toContain('abc')
  })
})
