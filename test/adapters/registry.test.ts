import { describe, expect, it } from 'vitest'
import { builtin } from '../../src/adapters/registry.ts'
import { builtinSpecs } from '../../src/adapters/spec-registry.ts'

const options = { scheme: 'stripe' }

describe('the registry', () => {
  it('has a spec for every adapter, and no other specs', () => {
    expect(Object.keys(builtinSpecs).sort()).toEqual(Object.keys(builtin).sort())
  })

  it.each(Object.entries(builtin))('%s is created from its part of the config', async (name, load) => {
    const adapter = (await load())({ name, adapter: name, secret: ['env:S'], tokens: {}, options })
    expect(adapter).toMatchObject({
      verify: expect.any(Function),
      translate: expect.any(Function),
      updateStatus: expect.any(Function),
    })
  })

  it.each(Object.entries(builtinSpecs))('the spec of %s has entries for its secret and its tokens', (_, spec) => {
    expect(Object.keys(spec.entries)).toEqual(expect.arrayContaining([spec.secret, ...spec.tokens]))
    expect(spec.entries).not.toHaveProperty('adapter')
  })
})
