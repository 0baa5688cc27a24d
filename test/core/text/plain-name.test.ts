import { expect, it } from 'vitest'
import { plainName } from '../../../src/core/text/plain-name.ts'

it('shortens a name between characters, never inside a surrogate pair', () => {
  expect(plainName(`${'a'.repeat(63)}\u{1D49C}\u{1D49C}`).isWellFormed()).toBe(true)
})
