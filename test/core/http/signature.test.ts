import { describe, expect, it } from 'vitest'
import { Unauthorized } from '../../../src/core/errors.ts'
import {
  checkClock,
  proven,
  type Scheme,
  sameText,
  signStandard,
  verifySignature,
} from '../../../src/core/http/signature.ts'
import { requestOf } from '../../contract/request.ts'
import { type Body, type Headers, mac } from '../../support/sign.ts'

const secret = 'correct horse battery staple'
const seconds = 1_700_000_000
const now = seconds * 1000

const hex: Scheme = { header: 'x-signature', algorithm: 'sha256', encoding: 'hex', prefix: 'sha256=' }
const base64: Scheme = { header: 'x-signature', algorithm: 'sha256', encoding: 'base64' }
const timed: Scheme = {
  header: 'x-signature',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: 'v1=',
  separator: ',',
  signed: '{timestamp}.{body}',
  timestamp: { part: 't=' },
}
const named: Scheme = {
  ...timed,
  signed: '{id}.{timestamp}.{body}',
  id: 'x-id',
  timestamp: { header: 'x-time' },
}
const token: Scheme = { header: 'x-token', algorithm: 'token', encoding: 'hex' }

const body = '{"dataset":"sales"}'
const verify = (scheme: Scheme, headers: Headers, sent: Body = body, at = now, secrets: string[] = [secret]) =>
  verifySignature(scheme, requestOf(sent, headers), secrets, at)
const signed = (sent: Body = body) => ({ 'x-signature': `sha256=${mac({ key: secret }, sent)}` })
const signedTimed = (sent: Body = body, at: number | string = seconds) => ({
  'x-signature': `t=${at},v1=${mac({ key: secret }, `${at}.`, sent)}`,
})
const signedNamed = (id: string, at: number | string = seconds, sent: Body = body) => ({
  'x-id': id,
  'x-time': String(at),
  'x-signature': `v1=${mac({ key: secret }, `${id}.${at}.`, sent)}`,
})

describe('a good signature', () => {
  it.each<[string, Body]>([
    ['an empty body', ''],
    ['JSON', body],
    ['text beyond ASCII', 'é✓ déploiement ✅'],
    ['bytes that are not UTF-8', Uint8Array.from([0x7b, 0xff, 0xfe, 0x00, 0xed, 0xa0, 0x80, 0x7d])],
    ['a byte order mark', '\ufeff{}'],
    ['line ends of both kinds', 'a\r\nb\n'],
    ['a megabyte', 'x'.repeat(1024 * 1024)],
  ])('over %s', (_, sent) => {
    expect(Buffer.from(sent).equals(verify(hex, signed(sent), sent).body)).toBe(true)
    expect(verify(timed, signedTimed(sent), sent).deliveryKey).toMatch(/^[0-9a-f]{64}$/)
  })

  it.each(['sha1', 'sha256', 'sha512'] as const)('with %s in hex and in base64', (algorithm) => {
    for (const encoding of ['hex', 'base64'] as const) {
      const scheme: Scheme = { header: 'x-signature', algorithm, encoding }
      const header = mac({ key: secret, algorithm, encoding }, body)
      expect(verify(scheme, { 'x-signature': header }).body.length).toBe(body.length)
      expect(() => verify(scheme, { 'x-signature': header }, `${body} `)).toThrow(Unauthorized)
    }
  })

  it('keeps the request as it was', () => {
    const request = requestOf(body, signed())
    expect(verifySignature(hex, request, [secret], now)).toEqual({ ...request, deliveryKey: undefined })
  })

  it('may be of any of the secrets', () => {
    expect(verify(hex, signed(), body, now, ['newer', secret]).body.length).toBe(body.length)
    expect(verify(hex, signed(), body, now, [secret, 'older']).body.length).toBe(body.length)
  })

  it('may stand anywhere in a list, where the scheme has lists', () => {
    const [time, good] = signedTimed()['x-signature'].split(',')
    const wrong = `v1=${'0'.repeat(64)}`
    for (const list of [
      `${time},${wrong},${good}`,
      `${good},${time}`,
      `${time}, ${wrong}, ${good}`,
      `${time},v0=x,${good}`,
    ]) {
      expect(verify(timed, { 'x-signature': list }).deliveryKey).toMatch(/^[0-9a-f]{64}$/)
    }
  })

  it('may stand among twenty, and no more', () => {
    const [time, good] = signedTimed()['x-signature'].split(',')
    const list = (wrong: number) => [time, ...Array(wrong).fill(`v1=${'0'.repeat(64)}`), good].join(',')
    expect(verify(timed, { 'x-signature': list(19) }).deliveryKey).toMatch(/^[0-9a-f]{64}$/)
    expect(() => verify(timed, { 'x-signature': list(20) })).toThrow(Unauthorized)
  })

  it('is found under the header’s second name, and the first name wins', () => {
    const scheme: Scheme = { ...hex, header: ['X-Old', 'X-Signature'] }
    expect(verify(scheme, signed()).body.length).toBe(body.length)
    expect(() => verify(scheme, { ...signed(), 'x-old': 'sha256=00' })).toThrow(Unauthorized)
  })

  it('in upper-case hex is the same signature', () => {
    const upper = signed()['x-signature'].toUpperCase().replace('SHA256=', 'sha256=')
    expect(verify(hex, { 'x-signature': upper }).body.length).toBe(body.length)
  })
})

