import { expect, it } from 'vitest'
import { isTeam, isUserGroupId } from '../../../src/core/model/user-groups.ts'

it.each([
  ['S01', true],
  ['S0123ABC', true],
  ['U0123ABC', false],
  ['US01', false],
  ['W0123ABC', false],
  ['S1', false],
  ['s0123abc', false],
  ['S01&x=1', false],
  ['S0/../x', false],
  ['sales', false],
])('isUserGroupId of %s is %s', (id, expected) => expect(isUserGroupId(id)).toBe(expected))

it.each([
  ['acme/data', true],
  ['ann', false],
  ['S0123ABC', false],
])('isTeam of %s is %s', (name, expected) => expect(isTeam(name)).toBe(expected))
