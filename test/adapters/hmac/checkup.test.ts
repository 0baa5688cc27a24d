/** Which secrets `taskhook doctor` reports as malformed. */
import { describe, expect, it } from 'vitest'
import { checkup } from '../../../src/adapters/hmac/checkup.ts'
import type { Json } from '../../../src/core/adapter.ts'

const whyMalformed = (key: string, value: string, scheme: Json) =>
  checkup.whyMalformed(key, value, { name: 'shop', adapter: 'hmac', secret: [], tokens: {}, options: { scheme } })
const base64 = (bytes: number) => Buffer.alloc(bytes, 1).toString('base64')
const custom = { header: 'x', algorithm: 'sha256', encoding: 'hex', secret: 'base64' }

describe('a secret', () => {
  it.each<[string, string, string, Json]>([
    ['Standard Webhooks', 'secret', `whsec_${base64(24)}`, 'standard-webhooks'],
    ['Standard Webhooks without its prefix', 'secret', base64(16), 'standard-webhooks'],
    ['any text, if the scheme uses text', 'secret', 'not base64!', 'stripe'],
    ['base64, if the scheme uses base64', 'secret', base64(32), custom],
    ['Standard Webhooks as Supabase writes it', 'secret', `v1,whsec_${base64(24)}`, 'standard-webhooks'],
    ['the secret of Polar', 'secret', 'polar_whs_a text', 'standard-webhooks'],
    ['hex, if the scheme uses hex', 'secret', 'aB'.repeat(16), 'adyen'],
    ['a callback secret', 'callbackSecret', `whsec_${base64(32)}`, 'stripe'],
  ])('is accepted: %s', (_, key, value, scheme) => {
    expect(whyMalformed(key, value, scheme)).toBeUndefined()
  })

  it.each<[string, string, string, Json, string]>([
    ['other characters', 'secret', 'whsec_not base64!', 'standard-webhooks', 'is not base64'],
    ['text where the scheme uses hex', 'secret', 'xy'.repeat(16), 'adyen', 'is not hex'],
    ['an odd number of digits', 'secret', 'a'.repeat(33), 'adyen', 'is not hex'],
    ['15 bytes in hex', 'secret', 'ab'.repeat(15), 'adyen', 'is a key of 15 bytes'],
    ['15 bytes', 'secret', base64(15), custom, 'is a key of 15 bytes'],
    ['text as a callback secret', 'callbackSecret', 'not base64!', 'stripe', 'is not base64'],
  ])('is reported: %s', (_, key, value, scheme, why) => {
    expect(whyMalformed(key, value, scheme)).toContain(why)
    expect(whyMalformed(key, value, scheme)).not.toContain(value)
  })
})
