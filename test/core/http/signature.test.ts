import { describe, expect, it } from 'vitest'
import { Unauthorized } from '../../../src/core/errors.ts'
import { verifySignature } from '../../../src/core/http/signature.ts'
import type { SignatureScheme } from '../../../src/core/http/signature-scheme.ts'
import { requestOf } from '../../contract/request.ts'
import { type Body, type Headers, mac } from '../../support/sign.ts'
import {
  base64Scheme,
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
  tokenScheme,
} from './signature-examples.ts'

const verify = (scheme: SignatureScheme, headers: Headers, sent: Body = body, at = now, secrets: string[] = [secret]) =>
  verifySignature(scheme, requestOf(sent, headers), secrets, at)

describe('a correct signature', () => {
  it.each<[string, Body]>([
    ['an empty body', ''],
    ['JSON', body],
    ['text that is not ASCII', 'é✓ déploiement ✅'],
    ['bytes that are not UTF-8', Uint8Array.from([0x7b, 0xff, 0xfe, 0x00, 0xed, 0xa0, 0x80, 0x7d])],
    ['a byte order mark', '\ufeff{}'],
    ['line ends of both kinds', 'a\r\nb\n'],
    ['a megabyte', 'x'.repeat(1024 * 1024)],
  ])('is accepted over %s', (_, sent) => {
    expect(Buffer.from(sent).equals(verify(hexScheme, signHex(sent), sent).body)).toBe(true)
    expect(verify(timestampScheme, signWithTimestamp(sent), sent).deliveryKey).toMatch(/^[0-9a-f]{64}$/)
  })

  it.each(['sha1', 'sha256', 'sha512'] as const)('is accepted with %s in hex and in base64', (algorithm) => {
    for (const encoding of ['hex', 'base64'] as const) {
      const scheme: SignatureScheme = { header: 'x-signature', algorithm, encoding }
      const header = mac({ key: secret, algorithm, encoding }, body)
      expect(verify(scheme, { 'x-signature': header }).body.length).toBe(body.length)
      expect(() => verify(scheme, { 'x-signature': header }, `${body} `)).toThrow(Unauthorized)
    }
  })

  it('leaves the request unchanged', () => {
    const request = requestOf(body, signHex())
    expect(verifySignature(hexScheme, request, [secret], now)).toEqual({ ...request, deliveryKey: undefined })
  })

  it('is accepted with any of the secrets', () => {
    expect(verify(hexScheme, signHex(), body, now, ['newer', secret]).body.length).toBe(body.length)
    expect(verify(hexScheme, signHex(), body, now, [secret, 'older']).body.length).toBe(body.length)
  })

  it('is accepted at any position of a list, if the scheme has lists', () => {
    const [time, good] = signWithTimestamp()['x-signature'].split(',')
    const wrong = `v1=${'0'.repeat(64)}`
    for (const list of [
      `${time},${wrong},${good}`,
      `${good},${time}`,
      `${time}, ${wrong}, ${good}`,
      `${time},v0=x,${good}`,
    ]) {
      expect(verify(timestampScheme, { 'x-signature': list }).deliveryKey).toMatch(/^[0-9a-f]{64}$/)
    }
  })

  it('is accepted among 20 signatures, and rejected among 21', () => {
    const [time, good] = signWithTimestamp()['x-signature'].split(',')
    const list = (wrong: number) => [time, ...Array(wrong).fill(`v1=${'0'.repeat(64)}`), good].join(',')
    expect(verify(timestampScheme, { 'x-signature': list(19) }).deliveryKey).toMatch(/^[0-9a-f]{64}$/)
    expect(() => verify(timestampScheme, { 'x-signature': list(20) })).toThrow(Unauthorized)
  })

  it('is found under any name of the header, whatever the others contain', () => {
    const scheme: SignatureScheme = { ...hexScheme, header: ['X-Old', 'X-Signature'] }
    expect(verify(scheme, signHex()).body.length).toBe(body.length)
    expect(verify(scheme, { ...signHex(), 'x-old': 'sha256=00' }).body.length).toBe(body.length)
    expect(() => verify(scheme, { 'x-old': 'sha256=00' })).toThrow(Unauthorized)
  })

  it('is accepted in upper-case hex', () => {
    const upper = signHex()['x-signature'].toUpperCase().replace('SHA256=', 'sha256=')
    expect(verify(hexScheme, { 'x-signature': upper }).body.length).toBe(body.length)
  })
})

