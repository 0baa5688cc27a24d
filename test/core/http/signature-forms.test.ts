/** The forms of signatures, keys, times and signed contents that senders use, beside those of signature.test.ts. */
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Unauthorized } from '../../../src/core/errors.ts'
import { type SignatureOptions, verifySignature } from '../../../src/core/http/signature.ts'
import type { SignatureScheme } from '../../../src/core/http/signature-scheme.ts'
import { secondsOf } from '../../../src/core/http/signature-timestamp.ts'
import { requestOf } from '../../contract/request.ts'
import type { Headers } from '../../support/sign.ts'

const body = '{"a":"é"}'
const secret = 'a secret of the sender'
const seconds = 1_772_359_200
const now = seconds * 1000
const base: SignatureScheme = { header: 'x-sig', algorithm: 'sha256', encoding: 'hex' }

const hmac = (text: string, key: string | Uint8Array = secret) => createHmac('sha256', key).update(text).digest()
const isAccepted = (
  scheme: SignatureScheme,
  headers: Headers,
  { key = secret, sent = body, ...options }: SignatureOptions & { key?: string; sent?: string } = {},
): boolean => {
  try {
    verifySignature(scheme, requestOf(sent, headers), [key], now, options)
    return true
  } catch (error) {
    expect(error).toBeInstanceOf(Unauthorized)
    return false
  }
}
const reasonOf = (scheme: SignatureScheme, headers: Headers): string => {
  try {
    verifySignature(scheme, requestOf(body, headers), [secret], now)
    return 'accepted'
  } catch (error) {
    return error instanceof Unauthorized ? error.reason : String(error)
  }
}

describe('encodings', () => {
  it('base64url is accepted with and without padding, and base64 is not', () => {
    // Its HMAC has characters that the two encodings write in different ways.
    const sent = [...Array(200).keys()].map(String).find((text) => /[+/]/.test(hmac(text).toString('base64'))) ?? ''
    const scheme = { ...base, encoding: 'base64url' } as const
    const signature = hmac(sent).toString('base64url')
    expect(isAccepted(scheme, { 'x-sig': signature }, { sent })).toBe(true)
    expect(isAccepted(scheme, { 'x-sig': `${signature}=` }, { sent })).toBe(true)
    expect(isAccepted(scheme, { 'x-sig': `${signature}===` }, { sent })).toBe(false)
    expect(isAccepted(scheme, { 'x-sig': hmac(sent).toString('base64') }, { sent })).toBe(false)
    expect(isAccepted({ ...base, encoding: 'base64' }, { 'x-sig': signature }, { sent })).toBe(false)
  })
})

describe('keys', () => {
  const key = Buffer.from('00112233445566778899aabbccddeeff', 'hex')
  const signed = { 'x-sig': hmac(body, key).toString('hex') }

  it.each(['00112233445566778899aabbccddeeff', '00112233445566778899AABBCCDDEEFF'])('hex: %s', (text) => {
    expect(isAccepted({ ...base, secret: 'hex' }, signed, { key: text })).toBe(true)
    expect(isAccepted(base, signed, { key: text })).toBe(false)
  })

  it.each(['0011zz', '001', '', 'xx'])('a secret %j that is not hex verifies nothing', (text) => {
    for (const used of [Buffer.from(text, 'hex'), Buffer.alloc(0), Buffer.from(text)])
      expect(isAccepted({ ...base, secret: 'hex' }, { 'x-sig': hmac(body, used).toString('hex') }, { key: text })).toBe(
        false,
      )
  })

  it.each(['whsec_', 'v1,whsec_', ''])('base64 after %j is one key', (prefix) => {
    const text = `${prefix}${key.toString('base64')}`
    expect(isAccepted({ ...base, secret: 'whsec' }, signed, { key: text })).toBe(true)
  })

  it.each(['ab=XyzRandomSecretText', 'not base64', '', 'a!b'])(
    'a secret %j that is not base64 verifies nothing, whatever the decoder makes of it',
    (text) => {
      const decoded = Buffer.from(text, 'base64')
      const headers = { 'x-sig': hmac(body, decoded).toString('hex') }
      for (const form of ['base64', 'whsec'] as const)
        expect(isAccepted({ ...base, secret: form }, headers, { key: text })).toBe(false)
    },
  )

  it('a prefix inside the secret stays a part of it', () => {
    const text = `${key.toString('base64url')}whsec_`
    expect(isAccepted({ ...base, secret: 'whsec' }, signed, { key: text })).toBe(false)
  })

  it('the secret of Polar is a key of text', () => {
    const text = 'polar_whs_AAAAAAAAAAAAAAAA'
    const headers = { 'x-sig': hmac(body, text).toString('hex') }
    expect(isAccepted({ ...base, secret: 'whsec' }, headers, { key: text })).toBe(true)
    expect(isAccepted({ ...base, secret: 'whsec' }, headers, { key: `x${text}` })).toBe(false)
  })
})

