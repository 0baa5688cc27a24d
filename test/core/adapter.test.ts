/** The example in the doc comment of src/core/adapter.ts: it compiles, it is the documented text, and it keeps the contract. */
import { readFileSync } from 'node:fs'
import { describe, expect, expectTypeOf, it } from 'vitest'
import type { Adapter, AdapterFactory } from '../../src/core/adapter.ts'
import { parseStoredAddress, parseStoredMemory } from '../../src/core/lifecycle/parse-stored.ts'
import { describeAdapter } from '../contract/suite.ts'
import { signBody } from '../support/sign.ts'
import { helpdesk } from './adapter-example.ts'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const source = { name: 'helpdesk', adapter: 'helpdesk', secret: ['env:S'], tokens: {} }

describe('the example of an adapter', () => {
  it('is the one in the doc comment', () => {
    const [, comment = ''] = /@example\n([\s\S]*?)\n \*\//.exec(read('../../src/core/adapter.ts')) ?? []
    const documented = comment.replace(/^ \* ?/gm, '')
    const [, compiled = ''] = /^import .*\n\n([\s\S]*)\n$/.exec(read('./adapter-example.ts')) ?? []
    expect(documented.length).toBeGreaterThan(500)
    expect(documented).toBe(compiled)
  })
})

const body = (ticket: number) => JSON.stringify({ ticket, label: 'export', author: 'ann' })

describeAdapter('the example', {
  adapter: helpdesk({ ...source, options: { apiUrl: 'https://helpdesk.example.com' } }),
  secrets: { current: 'the-current-secret-of-the-sender', previous: 'the-previous-secret', wrong: 'another-secret' },
  sign: (recording, key) => signBody(recording.body, 'x-helpdesk-signature', '', { key }),
  recordings: [
    { name: 'a ticket', body: body(1), headers: { 'x-helpdesk-delivery': 'd1' } },
    { name: 'another ticket', body: body(2) },
  ],
  unreadable: [
    { name: 'broken JSON', body: '{' },
    { name: 'a body without a ticket', body: '{"label":"export","author":"ann"}' },
  ],
  authHeaders: ['x-helpdesk-signature'],
  deliveryKeyFrom: 'idempotency-key',
})

describe('stored JSON', () => {
  const bare: Adapter = { ...helpdesk({ ...source, options: {} }), parseAddress: (stored) => stored }
  const typed: Adapter = {
    ...bare,
    parseAddress: (stored) => (stored === 'known' ? 'address' : null),
    parseMemory: (stored) => (stored === 'known' ? 'memory' : undefined),
  }
  const { parseAddress, ...untyped } = bare

  it('is read by the parsers of an adapter', () => {
    expect([parseStoredAddress(typed, 'known'), parseStoredMemory(typed, 'known')]).toEqual(['address', 'memory'])
    expect([parseStoredAddress(typed, 'other'), parseStoredMemory(typed, 'other')]).toEqual([null, undefined])
  })

  it('reaches an adapter without parsers as it is', () => {
    expect([parseStoredAddress(untyped, { a: 1 }), parseStoredMemory(untyped, { b: 2 })]).toEqual([{ a: 1 }, { b: 2 }])
  })

  it('is not parsed if nothing was stored', () => {
    expect([parseStoredAddress(typed, null), parseStoredMemory(typed, null)]).toEqual([null, undefined])
    expect(parseStoredMemory(typed, undefined)).toBeUndefined()
  })

  it('needs a parser where an adapter names a type for it', () => {
    type Address = { readonly ticket: number }
    expectTypeOf<typeof untyped>().toExtend<Adapter>()
    expectTypeOf<typeof untyped>().not.toExtend<Adapter<Address>>()
    expectTypeOf<typeof untyped>().not.toExtend<Adapter<Address, { readonly note: number }>>()
    expectTypeOf<AdapterFactory<Address>>().toExtend<AdapterFactory>()
  })
})
