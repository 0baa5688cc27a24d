/** Compares the presets with the vendors' own packages. Where they differ, a test says so. */
import { Webhook } from 'standardwebhooks'
import Stripe from 'stripe'
import { describe, expect, it } from 'vitest'
import { presets } from '../../../src/adapters/hmac/presets.ts'
import { Unauthorized } from '../../../src/core/errors.ts'
import { verifySignature } from '../../../src/core/http/signature.ts'
import type { SignatureScheme } from '../../../src/core/http/signature-scheme.ts'
import { requestOf } from '../../contract/request.ts'
import type { Headers } from '../../support/sign.ts'
import { flipped, randomTexts } from '../random.ts'

const texts = randomTexts(1, 60)
/** The vendors' packages read the real clock. */
const seconds = Math.floor(Date.now() / 1000)

const ours = (scheme: SignatureScheme, secret: string, headers: Headers, body: string) => () =>
  verifySignature(scheme, requestOf(body, headers), [secret], seconds * 1000)

describe('standardwebhooks', () => {
  const secret = `whsec_${Buffer.from('a key of thirty-two bytes, no more').toString('base64')}`
  const vendor = new Webhook(secret)
  const sign = (body: string, at = seconds, id = 'msg_1'): Record<string, string> => ({
    'webhook-id': id,
    'webhook-timestamp': String(at),
    'webhook-signature': vendor.sign(id, new Date(at * 1000), body),
  })
  const theirs = (body: string, headers: Record<string, string>) => () =>
    vendor.verify(body, headers, { jsonParse: false })
  const scheme = presets['standard-webhooks']

  it.each(texts.map((text, at) => [at, text] as const))(
    'random text %d: both accept its signature, and neither accepts a changed text',
    (at, text) => {
      const headers = sign(text)
      expect(theirs(text, headers)).not.toThrow()
      expect(ours(scheme, secret, headers, text)).not.toThrow()
      const other = flipped(text, at)
      expect(theirs(other, headers)).toThrow('No matching signature found')
      expect(ours(scheme, secret, headers, other)).toThrow(Unauthorized)
    },
  )

  it.each([-3600, -330, 330, 3600])('a timestamp %d s off: neither accepts it', (off) => {
    const headers = sign('{}', seconds + off)
    expect(theirs('{}', headers)).toThrow(/too (old|new)/)
    expect(ours(scheme, secret, headers, '{}')).toThrow(Unauthorized)
  })

  it.each([-250, 250])('a timestamp %d s off: both accept it', (off) => {
    const headers = sign('{}', seconds + off)
    expect(theirs('{}', headers)).not.toThrow()
    expect(ours(scheme, secret, headers, '{}')).not.toThrow()
  })

  it('a list with an old and an asymmetric signature: both accept it', () => {
    const headers = sign('{}')
    const list = `v1a,abc v1,${Buffer.alloc(32).toString('base64')} ${headers['webhook-signature']}`
    expect(theirs('{}', { ...headers, 'webhook-signature': list })).not.toThrow()
    expect(ours(scheme, secret, { ...headers, 'webhook-signature': list }, '{}')).not.toThrow()
  })

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('without %s: neither accepts it', (name) => {
    const { [name]: _, ...headers } = sign('{}')
    expect(theirs('{}', headers)).toThrow('Missing required headers')
    expect(ours(scheme, secret, headers, '{}')).toThrow(Unauthorized)
  })

  it('an id with a dot: the vendor’s package accepts it, and taskhook, as the specification says, does not', () => {
    const headers = sign('{}', seconds, 'msg.1')
    expect(theirs('{}', headers)).not.toThrow()
    expect(ours(scheme, secret, headers, '{}')).toThrow(Unauthorized)
  })

  it('a timestamp with text after it: the vendor’s package accepts it, and taskhook does not', () => {
    const headers = { ...sign('{}'), 'webhook-timestamp': `${seconds} or so` }
    expect(theirs('{}', headers)).not.toThrow()
    expect(ours(scheme, secret, headers, '{}')).toThrow(Unauthorized)
  })
})

describe('stripe', () => {
  const secret = 'whsec_c2VjcmV0IHRoYXQgaXMgbm90IGRlY29kZWQ'
  const { webhooks } = new Stripe('sk_test_x')
  const sign = (body: string, at = seconds): Headers => ({
    'stripe-signature': webhooks.generateTestHeaderString({ payload: body, secret, timestamp: at }),
  })
  const theirs = (body: string, headers: Headers) => () =>
    webhooks.signature?.verifyHeader(body, headers['stripe-signature'] ?? '', secret, 300)

  it.each(texts.map((text, at) => [at, text] as const))(
    'random text %d: both accept its signature, and neither accepts a changed text',
    (at, text) => {
      const headers = sign(text)
      expect(theirs(text, headers)).not.toThrow()
      expect(ours(presets.stripe, secret, headers, text)).not.toThrow()
      const other = flipped(text, at)
      expect(theirs(other, headers)).toThrow(/No signatures found matching/)
      expect(ours(presets.stripe, secret, headers, other)).toThrow(Unauthorized)
    },
  )

  it('a whole event: both accept it', () => {
    const body = JSON.stringify({ id: 'evt_1', object: 'event', type: 'charge.succeeded', note: 'é✓' })
    const headers = sign(body)
    expect(webhooks.constructEvent(body, headers['stripe-signature'] ?? '', secret).type).toBe('charge.succeeded')
    expect(ours(presets.stripe, secret, headers, body)).not.toThrow()
  })

  it('a list with an old signature: both accept it', () => {
    const [time, good] = (sign('{}')['stripe-signature'] ?? '').split(',')
    const headers = { 'stripe-signature': `${time},v1=${'0'.repeat(64)},${good},v0=${'1'.repeat(64)}` }
    expect(theirs('{}', headers)).not.toThrow()
    expect(ours(presets.stripe, secret, headers, '{}')).not.toThrow()
  })

  it('an old timestamp: neither accepts it', () => {
    const headers = sign('{}', seconds - 330)
    expect(theirs('{}', headers)).toThrow('Timestamp outside the tolerance zone')
    expect(ours(presets.stripe, secret, headers, '{}')).toThrow(Unauthorized)
  })

  it('a timestamp from the future: the vendor’s package accepts it, and taskhook does not', () => {
    const headers = sign('{}', seconds + 3600)
    expect(theirs('{}', headers)).not.toThrow()
    expect(ours(presets.stripe, secret, headers, '{}')).toThrow(Unauthorized)
  })

  it('without its header: neither accepts it', () => {
    expect(theirs('{}', { 'stripe-signature': '' })).toThrow(/No stripe-signature header|No webhook|signature/i)
    expect(ours(presets.stripe, secret, {}, '{}')).toThrow(Unauthorized)
  })
})
