/**
 * Each sender over HTTP, with deliveries that its own package made or confirmed, or, where there is none, that were signed by
 * its documentation. How a vendor retries is recorded as well: with a new timestamp, another attempt number, or the same id.
 */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HmacScheme } from '../../../src/adapters/hmac/hmac-scheme.ts'
import { presets } from '../../../src/adapters/hmac/presets.ts'
import { recordings, runOf, type Senders, senderCounts, startSenders } from './recorded-senders.ts'
import type { Recording } from './recording/recorder.ts'

let senders: Senders
beforeAll(async () => {
  senders = await startSenders()
})
afterAll(() => senders.close())

/** The same request with one bit of its body flipped, or with another token where nothing is signed. */
function forged({ scheme, deliveries: { first }, secret }: Recording): typeof first {
  const isToken = scheme === 'gitlab' || (typeof scheme === 'object' && scheme.algorithm === 'token')
  if (!isToken || first.headers['webhook-signature'] !== undefined) {
    const bytes = Buffer.from(first.body)
    const at = bytes.length - 3
    bytes[at] = (bytes[at] ?? 0) ^ 1
    return { ...first, body: bytes.toString('utf8') }
  }
  const headers = Object.entries(first.headers).map(([name, value]) => [name, value === secret ? 'another' : value])
  return { ...first, headers: Object.fromEntries(headers) }
}

/** Of a new run, as the preset has it for its sender. */
const acceptedStatus = ({ scheme }: Recording): number => {
  const preset: HmacScheme | undefined =
    typeof scheme === 'string' ? presets[scheme as keyof typeof presets] : undefined
  return preset?.accepted ?? 202
}

describe.each(recordings)('$name ($by)', (sender) => {
  const { first, retry, other } = sender.deliveries
  const accepted = acceptedStatus(sender)

  it('is accepted, and rejected once a bit is flipped', async () => {
    expect((await senders.post(sender, forged(sender))).statusCode).toBe(401)
    expect((await senders.post(sender, first)).statusCode).toBe(accepted)
  })

  if (sender.anotherRunBecause === undefined)
    it('retries into the same run', async () => {
      const run = runOf(await senders.post(sender, first))
      const again = await senders.post(sender, retry)
      expect(again.statusCode).toBe(200)
      expect(runOf(again)).toBe(run)
    })
  else
    it(`retries into another run: ${sender.anotherRunBecause}`, async () => {
      const run = runOf(await senders.post(sender, first))
      const again = await senders.post(sender, retry)
      expect(again.statusCode).toBe(accepted)
      expect(runOf(again)).not.toBe(run)
    })

  it('starts another run with another delivery', async () => {
    const run = runOf(await senders.post(sender, first))
    const answer = await senders.post(sender, other)
    expect(answer.statusCode).toBe(accepted)
    expect(runOf(answer)).not.toBe(run)
  })
})

it('every preset is tested with a sender', () => {
  const tested = new Set(recordings.map(({ scheme }) => scheme))
  expect(Object.keys(presets).filter((name) => !tested.has(name))).toEqual([])
})

it('the README has these numbers', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8').replace(/\s+/g, ' ')
  const { all, byPackage, sameRun } = senderCounts()
  expect(readme).toContain(`presets for ${Object.keys(presets).length} kinds of senders`)
  expect(readme).toContain(
    `the deliveries of ${all} senders, ${byPackage} of them made or checked by the vendor's own package`,
  )
  expect(readme).toContain(`For ${sameRun} of the ${all}, a retry is`)
})

it('counts the senders, those with a package, and those whose retry is the same run', () => {
  expect(senderCounts()).toEqual({ all: 61, byPackage: 34, sameRun: 60 })
})
