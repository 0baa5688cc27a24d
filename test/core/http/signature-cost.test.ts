/** A sender without the secret cannot make a signature check expensive: many signatures in one header cost about as much as one. */
import { expect, it } from 'vitest'
import { presets } from '../../../src/adapters/hmac/presets.ts'
import { verifySignature } from '../../../src/core/http/signature.ts'

const request = (signatures: number) => ({
  method: 'POST',
  path: '/x',
  query: new URLSearchParams(),
  origin: '',
  headers: { 'stripe-signature': `t=1700000000${',v1=00'.repeat(signatures)}` },
  body: Buffer.alloc(4_000_000),
})

/** Of the processor, in milliseconds, for ten checks: one may be shorter than a tick of its clock. */
function timeOf(signatures: number): number {
  const example = request(signatures)
  const began = process.cpuUsage()
  for (let times = 0; times < 10; times++)
    expect(() => verifySignature(presets.stripe, example, ['secret'], 1_700_000_000_000)).toThrow('invalid signature')
  const { user, system } = process.cpuUsage(began)
  return (user + system) / 1000
}

it('twenty signatures cost about as much as one', () => {
  timeOf(1)
  // The least of three: garbage collection of another test may come in between.
  const least = (signatures: number): number => Math.min(...[1, 2, 3].map(() => timeOf(signatures)))
  expect(least(20)).toBeLessThan(least(1) * 4)
})

it('a header with too many signatures is refused without an HMAC', () => {
  expect(timeOf(5000)).toBeLessThan(timeOf(1) * 2)
})