describe('a signature header is rejected', () => {
  const good = mac({ key: secret }, body)
  const good64 = mac({ key: secret, encoding: 'base64' }, body)

  it.each<[string, SignatureScheme, Headers]>([
    ['if it is missing', hexScheme, {}],
    ['if it is empty', hexScheme, { 'x-signature': '' }],
    ['with nothing after the prefix', hexScheme, { 'x-signature': 'sha256=' }],
    ['without the prefix', hexScheme, { 'x-signature': good }],
    ['with another prefix', hexScheme, { 'x-signature': `sha1=${good}` }],
    ['with the prefix twice', hexScheme, { 'x-signature': `sha256=sha256=${good}` }],
    ['with one character missing', hexScheme, { 'x-signature': `sha256=${good.slice(0, -1)}` }],
    ['with two characters missing', hexScheme, { 'x-signature': `sha256=${good.slice(0, -2)}` }],
    ['with one more character', hexScheme, { 'x-signature': `sha256=${good}0` }],
    ['with two more characters', hexScheme, { 'x-signature': `sha256=${good}00` }],
    ['with characters after it that are not hex', hexScheme, { 'x-signature': `sha256=${good}zz` }],
    ['with a space before it', hexScheme, { 'x-signature': `sha256= ${good}` }],
    ['with a space after it', hexScheme, { 'x-signature': `sha256=${good} ` }],
    ['if it comes twice, joined as AWS joins headers', hexScheme, { 'x-signature': `sha256=${good},sha256=${good}` }],
    ['if a wrong one is joined to it', hexScheme, { 'x-signature': `sha256=${good},sha256=${'0'.repeat(64)}` }],
    ['in base64 if the scheme has hex', hexScheme, { 'x-signature': `sha256=${good64}` }],
    ['in base64 without padding', base64Scheme, { 'x-signature': good64.replace(/=+$/, '') }],
    ['in base64 with more padding', base64Scheme, { 'x-signature': `${good64}=` }],
    ['in base64 with a line break', base64Scheme, { 'x-signature': `${good64.slice(0, 10)}\n${good64.slice(10)}` }],
    [
      'in base64 with another character inside',
      base64Scheme,
      { 'x-signature': `${good64.slice(0, 10)}!${good64.slice(10)}` },
    ],
    ['in base64 with other unused bits', base64Scheme, { 'x-signature': withUnusedBits(good64) }],
    ['in base64 twice, joined', base64Scheme, { 'x-signature': `${good64},${good64}` }],
    ['in hex if the scheme has base64', base64Scheme, { 'x-signature': good }],
    ['if its list contains no signature', timestampScheme, { 'x-signature': `t=${seconds}` }],
    [
      'if its list contains no timestamp',
      timestampScheme,
      { 'x-signature': `v1=${mac({ key: secret }, `${seconds}.`, body)}` },
    ],
    ['without an id', idScheme, { 'x-time': `${seconds}`, 'x-signature': signWithId('m1')['x-signature'] }],
    ['with an empty id', idScheme, signWithId('')],
    ['with a dot in the id', idScheme, signWithId('m.1')],
    ['with the id twice, joined', idScheme, { ...signWithId('m1'), 'x-id': 'm1,m1' }],
    ['without a timestamp header', idScheme, { 'x-id': 'm1', 'x-signature': signWithId('m1')['x-signature'] }],
  ])('%s', (_, scheme, headers) => {
    expect(() => verify(scheme, headers)).toThrow(Unauthorized)
    expect(() => verify(scheme, headers)).toThrow(/^invalid signature$/)
  })

  it.each([
    '',
    '0',
    'abc',
    '1e9',
    ' 1700000000',
    '+1700000000',
    '-1700000000',
    '1700000000.0',
    '0x6553f100',
    '１７００',
    '9'.repeat(17),
    'NaN',
  ])('with the timestamp %j, even if it is signed', (at) => {
    expect(() => verify(timestampScheme, signWithTimestamp(body, at))).toThrow(Unauthorized)
    expect(() => verify(idScheme, signWithId('m1', at))).toThrow(Unauthorized)
  })
})