describe('a header that is refused', () => {
  const good = mac({ key: secret }, body)
  const good64 = mac({ key: secret, encoding: 'base64' }, body)

  it.each<[string, Scheme, Headers]>([
    ['none', hex, {}],
    ['an empty one', hex, { 'x-signature': '' }],
    ['the prefix alone', hex, { 'x-signature': 'sha256=' }],
    ['no prefix', hex, { 'x-signature': good }],
    ['another prefix', hex, { 'x-signature': `sha1=${good}` }],
    ['the prefix twice', hex, { 'x-signature': `sha256=sha256=${good}` }],
    ['a character too few', hex, { 'x-signature': `sha256=${good.slice(0, -1)}` }],
    ['two characters too few', hex, { 'x-signature': `sha256=${good.slice(0, -2)}` }],
    ['a character too many', hex, { 'x-signature': `sha256=${good}0` }],
    ['two characters too many', hex, { 'x-signature': `sha256=${good}00` }],
    ['something after it that is not hex', hex, { 'x-signature': `sha256=${good}zz` }],
    ['a space before it', hex, { 'x-signature': `sha256= ${good}` }],
    ['a space after it', hex, { 'x-signature': `sha256=${good} ` }],
    ['twice, joined as AWS joins headers', hex, { 'x-signature': `sha256=${good},sha256=${good}` }],
    ['good and bad, joined', hex, { 'x-signature': `sha256=${good},sha256=${'0'.repeat(64)}` }],
    ['base64 where hex belongs', hex, { 'x-signature': `sha256=${good64}` }],
    ['base64 without padding', base64, { 'x-signature': good64.replace(/=+$/, '') }],
    ['base64 with more padding', base64, { 'x-signature': `${good64}=` }],
    ['base64 with a newline in it', base64, { 'x-signature': `${good64.slice(0, 10)}\n${good64.slice(10)}` }],
    ['base64 with garbage in it', base64, { 'x-signature': `${good64.slice(0, 10)}!${good64.slice(10)}` }],
    ['base64 that says the same in other bits', base64, { 'x-signature': sloppyBits(good64) }],
    ['base64 twice, joined', base64, { 'x-signature': `${good64},${good64}` }],
    ['hex where base64 belongs', base64, { 'x-signature': good }],
    ['a list without the part', timed, { 'x-signature': `t=${seconds}` }],
    ['a list without the time', timed, { 'x-signature': `v1=${mac({ key: secret }, `${seconds}.`, body)}` }],
    ['no id', named, { 'x-time': `${seconds}`, 'x-signature': signedNamed('m1')['x-signature'] }],
    ['an empty id', named, signedNamed('')],
    ['an id with a dot', named, signedNamed('m.1')],
    ['an id twice, joined', named, { ...signedNamed('m1'), 'x-id': 'm1,m1' }],
    ['no time', named, { 'x-id': 'm1', 'x-signature': signedNamed('m1')['x-signature'] }],
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
  ])('the timestamp %j, though it is signed', (at) => {
    expect(() => verify(timed, signedTimed(body, at))).toThrow(Unauthorized)
    expect(() => verify(named, signedNamed('m1', at))).toThrow(Unauthorized)
  })
})

