import { expect, it } from 'vitest'
import { isJsonObject, type Json } from '../../../src/core/model/json.ts'

it.each<[Json, boolean]>([
  [{}, true],
  [{ a: 1 }, true],
  [[], false],
  [null, false],
  ['x', false],
  [1, false],
  [true, false],
])('isJsonObject of %j is %j', (json, expected) => {
  expect(isJsonObject(json)).toBe(expected)
})
