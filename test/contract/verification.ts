/** `verify`: only an unchanged delivery that is signed with one of the secrets is authenticated. */
import { describe, expect, it } from 'vitest'
import { Unauthorized } from '../../src/core/errors.ts'
import { type Case, seconds, without } from './contract.ts'

/** What the sender may see: never the reason. */
const unauthorized = expect.objectContaining({
  name: 'Unauthorized',
  code: 'unauthorized',
  message: 'invalid signature',
})
const accepted = { method: 'POST' }

export function describeVerification(name: string, on: Case): void {
  describe(`${name}: verify accepts`, () => acceptsTests(on))
  describe(`${name}: verify rejects`, () => rejectsTests(on))
  describe(`${name}: verify`, () => boundaryTests(on))
}

function acceptsTests({ recordings, verified, verify, headersOf, first, secrets }: Case): void {
  it.each(recordings)('$name, and keeps its bytes', async (recording) => {
    const { body } = await verified(recording)
    expect(Buffer.from(body).equals(Buffer.from(recording.body))).toBe(true)
  })

  it('a delivery that is signed with the current or the previous secret', async () => {
    const both = [secrets.current, secrets.previous]
    for (const secret of both)
      await expect(verify(first.body, headersOf(first, secret), both)).resolves.toMatchObject(accepted)
    await expect(verify(first.body, headersOf(first, secrets.previous))).rejects.toThrow(unauthorized)
  })
}

function rejectsTests(on: Case): void {
  const { recordings, authHeaders, signs, first, secrets, headersOf, verify } = on

  it.each(signs ? recordings : [])('$name with any bit flipped', async (recording) => {
    const bytes = Buffer.from(recording.body)
    for (const at of positions(bytes.length)) {
      const flipped = Buffer.from(bytes)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8))
      await expect(verify(flipped, headersOf(recording)), `bit of byte ${at}`).rejects.toThrow(unauthorized)
    }
  })

  it.each(authHeaders)('a delivery with any character of %s changed', async (header) => {
    const headers = headersOf(first)
    const value = headers[header] ?? ''
    for (let at = 0; at < value.length; at++) {
      const changed = value.slice(0, at) + (value[at] === '0' ? '1' : '0') + value.slice(at + 1)
      await expect(verify(first.body, { ...headers, [header]: changed }), changed).rejects.toThrow(unauthorized)
    }
  })

  it.each(authHeaders)('a delivery without %s, or with an empty one', async (header) => {
    const headers = headersOf(first)
    await expect(verify(first.body, without(headers, header))).rejects.toThrow(unauthorized)
    await expect(verify(first.body, { ...headers, [header]: '' })).rejects.toThrow(unauthorized)
  })

  it.each(['garbage!', 'sha256=', 'v0=', '0', ' ', '%', 'é', '\u0000', 'x'.repeat(10_000)])(
    'a delivery with the signature %.20j',
    async (value) => {
      const headers = { ...headersOf(first), [authHeaders[0]]: value }
      await expect(verify(first.body, headers)).rejects.toThrow(unauthorized)
    },
  )

  it.each(signs ? recordings.slice(1) : [])(
    'the body of $name with the signature of another delivery',
    async (other) => {
      await expect(verify(other.body, headersOf(first))).rejects.toThrow(unauthorized)
    },
  )

  it('a delivery that is signed with another secret, or without any secret to compare', async () => {
    await expect(verify(first.body, headersOf(first, secrets.wrong))).rejects.toThrow(unauthorized)
    await expect(verify(first.body, headersOf(first), [secrets.wrong])).rejects.toThrow(unauthorized)
    await expect(verify(first.body, headersOf(first), [])).rejects.toThrow(unauthorized)
  })
}

function boundaryTests(on: Case): void {
  const { authHeaders, signatureList, signs, tolerance, first, secrets, headersOf, verify } = on

  it.each(authHeaders)('takes %s only once, unless it is a list', async (header) => {
    const headers = headersOf(first)
    // AWS joins the values of a header that comes twice.
    const twice = verify(first.body, { ...headers, [header]: `${headers[header]},${headers[header]}` })
    if (signatureList && header === authHeaders[0]) await expect(twice).resolves.toMatchObject(accepted)
    else await expect(twice).rejects.toThrow(unauthorized)
  })

  it.each(timestampOffsets(tolerance))('accepts a timestamp %d s off the clock: %s', async (off, isAccepted) => {
    const sent = verify(first.body, headersOf(first, secrets.current, seconds + off))
    if (isAccepted) await expect(sent).resolves.toMatchObject(accepted)
    else await expect(sent).rejects.toThrow(unauthorized)
  })

  it.each(['', '{', Uint8Array.from([0xff, 0xfe]), '\0', 'payload=%zz'])(
    'throws only Unauthorized for the body %j',
    async (body) => {
      const headers = [{}, { [authHeaders[0]]: 'x' }, { 'content-type': 'application/json' }]
      for (const each of signs ? [...headers, headersOf(first)] : headers)
        await expect(verify(body, each)).rejects.toThrow(Unauthorized)
    },
  )
}

const timestampOffsets = (tolerance: number | undefined): [off: number, isAccepted: boolean][] =>
  tolerance === undefined
    ? []
    : [
        [-86_400, false],
        [-tolerance - 1, false],
        [-tolerance, true],
        [0, true],
        [tolerance, true],
        [tolerance + 1, false],
        [86_400, false],
      ]

/** All positions of something short; 64 positions of something long, including its ends. */
const positions = (length: number): number[] =>
  length <= 64
    ? Array.from({ length }, (_, at) => at)
    : Array.from({ length: 64 }, (_, at) => Math.round((at * (length - 1)) / 63))
