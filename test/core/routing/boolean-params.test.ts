import { expect, it } from 'vitest'
import { resolveParams } from '../../../src/core/routing/resolve-params.ts'

it.each([
  ['a list', ['yes']],
  ['an object with a method toString', { toString: 1 }],
  ['null', null],
  ['an object without a prototype', Object.create(null)],
])('a boolean parameter refuses %s', (_name, value) => {
  const declared = { force: { type: 'boolean', env: 'FORCE' } } as const
  expect(resolveParams(declared, { kind: 'none' }, { force: value }).ok).toBe(false)
})
