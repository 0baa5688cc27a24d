import { expect } from 'vitest'
import type { publicLookup } from '../../../src/core/http/public-lookup.ts'

export type Addresses = readonly { address: string; family: number }[]
type SystemLookup = NonNullable<Parameters<typeof publicLookup>[0]>

/** A resolver that returns these addresses for every name. */
export const resolver = (addresses: Addresses, error: Error | null = null): SystemLookup =>
  ((_name: string, options: { all?: boolean }, callback: (error: Error | null, found: Addresses) => void) => {
    expect(options.all).toBe(true)
    callback(error, addresses)
  }) as unknown as SystemLookup

export const v4 = (...addresses: string[]): Addresses => addresses.map((address) => ({ address, family: 4 }))