describe('what stands beside a signed id, and could be part of it', () => {
  const over = (template: string, id: string) => () => {
    const text = template.replace('{id}', id).replace('{timestamp}', String(seconds)).replace('{body}', body)
    const headers = { 'x-id': id, 'x-time': String(seconds), 'x-signature': `v1=${mac({ key: secret }, text)}` }
    return verify({ ...named, signed: template }, headers)
  }

  it.each([
    ['{id}.{timestamp}.{body}', 'a', true],
    ['{id}.{timestamp}.{body}', 'a.b', false],
    ['{timestamp}.{id}', 'a', true],
    ['{timestamp}.{id}', 'a.b', false],
    ['{timestamp}.{id}:{body}', 'a', true],
    ['{timestamp}.{id}:{body}', 'a.b', false],
    ['{timestamp}.{id}:{body}', 'a:b', false],
    ['v0:{id}.{body}', 'a', true],
    ['v0:{id}.{body}', 'av0:', false],
    ['v0:{id}.{body}', 'a.b', false],
    ['{timestamp}.{id};', 'a', true],
    ['{timestamp}.{id};', 'a;', false],
    ['{id}', 'a.b', true],
    ['{id}{body}', 'a', false],
    ['{body}{id}', 'a', false],
    ['{timestamp}{id}.{body}', 'a', false],
  ])('%s with the id %j: %s', (template, id, good) => {
    if (good) expect(over(template, id)().deliveryKey).toBe(`id:${id}`)
    else expect(over(template, id)).toThrow(Unauthorized)
  })

  it('does not matter for a time, which is digits alone', () => {
    const scheme: Scheme = { ...timed, signed: '{timestamp}{body}' }
    const headers = { 'x-signature': `t=${seconds},v1=${mac({ key: secret }, String(seconds), body)}` }
    expect(verify(scheme, headers).deliveryKey).toMatch(/^[0-9a-f]{64}$/)
  })
})

/** The last character of base64 before the padding holds bits that say nothing; here they are set. */
function sloppyBits(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const at = text.indexOf('=') - 1
  const changed = text.slice(0, at) + alphabet[alphabet.indexOf(text[at] ?? '') + 1] + text.slice(at + 1)
  expect(Buffer.from(changed, 'base64')).toEqual(Buffer.from(text, 'base64'))
  return changed
}

describe('the clock', () => {
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
  ])('%d s off: %s', (off, good) => {
    const calls = [
      () => verify(timed, signedTimed(body, seconds + off)),
      () => verify(named, signedNamed('m1', seconds + off)),
      () => checkClock(seconds + off, now),
    ]
    for (const call of calls) {
      if (good) expect(call).not.toThrow()
      else expect(call).toThrow(Unauthorized)
    }
  })

  it('goes by the millisecond', () => {
    expect(() => verify(timed, signedTimed(), body, now + 300_000)).not.toThrow()
    expect(() => verify(timed, signedTimed(), body, now + 300_001)).toThrow(Unauthorized)
    expect(() => verify(timed, signedTimed(), body, now - 300_001)).toThrow(Unauthorized)
  })

  it('has the tolerance and the unit that the scheme says', () => {
    const ms: Scheme = { ...timed, timestamp: { part: 't=', unit: 'ms', tolerance: 60 } }
    expect(() => verify(ms, signedTimed(body, now - 60_000))).not.toThrow()
    expect(() => verify(ms, signedTimed(body, now - 60_001))).toThrow(Unauthorized)
    expect(() => verify(ms, signedTimed(body, seconds))).toThrow(Unauthorized)
  })

  it('is asked about the time that is signed: another one in the header breaks the signature', () => {
    const old = signedTimed(body, seconds - 3600)['x-signature']
    expect(() => verify(timed, { 'x-signature': old.replace(`t=${seconds - 3600}`, `t=${seconds}`) })).toThrow(
      Unauthorized,
    )
    expect(() => verify(timed, { 'x-signature': `t=${seconds},${old}` })).toThrow(Unauthorized)
    expect(() => verify(named, { ...signedNamed('m1', seconds - 3600), 'x-time': String(seconds) })).toThrow(
      Unauthorized,
    )
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('%d is no time', (at) => {
    expect(() => checkClock(at, now)).toThrow(Unauthorized)
  })
})

