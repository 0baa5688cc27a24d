import { describe, expect, it } from 'vitest'
import { cleanSecret, SecretUnavailable } from '../../../src/core/aws/secret-value.ts'

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

  it.each([undefined, '', ' ', '\n'])('rejects %j with an error that has the reference', (value) => {
    const read = () => cleanSecret('env:A', value, () => {})
    expect(read).toThrow(SecretUnavailable)
    expect(read).toThrow(expect.objectContaining({ reference: 'env:A', code: 'unavailable' }))
  })
})