/** Sets the bits of the last base64 character that decoders ignore. */
function withUnusedBits(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const at = text.indexOf('=') - 1
  const changed = text.slice(0, at) + alphabet[alphabet.indexOf(text[at] ?? '') + 1] + text.slice(at + 1)
  expect(Buffer.from(changed, 'base64')).toEqual(Buffer.from(text, 'base64'))
  return changed
}

describe('a secret', () => {
  const key = Buffer.from('0123456789abcdef0123456789abcdef')
  const headers = { 'x-signature': mac({ key, encoding: 'base64' }, body) }

  it.each<[string, SignatureScheme['secret'], string]>([
    ['base64 after whsec_', 'whsec', `whsec_${key.toString('base64')}`],
    ['base64 without whsec_', 'whsec', key.toString('base64')],
    ['base64', 'base64', key.toString('base64')],
    ['text', 'utf8', key.toString()],
    ['text by default', undefined, key.toString()],
  ])('is read as %s', (_, decoding, value) => {
    const scheme: SignatureScheme = decoding === undefined ? base64Scheme : { ...base64Scheme, secret: decoding }
    expect(verify(scheme, headers, body, now, [value]).body.length).toBe(body.length)
  })

  it('has whsec_ removed only from its beginning: base64 may contain it', () => {
    // Node's base64 reads `_` as `/`.
    const value = 'MDEyMzQ1whsec_Njc4OWFiY2RlZg=='
    const signed = { 'x-signature': mac({ key: Buffer.from(value, 'base64'), encoding: 'base64' }, body) }
    for (const each of [value, `whsec_${value}`])
      expect(verify({ ...base64Scheme, secret: 'whsec' }, signed, body, now, [each]).body.length).toBe(body.length)
  })

  it.each<[SignatureScheme['secret'], string]>([
    ['whsec', 'whsec_'],
    ['whsec', '!!!!'],
    ['base64', '===='],
    ['utf8', ''],
  ])('of kind %s that decodes to nothing (%j) verifies no signature', (decoding, value) => {
    const empty = { 'x-signature': mac({ key: '', encoding: 'base64' }, body) }
    expect(() => verify({ ...base64Scheme, secret: decoding ?? 'utf8' }, empty, body, now, [value])).toThrow(
      Unauthorized,
    )
  })

  it('is required: an empty list verifies no signature', () => {
    expect(() => verify(hexScheme, signHex(), body, now, [])).toThrow(Unauthorized)
  })

  it.each([secret.toUpperCase(), `${secret} `, secret.slice(1), ''])('%j is not the same secret', (value) => {
    expect(() => verify(hexScheme, signHex(), body, now, [value])).toThrow(Unauthorized)
  })
})

describe('a plain token', () => {
  it('is compared as a whole', () => {
    expect(verify(tokenScheme, { 'x-token': secret }).deliveryKey).toBeUndefined()
    for (const value of ['', secret.slice(0, -1), `${secret}x`, `${secret},${secret}`, secret.toUpperCase()]) {
      expect(() => verify(tokenScheme, { 'x-token': value })).toThrow(Unauthorized)
    }
  })

  it('is accepted if it is any of the secrets', () => {
    expect(verify(tokenScheme, { 'x-token': 'old' }, body, now, [secret, 'old']).method).toBe('POST')
  })
})

