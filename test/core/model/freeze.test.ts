import { expect, it } from 'vitest'
import { freezeDeep } from '../../../src/core/model/freeze.ts'

it('freezes a value and everything in it, and returns it', () => {
  const value = { list: [{ inner: { deep: 1 } }], none: null, text: 'x' }
  expect(freezeDeep(value)).toBe(value)
  for (const part of [value, value.list, value.list[0], value.list[0]?.inner]) expect(Object.isFrozen(part)).toBe(true)
})

it.each([null, undefined, 1, 'x'])('leaves %j in it unchanged', (value) => {
  expect(freezeDeep({ value })).toStrictEqual({ value })
})

it('does not look into what is frozen already, so a cycle of frozen values ends', () => {
  const value: { self?: unknown } = {}
  value.self = value
  Object.freeze(value)
  expect(freezeDeep({ value })).toEqual({ value })
})
