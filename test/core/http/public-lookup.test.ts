import { describe, expect, it } from 'vitest'
import { NotPublic } from '../../../src/core/errors.ts'
import { publicLookup } from '../../../src/core/http/public-lookup.ts'
import { type Addresses, resolver, v4 } from './resolver.ts'

describe('publicLookup', () => {
  type Found = [Error | null, unknown, unknown]
  const ask = (addresses: Addresses, all: boolean, error?: Error) =>
    new Promise<Found>((resolve) =>
      publicLookup(resolver(addresses, error))('example.com', { all }, (...found) => resolve(found as Found)),
    )

  it('returns all addresses if all are requested', async () => {
    const both = [...v4('8.8.8.8'), { address: '2606:4700:4700::1111', family: 6 }]
    expect(await ask(both, true)).toEqual([null, both])
  })
  it('returns the first address if one is requested', async () => {
    expect(await ask([{ address: '2606:4700:4700::1111', family: 6 }, ...v4('8.8.8.8')], false)).toEqual([
      null,
      '2606:4700:4700::1111',
      6,
    ])
  })
  it.each([
    ['one private address', v4('10.0.0.1')],
    ['a private address after public ones', v4('8.8.8.8', '1.1.1.1', '10.0.0.1')],
    ['a private address before a public one', v4('169.254.169.254', '8.8.8.8')],
    ['a private IPv4 address in IPv6', [{ address: '::ffff:10.0.0.1', family: 6 }]],
    ['no address', []],
  ])('rejects a name with %s', async (_name, addresses) => {
    for (const all of [true, false]) {
      const [error] = await ask(addresses, all)
      expect(error).toBeInstanceOf(NotPublic)
    }
  })
  it('passes on the error of a name that does not resolve: it may resolve later', async () => {
    const gone = Object.assign(new Error('getaddrinfo ENOTFOUND example.com'), { code: 'ENOTFOUND' })
    for (const all of [true, false]) expect((await ask([], all, gone))[0]).toBe(gone)
  })
})
