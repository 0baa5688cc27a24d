import { describe, expect, it } from 'vitest'
import { constantTimeEqualBytes, constantTimeEqualText } from '../../../src/core/http/constant-time.ts'

describe('constantTimeEqualText', () => {
  it.each([
    ['a', 'a', true],
    ['', '', true],
    ['a', 'b', false],
    ['a', 'aa', false],
    ['é', 'é'.normalize('NFD'), false],
  ])('%j and %j: %s', (a, b, equal) => {
    expect(constantTimeEqualText(a, b)).toBe(equal)
  })
})

describe('constantTimeEqualBytes', () => {
  it.each([
    ['ab', 'ab', true],
    ['ab', 'ac', false],
    ['ab', 'abc', false],
    ['', '', true],
  ])('%j and %j: %s', (a, b, equal) => {
    expect(constantTimeEqualBytes(Buffer.from(a), Buffer.from(b))).toBe(equal)
  })
})
