/** DNS lookup that accepts a name only if all its addresses are public. */
import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { NotPublic } from '../errors.ts'
import { isPublicAddress } from './public-address.ts'

/**
 * The connection uses the address that was checked here. A second lookup could return another one.
 * @param lookup as in node:dns
 */
export const publicLookup =
  (lookup: typeof systemLookup = systemLookup): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? []
      if (error !== null) return callback(error, '', 0)
      if (first === undefined || addresses.some(({ address }) => !isPublicAddress(address)))
        return callback(new NotPublic('the host name resolves to a private address'), '', 0)
      return options.all === true ? callback(null, addresses) : callback(null, first.address, first.family)
    })
  }
