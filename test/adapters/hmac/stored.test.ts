/**
 * What the hmac adapter of commit a0166d7 stored in the ledger. While a deployment is upgraded, both versions read and write
 * it, so its JSON must stay the same.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { hmac } from '../../../src/adapters/hmac/index.ts'
import type { Adapter, Json } from '../../../src/core/adapter.ts'
import { markVerified } from '../../../src/core/http/verified-request.ts'
import { parseStoredAddress } from '../../../src/core/lifecycle/parse-stored.ts'
import { requestOf } from '../../contract/request.ts'

interface HmacRecord {
  readonly body: Readonly<Record<string, unknown>>
  readonly address: Json
}
const recorded = JSON.parse(
  readFileSync(new URL('../../fixtures/hmac/stored.json', import.meta.url), 'utf8'),
) as readonly HmacRecord[]

describe('stored by the hmac adapter', () => {
  const options = { scheme: 'standard-webhooks', callbackHosts: ['hooks.example.com'] }
  const adapter: Adapter = hmac({ name: 'shop', adapter: 'hmac', secret: ['env:S'], tokens: {}, options })

  it('has a record with a callback URL, and one without', () => {
    expect(recorded.map(({ address }) => address === null)).toEqual([true, false])
  })

  it.each(recorded)('the reply address of $body is read, and written the same', async ({ body, address }) => {
    expect(parseStoredAddress(adapter, address)).toEqual(address)
    const request = markVerified(requestOf(JSON.stringify(body), { 'content-type': 'application/json' }), 'key')
    expect(await adapter.translate(request)).toMatchObject({ kind: 'run', trigger: { replyAddress: address } })
  })

  it.each<[string, Json]>([
    ['an empty object', {}],
    ['a text', 'https://hooks.example.com/'],
    ['a URL that is not text', { callbackUrl: 7 }],
    ['a list', [{ callbackUrl: 'https://hooks.example.com/' }]],
  ])('%s is not a reply address', (_, stored) => {
    expect(parseStoredAddress(adapter, stored)).toBeNull()
  })
})