describe('ed25519', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  const scheme: SignatureScheme = { ...base, algorithm: 'ed25519', secret: 'hex' }
  const signature = sign(null, Buffer.from(body), privateKey)

  it('verifies with a public key in hex, in base64 and as Standard Webhooks writes it', () => {
    const headers = { 'x-sig': signature.toString('hex') }
    expect(isAccepted(scheme, headers, { key: raw.toString('hex') })).toBe(true)
    expect(isAccepted({ ...scheme, secret: 'base64' }, headers, { key: raw.toString('base64') })).toBe(true)
    expect(isAccepted({ ...scheme, secret: 'whsec' }, headers, { key: `whpk_${raw.toString('base64')}` })).toBe(true)
    expect(isAccepted(scheme, headers, { key: raw.toString('hex'), sent: `${body} ` })).toBe(false)
  })

  it('rejects another key, a shorter key, text, and a signature that is too short or too long', () => {
    const headers = { 'x-sig': signature.toString('hex') }
    const key = raw.toString('hex')
    expect(isAccepted(scheme, headers, { key: '11'.repeat(32) })).toBe(false)
    expect(isAccepted(scheme, headers, { key: key.slice(2) })).toBe(false)
    expect(isAccepted({ ...scheme, secret: 'utf8' }, headers, { key: raw.toString('latin1') })).toBe(false)
    for (const wrong of [signature.subarray(1), Buffer.concat([signature, Buffer.alloc(1)]), Buffer.alloc(64)])
      expect(isAccepted(scheme, { 'x-sig': wrong.toString('hex') }, { key })).toBe(false)
    expect(isAccepted(scheme, { 'x-sig': `${signature.toString('hex')}zz` }, { key })).toBe(false)
  })
})

describe('times', () => {
  it.each([
    ['1772359200', 's', 1_772_359_200],
    ['177235920', 's', undefined],
    ['01772359200', 's', undefined],
    ['1772359200.0', 's', undefined],
    ['1772359200123', 'ms', 1_772_359_200.123],
    ['1772359200', 'ms', undefined],
    ['17723592001234', 'ms', undefined],
    ['x1772359200123', 'ms', undefined],
    ['2026-03-01T10:00:00Z', 'date', 1_772_359_200],
    ['2026-03-01T10:00:00.5Z', 'date', 1_772_359_200.5],
    ['2026-03-01T10:00:00.123456789Z', 'date', 1_772_359_200.123],
    ['2026-03-01T10:00:00.1234567891Z', 'date', undefined],
    ['2026-03-01T11:00:00+01:00', 'date', 1_772_359_200],
    ['2026-03-01T09:00:00-01:00', 'date', 1_772_359_200],
    ['2026-03-01T10:00:00', 'date', undefined],
    ['2026-03-01T11:00:00+0100', 'date', undefined],
    ['2026-13-01T10:00:00Z', 'date', undefined],
    [' 2026-03-01T10:00:00Z', 'date', undefined],
    ['2026-03-01T10:00:00Z ', 'date', undefined],
    ['2026-03-01', 'date', undefined],
    ['Sun, 01 Mar 2026 10:00:00 GMT', 'date', 1_772_359_200],
    ['Sun, 1 Mar 2026 10:00:00 GMT', 'date', undefined],
    ['Sun, 01 Mar 2026 10:00:00 +0100', 'date', undefined],
    ['xSun, 01 Mar 2026 10:00:00 GMT', 'date', undefined],
    ['1772359200', 'date', undefined],
  ] as const)('%j in %s', (text, unit, expected) => {
    expect(secondsOf(text, unit)).toBe(expected)
  })

  it('is in seconds by default', () => {
    expect(secondsOf('1772359200')).toBe(1_772_359_200)
  })

  it('a date in a header is signed as it is written', () => {
    const scheme: SignatureScheme = {
      ...base,
      signed: '{body}{timestamp}',
      timestamp: { header: 'x-time', unit: 'date' },
    }
    const signedAt = (time: string) => ({ 'x-time': time, 'x-sig': hmac(`${body}${time}`).toString('hex') })
    expect(isAccepted(scheme, signedAt('2026-03-01T10:04:59Z'))).toBe(true)
    expect(isAccepted(scheme, signedAt('2026-03-01T10:05:01Z'))).toBe(false)
    expect(isAccepted(scheme, signedAt('2026-03-01'))).toBe(false)
  })

  it.each([
    [{ unit: 'date' }, '"2026-03-01T10:00:00Z"', true],
    [{ unit: 'date' }, '"2026-03-01T10:06:00Z"', false],
    [{ unit: 'date' }, '1772359200', false],
    [{ unit: 'ms' }, '1772359200000', true],
    [{ unit: 'ms' }, '1772359200', false],
    [{}, '1772359200', true],
    [{}, '"1772359200"', false],
    [{}, '1772359200000', false],
    [{ tolerance: 10 }, '1772359189', false],
  ] as const)('a time in the body, %j: %s', (timestamp, time, expected) => {
    const sent = `{"at":${time}}`
    const scheme: SignatureScheme = { ...base, timestamp: { body: 'at', ...timestamp } }
    expect(isAccepted(scheme, { 'x-sig': hmac(sent).toString('hex') }, { sent })).toBe(expected)
  })
})