describe('a time inside the signed body', () => {
  const inside: Scheme = { ...hex, timestamp: { body: 'sentAt', unit: 'ms', tolerance: 60 } }
  const send = (text: string) => verify(inside, signed(text), text)

  it('is not looked for in a body that is nested too deep to be read', () => {
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
  ])('%d ms off: %s', (off, good) => {
    const call = () => send(JSON.stringify({ sentAt: now + off }))
    if (good) expect(call).not.toThrow()
    else expect(call).toThrow(Unauthorized)
  })

  it.each(['', 'x', 'null', '[]', '3', '{}', '{"sentAt":null}', `{"sentAt":"${now}"}`, '{"__proto__":{"sentAt":1}}'])(
    'the body %j has none',
    (text) => {
      expect(() => send(text)).toThrow(expect.objectContaining({ reason: 'the body holds no timestamp' }))
    },
  )

  it('is not looked at before the signature holds', () => {
    expect(() => verify(inside, signed('x'), 'not json')).toThrow(
      expect.objectContaining({ reason: 'the signature does not match' }),
    )
  })
})

describe('secrets', () => {
  const key = Buffer.from('0123456789abcdef0123456789abcdef')
  const headers = { 'x-signature': mac({ key, encoding: 'base64' }, body) }

  it.each<[string, Scheme['secret'], string]>([
    ['whsec', 'whsec', `whsec_${key.toString('base64')}`],
    ['whsec without its prefix', 'whsec', key.toString('base64')],
    ['base64', 'base64', key.toString('base64')],
    ['utf8', 'utf8', key.toString()],
    ['utf8 unless it is said', undefined, key.toString()],
  ])('%s', (_, decoding, value) => {
    const scheme: Scheme = decoding === undefined ? base64 : { ...base64, secret: decoding }
    expect(verify(scheme, headers, body, now, [value]).body.length).toBe(body.length)
  })

  it.each<[Scheme['secret'], string]>([
    ['whsec', 'whsec_'],
    ['whsec', '!!!!'],
    ['base64', '===='],
    ['utf8', ''],
  ])('a %s secret that is nothing (%j) proves nothing', (decoding, value) => {
    const empty = { 'x-signature': mac({ key: '', encoding: 'base64' }, body) }
    expect(() => verify({ ...base64, secret: decoding ?? 'utf8' }, empty, body, now, [value])).toThrow(Unauthorized)
  })

  it('none at all proves nothing', () => {
    expect(() => verify(hex, signed(), body, now, [])).toThrow(Unauthorized)
  })

  it.each([secret.toUpperCase(), `${secret} `, secret.slice(1), ''])('%j is another secret', (value) => {
    expect(() => verify(hex, signed(), body, now, [value])).toThrow(Unauthorized)
  })
})

describe('a plain token', () => {
  it('is compared whole', () => {
    expect(verify(token, { 'x-token': secret }).deliveryKey).toBeUndefined()
    for (const value of ['', secret.slice(0, -1), `${secret}x`, `${secret},${secret}`, secret.toUpperCase()]) {
      expect(() => verify(token, { 'x-token': value })).toThrow(Unauthorized)
    }
  })

  it('may be any of the secrets', () => {
    expect(verify(token, { 'x-token': 'old' }, body, now, [secret, 'old']).method).toBe('POST')
  })
})

describe('one flipped bit', () => {
  it('anywhere in the body', () => {
    for (let at = 0; at < body.length; at++) {
      const flipped = Buffer.from(body)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8))
      expect(() => verify(hex, signed(), flipped)).toThrow(Unauthorized)
    }
  })

  it('anywhere in the signature', () => {
    const good = signed()['x-signature']
    for (let at = 'sha256='.length; at < good.length; at++) {
      const digit = (Number.parseInt(good[at] ?? '', 16) ^ 1).toString(16)
      expect(() => verify(hex, { 'x-signature': good.slice(0, at) + digit + good.slice(at + 1) })).toThrow(Unauthorized)
    }
  })
})