describe('one flipped bit is rejected', () => {
  it('anywhere in the body', () => {
    for (let at = 0; at < body.length; at++) {
      const flipped = Buffer.from(body)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8))
      expect(() => verify(hexScheme, signHex(), flipped)).toThrow(Unauthorized)
    }
  })

  it('anywhere in the signature', () => {
    const good = signHex()['x-signature']
    for (let at = 'sha256='.length; at < good.length; at++) {
      const digit = (Number.parseInt(good[at] ?? '', 16) ^ 1).toString(16)
      expect(() => verify(hexScheme, { 'x-signature': good.slice(0, at) + digit + good.slice(at + 1) })).toThrow(
        Unauthorized,
      )
    }
  })
})

describe('the delivery key', () => {
  it('is the signed id, whatever timestamp and body a retry has', () => {
    const keys = [seconds, seconds + 60].map((at) => verify(idScheme, signWithId('msg_1', at)).deliveryKey)
    expect(keys).toEqual(['id:msg_1', 'id:msg_1'])
    expect(verify(idScheme, signWithId('msg_2')).deliveryKey).toBe('id:msg_2')
  })

  it('is not an id that is not signed', () => {
    const unsigned: SignatureScheme = { ...hexScheme, id: 'x-id' }
    expect(verify(unsigned, { ...signHex(), 'x-id': 'm1' }).deliveryKey).toBeUndefined()
  })

  it('is not an unsigned id, even if a timestamp is signed', () => {
    const key = (id: string) =>
      verify({ ...timestampScheme, id: 'x-id' }, { ...signWithTimestamp(), 'x-id': id }).deliveryKey
    expect(key('m1')).toMatch(/^[0-9a-f]{64}$/)
    expect(key('m1')).toBe(key('m2'))
  })

  it('is the hash of the signed content if a timestamp is signed', () => {
    const key = (at: number, sent = body) => verify(timestampScheme, signWithTimestamp(sent, at), sent).deliveryKey
    expect(key(seconds)).toBe(key(seconds))
    expect(key(seconds)).not.toBe(key(seconds + 1))
    expect(key(seconds)).not.toBe(key(seconds, '{}'))
  })

  it('is the Idempotency-Key of the sender if the signed content does not identify a delivery', () => {
    const key = (headers: Headers) => verify(hexScheme, { ...signHex(), ...headers }).deliveryKey
    expect(key({ 'idempotency-key': 'k1' })).toBe('idempotency-key:k1')
    expect(key({})).toBeUndefined()
  })

  it('is not the Idempotency-Key if the signed content identifies a delivery', () => {
    const key = (headers: Headers) => verify(timestampScheme, { ...signWithTimestamp(), ...headers }).deliveryKey
    expect(key({ 'idempotency-key': 'k1' })).toBe(key({ 'idempotency-key': 'k2' }))
  })
})

describe('the reason in the log', () => {
  it.each<[string, () => unknown]>([
    ['no signature header', () => verify(hexScheme, {})],
    ['the signature header is malformed', () => verify(hexScheme, { 'x-signature': 'x' })],
    ['no timestamp', () => verify(timestampScheme, { 'x-signature': 'v1=x' })],
    ['the timestamp is 400 s off', () => verify(timestampScheme, signWithTimestamp(body, seconds - 400))],
    ['the timestamp is -400 s off', () => verify(timestampScheme, signWithTimestamp(body, seconds + 400))],
    ['no id', () => verify(idScheme, signWithId(''))],
    ['the signature does not match', () => verify(hexScheme, signHex('other'))],
  ])('is "%s"', (reason, call) => {
    expect(call).toThrow(expect.objectContaining({ name: 'Unauthorized', reason }))
  })
})
