import { describe, expect, it } from 'vitest'
import { Unauthorized } from '../../../src/core/errors.ts'
import { verifySignature } from '../../../src/core/http/signature.ts'
import type { SignatureScheme } from '../../../src/core/http/signature-scheme.ts'
import { checkTimestamp } from '../../../src/core/http/signature-timestamp.ts'
import { requestOf } from '../../contract/request.ts'
import type { Body, Headers } from '../../support/sign.ts'
import {
  body,
  hexScheme,
  idScheme,
  now,
  seconds,
  secret,
  signHex,
  signWithId,
  signWithTimestamp,
  timestampScheme,
} from './signature-examples.ts'

const verify = (scheme: SignatureScheme, headers: Headers, sent: Body = body, at = now) =>
  verifySignature(scheme, requestOf(sent, headers), [secret], at)

describe('a signed timestamp', () => {
  it.each([
    [-86_400, false],
    [-301, false],
    [-300, true],
    [-299, true],
    [0, true],
    [299, true],
    [300, true],
    [301, false],
    [86_400, false],
  ])('that is %d s off the clock is accepted: %s', (off, accepted) => {
    const calls = [
      () => verify(timestampScheme, signWithTimestamp(body, seconds + off)),
      () => verify(idScheme, signWithId('m1', seconds + off)),
      () => checkTimestamp(seconds + off, now),
    ]
    for (const call of calls) {
      if (accepted) expect(call).not.toThrow()
      else expect(call).toThrow(Unauthorized)
    }
  })

  it('is compared with the clock in milliseconds', () => {
    expect(() => verify(timestampScheme, signWithTimestamp(), body, now + 300_000)).not.toThrow()
    expect(() => verify(timestampScheme, signWithTimestamp(), body, now + 300_001)).toThrow(Unauthorized)
    expect(() => verify(timestampScheme, signWithTimestamp(), body, now - 300_001)).toThrow(Unauthorized)
  })

  it('has the tolerance and the unit of the scheme', () => {
    const ms: SignatureScheme = { ...timestampScheme, timestamp: { part: 't=', unit: 'ms', tolerance: 60 } }
    expect(() => verify(ms, signWithTimestamp(body, now - 60_000))).not.toThrow()
    expect(() => verify(ms, signWithTimestamp(body, now - 60_001))).toThrow(Unauthorized)
    expect(() => verify(ms, signWithTimestamp(body, seconds))).toThrow(Unauthorized)
  })

  it('cannot be replaced: another one in the header breaks the signature', () => {
    const old = signWithTimestamp(body, seconds - 3600)['x-signature']
    expect(() =>
      verify(timestampScheme, { 'x-signature': old.replace(`t=${seconds - 3600}`, `t=${seconds}`) }),
    ).toThrow(Unauthorized)
    expect(() => verify(timestampScheme, { 'x-signature': `t=${seconds},${old}` })).toThrow(Unauthorized)
    expect(() => verify(idScheme, { ...signWithId('m1', seconds - 3600), 'x-time': String(seconds) })).toThrow(
      Unauthorized,
    )
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('must be a finite number, not %d', (at) => {
    expect(() => checkTimestamp(at, now)).toThrow(Unauthorized)
    expect(() => checkTimestamp(at, now)).toThrow(expect.objectContaining({ reason: 'the timestamp is not a number' }))
  })
})

describe('a timestamp in the signed body', () => {
  const inBody: SignatureScheme = { ...hexScheme, timestamp: { body: 'sentAt', unit: 'ms', tolerance: 60 } }
  const send = (text: string) => verify(inBody, signHex(text), text)

  it('is rejected if the body is nested too deep to be parsed', () => {
    const nested = (depth: number) => `{"sentAt":${now},"x":${'['.repeat(depth)}${']'.repeat(depth)}}`
    expect(() => send(nested(20))).not.toThrow()
    expect(() => send(nested(5000))).toThrow(Unauthorized)
  })

  it.each([
    [-60_001, false],
    [-60_000, true],
    [0, true],
    [60_000, true],
    [60_001, false],
  ])('that is %d ms off the clock is accepted: %s', (off, accepted) => {
    const call = () => send(JSON.stringify({ sentAt: now + off }))
    if (accepted) expect(call).not.toThrow()
    else expect(call).toThrow(Unauthorized)
  })

  it.each(['', 'x', 'null', '[]', '3', '{}', '{"sentAt":null}', `{"sentAt":"${now}"}`, '{"__proto__":{"sentAt":1}}'])(
    'is missing from the body %j',
    (text) => {
      expect(() => send(text)).toThrow(expect.objectContaining({ reason: 'the body has no timestamp' }))
    },
  )

  it('is read only after the signature matches', () => {
    expect(() => verify(inBody, signHex('x'), 'not json')).toThrow(
      expect.objectContaining({ reason: 'the signature does not match' }),
    )
  })
})