describe('several headers', () => {
  const good = hmac(body).toString('hex')
  const scheme: SignatureScheme = { ...base, header: ['X-One', 'x-two'] }

  it('count, all of them', () => {
    expect(isAccepted(scheme, { 'x-one': good })).toBe(true)
    expect(isAccepted(scheme, { 'x-two': good })).toBe(true)
    expect(isAccepted(scheme, { 'x-one': 'ff', 'x-two': good })).toBe(true)
    expect(isAccepted(scheme, { 'x-one': 'ff', 'x-two': 'ff' })).toBe(false)
    expect(isAccepted(scheme, {})).toBe(false)
  })

  it('do not count with more than 20 signatures in one of them', () => {
    const lists: SignatureScheme = { ...scheme, separator: ',' }
    const list = (length: number) => Array(length).fill('ff').join(',')
    expect(isAccepted(lists, { 'x-one': list(20), 'x-two': good })).toBe(true)
    expect(isAccepted(lists, { 'x-one': list(21), 'x-two': good })).toBe(false)
  })

  it('may have the time in one and the signature in the other', () => {
    const timed: SignatureScheme = {
      ...{ ...scheme, separator: ',', prefix: 'v1=' },
      ...{ signed: '{timestamp}.{body}', timestamp: { part: 't=' } },
    }
    const signature = `v1=${hmac(`${seconds}.${body}`).toString('hex')}`
    expect(isAccepted(timed, { 'x-one': signature, 'x-two': `t=${seconds}` })).toBe(true)
  })
})