describe('the delivery’s key', () => {
  it('is the signed id, whatever the time and the body of a retry', () => {
    const keys = [seconds, seconds + 60].map((at) => verify(named, signedNamed('msg_1', at)).deliveryKey)
    expect(keys).toEqual(['id:msg_1', 'id:msg_1'])
    expect(verify(named, signedNamed('msg_2')).deliveryKey).toBe('id:msg_2')
  })

  it('is not an id that is not signed', () => {
    const unsigned: Scheme = { ...hex, id: 'x-id' }
    expect(verify(unsigned, { ...signed(), 'x-id': 'm1' }).deliveryKey).toBeUndefined()
  })

  it('is not such an id where a time is signed, either', () => {
    const key = (id: string) => verify({ ...timed, id: 'x-id' }, { ...signedTimed(), 'x-id': id }).deliveryKey
    expect(key('m1')).toMatch(/^[0-9a-f]{64}$/)
    expect(key('m1')).toBe(key('m2'))
  })

  it('is the hash of what is signed, where a time is signed', () => {
    const key = (at: number, sent = body) => verify(timed, signedTimed(sent, at), sent).deliveryKey
    expect(key(seconds)).toBe(key(seconds))
    expect(key(seconds)).not.toBe(key(seconds + 1))
    expect(key(seconds)).not.toBe(key(seconds, '{}'))
  })

  it('is the sender’s Idempotency-Key, where nothing signed tells deliveries apart', () => {
    const key = (headers: Headers) => verify(hex, { ...signed(), ...headers }).deliveryKey
    expect(key({ 'idempotency-key': 'k1' })).toBe('idempotency-key:k1')
    expect(key({})).toBeUndefined()
  })

  it('is not the Idempotency-Key where something signed does', () => {
    const key = (headers: Headers) => verify(timed, { ...signedTimed(), ...headers }).deliveryKey
    expect(key({ 'idempotency-key': 'k1' })).toBe(key({ 'idempotency-key': 'k2' }))
  })

  it('of bytes is their hash', () => {
    expect(proven(requestOf(''), Buffer.from('abc')).deliveryKey).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    )
    expect(proven(requestOf(''), 'abc').deliveryKey).toBe('abc')
    expect(proven(requestOf(''), undefined).deliveryKey).toBeUndefined()
  })
})

describe('the reason is for the log, and gives nothing away', () => {
  it.each<[() => unknown, string]>([
    [() => verify(hex, {}), 'no signature header'],
    [() => verify(hex, { 'x-signature': 'x' }), 'the signature header has another form'],
    [() => verify(timed, { 'x-signature': 'v1=x' }), 'no timestamp'],
    [() => verify(timed, signedTimed(body, seconds - 400)), 'the timestamp is 400 s off'],
    [() => verify(timed, signedTimed(body, seconds + 400)), 'the timestamp is -400 s off'],
    [() => verify(named, signedNamed('')), 'no id'],
    [() => verify(hex, signed('other')), 'the signature does not match'],
    [() => checkClock(Number.NaN, now), 'the timestamp is not a number'],
  ])('%s', (call, reason) => {
    expect(call).toThrow(expect.objectContaining({ name: 'Unauthorized', reason }))
  })
})

describe('sameText', () => {
  it.each([
    ['a', 'a', true],
    ['', '', true],
    ['a', 'b', false],
    ['a', 'aa', false],
    ['é', 'é'.normalize('NFD'), false],
  ])('%j and %j: %s', (a, b, same) => {
    expect(sameText(a, b)).toBe(same)
  })
})

describe('signStandard', () => {
  it('signs as the example of Standard Webhooks does', () => {
    const payload = '{"event_type":"ping","data":{"success":true}}'
    const id = 'msg_loFOjxBNrRLzqYUf'
    const signedAs = {
      'webhook-id': id,
      'webhook-timestamp': '1731705121',
      'webhook-signature': 'v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=',
    }
    expect(signStandard(payload, 'whsec_plJ3nmyCDGBKInavdOK15jsl', id, 1731705121)).toEqual(signedAs)
    expect(signStandard(payload, 'plJ3nmyCDGBKInavdOK15jsl', id, 1731705121)).toEqual(signedAs)
  })
})
