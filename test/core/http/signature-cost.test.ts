/** A sender without the secret cannot make a signature check expensive: many signatures in one header cost about as much as one. */
import { expect, it } from 'vitest'
import { presets } from '../../../src/adapters/hmac/schemes.ts'
import { verifySignature } from '../../../src/core/http/signature.ts'

const request = (signatures: number) => ({
  method: 'POST',
  path: '/x',
  query: new URLSearchParams(),
  origin: '',
  headers: { 'stripe-signature': `t=1700000000${',v1=00'.repeat(signatures)}` },
  body: Buffer.alloc(4_000_000),
})

/** Of the processor, in milliseconds. */
function timeOf(signatures: number): number {
  const began = process.cpuUsage()
  expect(() => verifySignature(presets.stripe, request(signatures), ['secret'], 1_700_000_000_000)).toThrow(
    'invalid signature',
  )
  return process.cpuUsage(began).user / 1000
}

it('twenty signatures cost about as much as one', () => {
  timeOf(1)
  const [one, twenty] = [Math.min(timeOf(1), timeOf(1), timeOf(1)), Math.min(timeOf(20), timeOf(20), timeOf(20))]
  expect(twenty).toBeLessThan(one * 4)
})

it('a header with too many signatures is refused without an HMAC', () => {
  expect(timeOf(5000)).toBeLessThan(Math.max(timeOf(1), 1) * 2)
})