describe('what is signed', () => {
  const signedAs = (signed: string, content: string, headers: Headers = {}, options: SignatureOptions = {}) =>
    isAccepted({ ...base, signed, id: 'x-id' }, { ...headers, 'x-sig': hmac(content).toString('hex') }, options)
  const url = 'https://abc.lambda-url.eu-west-1.on.aws/source'

  it('the method, the URL and the path', () => {
    expect(signedAs('{method}{url}{body}', `POST${url}${body}`)).toBe(true)
    expect(signedAs('{method}\n{path}\n{body}', `POST\n/source\n${body}`)).toBe(true)
  })

  it('the URL under which the sender knows the source', () => {
    const publicUrl = 'https://hooks.example.com/shop?a=1'
    expect(signedAs('{url}{body}', `${publicUrl}${body}`, {}, { publicUrl })).toBe(true)
    expect(signedAs('{path}{body}', `/shop?a=1${body}`, {}, { publicUrl })).toBe(true)
    expect(signedAs('{url}{body}', `${url}${body}`, {}, { publicUrl })).toBe(false)
  })

  it('other headers, whatever the case of their names', () => {
    const headers = { 'x-event': 'sale', 'x-shop': '7' }
    expect(signedAs('{header:X-Event}.{header:x-shop}.{body}', `sale.7.${body}`, headers)).toBe(true)
    expect(signedAs('{header:X-Event}.{body}', `sale.${body}`)).toBe(false)
    expect(signedAs('{header:x-event}.{body}', `.${body}`, { 'x-event': '' })).toBe(false)
  })

  it('a value that could be split in another way is rejected', () => {
    expect(signedAs('{id}.{body}', `a.b.${body}`, { 'x-id': 'a.b' })).toBe(false)
    expect(signedAs('{body}.{id}', `${body}.a.b`, { 'x-id': 'a.b' })).toBe(false)
    expect(signedAs('{header:x-a}.{body}', `a.b.${body}`, { 'x-a': 'a.b' })).toBe(false)
    expect(signedAs('{id}{body}', `a${body}`, { 'x-id': 'a' })).toBe(false)
    expect(signedAs('{body}{id}', `${body}a`, { 'x-id': 'a' })).toBe(false)
    // "xa" before "aa" is also "x" before "aa" and a body that begins with "a".
    expect(signedAs('{id}aa{body}', `xaaa${body}`, { 'x-id': 'xa' })).toBe(false)
    expect(signedAs('{body}aa{id}', `${body}aaax`, { 'x-id': 'ax' })).toBe(false)
    expect(signedAs('{id}aa{body}', `xaa${body}`, { 'x-id': 'x' })).toBe(true)
    expect(signedAs('{body}aa{id}', `${body}aax`, { 'x-id': 'x' })).toBe(true)
    expect(signedAs('id={id};{body}', `id=7;${body}`, { 'x-id': '7' })).toBe(true)
  })

  it('the reason in the log says what is wrong with an id, and not the id', () => {
    const scheme: SignatureScheme = { ...base, signed: '{id}.{body}', id: 'x-id' }
    const reason = reasonOf(scheme, { 'x-id': 'a.secret', 'x-sig': 'ff' })
    expect(reason).toBe('the id contains ".", which separates it from the rest')
    const other: SignatureScheme = { ...base, signed: '{body};{header:X-A}', id: 'x-id' }
    const why = reasonOf(other, { 'x-a': 'a;secret', 'x-sig': 'ff' })
    expect(why).toBe('the header x-a contains ";", which separates it from the rest')
    expect(reasonOf(scheme, { 'x-sig': 'ff' })).toBe('no id')
    expect(reasonOf(other, { 'x-sig': 'ff' })).toBe('no header x-a')
  })
})

describe('a field of a form', () => {
  const scheme: SignatureScheme = { ...base, formField: 'payload' }
  const form = `payload=${encodeURIComponent(body)}`
  const ofField = { 'x-sig': hmac(body).toString('hex'), 'content-type': 'application/x-www-form-urlencoded' }
  const ofForm = { ...ofField, 'x-sig': hmac(form).toString('hex') }

  it('is what is signed, and not the form', () => {
    expect(isAccepted(scheme, ofField, { sent: form })).toBe(true)
    expect(isAccepted(scheme, ofForm, { sent: form })).toBe(false)
    expect(isAccepted(base, ofField, { sent: form })).toBe(false)
    expect(isAccepted(base, ofForm, { sent: form })).toBe(true)
  })

  it('does not count twice, in JSON, or without the content type', () => {
    expect(isAccepted(scheme, ofField, { sent: `${form}&payload=x` })).toBe(false)
    // Other fields are not signed.
    expect(isAccepted(scheme, ofField, { sent: `${form}&dataset=x` })).toBe(false)
    expect(isAccepted(scheme, ofField, { sent: `dataset=x&${form}` })).toBe(false)
    expect(isAccepted(scheme, ofField, { sent: body })).toBe(true)
    expect(isAccepted(scheme, { 'x-sig': ofField['x-sig'] }, { sent: form })).toBe(false)
    expect(isAccepted(scheme, ofField, { sent: 'payload=%zz' })).toBe(false)
  })
})

describe('what identifies a delivery', () => {
  const keyOf = (scheme: SignatureScheme, headers: Headers) =>
    verifySignature(scheme, requestOf(body, headers), [secret], now).deliveryKey

  it('an Idempotency-Key, unless it is empty', () => {
    const signed = { 'x-sig': hmac(body).toString('hex') }
    expect(keyOf(base, { ...signed, 'idempotency-key': 'k' })).toBe('idempotency-key:k')
    expect(keyOf(base, { ...signed, 'idempotency-key': '' })).toBeUndefined()
  })
})
