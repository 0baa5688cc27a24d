/** `deliveryKey`: the same delivery has the same key, and no unsigned data changes it. */
import { describe, expect, it } from 'vitest'
import type { Headers } from '../support/sign.ts'
import type { Case, Recording } from './contract.ts'

export function describeDeliveryKey(name: string, on: Case): void {
  const { first, recordings, secrets, headersOf, verify } = on
  const isSigned = on.deliveryKeyFrom === 'signed-data'
  const keyOf = async (recording: Recording, more: Headers = {}) =>
    (await verify(recording.body, { ...headersOf(recording), ...more })).deliveryKey

  describe(`${name}: the delivery key`, () => {
    if (isSigned)
      it('is the same for the same delivery, whatever its unsigned headers contain', async () => {
        const unsigned = { 'x-github-delivery': 'other', 'idempotency-key': 'other', 'x-request-id': 'other' }
        expect(await keyOf(first)).toEqual(expect.stringMatching(/./))
        expect(await keyOf(first, unsigned)).toBe(await keyOf(first))
      })

    if (!isSigned)
      it('is the Idempotency-Key, since no signed data identifies the delivery', async () => {
        const [a, again, b] = [{ 'idempotency-key': 'a' }, { 'idempotency-key': 'a' }, { 'idempotency-key': 'b' }]
        expect(await keyOf(first, a)).toBe(await keyOf(first, again))
        expect(await keyOf(first, a)).not.toBe(await keyOf(first, b))
      })

    it('is the same with each secret', async () => {
      const previous = await verify(first.body, headersOf(first, secrets.previous), [secrets.previous])
      expect(previous.deliveryKey).toBe(isSigned ? await keyOf(first) : undefined)
    })

    it('differs between deliveries, or is missing', async () => {
      const keys = await Promise.all(recordings.map((recording) => keyOf(recording)))
      expect(new Set(keys).size).toBe(isSigned ? recordings.length : 1)
      expect(keys.includes(undefined)).toBe(!isSigned)
    })
  })
}
