import { describe, expect, it } from 'vitest'
import type { Answer, RunView } from '../../../src/core/adapter.ts'
import { BadRequest, TaskhookError, Unauthorized, Unprocessable } from '../../../src/core/errors.ts'
import { answerReply, runJson } from '../../../src/core/http/answer-json.ts'
import { bodyText, mediaTypeOf, parseForm, parseJson } from '../../../src/core/http/body.ts'
import { errorReply, problemReply } from '../../../src/core/http/json-reply.ts'
import {
  type FunctionUrlEvent,
  maxBodyBytes,
  toFunctionUrlResult,
  toHttpRequest,
} from '../../../src/core/http/lambda-url.ts'

const event = (more: FunctionUrlEvent = {}): FunctionUrlEvent => ({
  rawPath: '/github',
  rawQueryString: 'a=1&a=2&token=x%2By',
  headers: { 'Content-Type': 'application/json', 'X-GitHub-Event': 'push', absent: undefined },
  body: '{"a":1}',
  isBase64Encoded: false,
  requestContext: { domainName: 'abc.lambda-url.eu-west-1.on.aws', http: { method: 'post', path: '/github' } },
  ...more,
})
const bytesOf = (more: FunctionUrlEvent) => Buffer.from(toHttpRequest(event(more)).body)

describe('toHttpRequest', () => {
  it('reads everything once', () => {
    const request = toHttpRequest(event())
    expect({ ...request, headers: { ...request.headers }, body: bodyText(request.body) }).toEqual({
      method: 'POST',
      path: '/github',
      query: new URLSearchParams('a=1&a=2&token=x%2By'),
      headers: { 'content-type': 'application/json', 'x-github-event': 'push' },
      body: '{"a":1}',
      origin: 'https://abc.lambda-url.eu-west-1.on.aws',
    })
    expect(request.query.get('token')).toBe('x+y')
  })

  it('leaves the event as it was', () => {
    const given = Object.freeze(event({ headers: Object.freeze({ 'X-A': '1' }) }))
    expect(toHttpRequest(given).headers).not.toBe(given.headers)
  })

  it('makes do with an event that has nothing', () => {
    const { method, path, origin, body } = toHttpRequest({})
    expect({ method, path, origin, length: body.length }).toEqual({
      method: 'GET',
      path: '/',
      origin: 'https://localhost',
      length: 0,
    })
  })

  it('does not go by the Host header, which a sender may choose', () => {
    expect(toHttpRequest(event({ headers: { host: 'evil.example' } })).origin).toBe(
      'https://abc.lambda-url.eu-west-1.on.aws',
    )
  })

  it('is http where the local server says so', () => {
    expect(toHttpRequest(event({ headers: { 'X-Forwarded-Proto': 'http' } })).origin).toMatch(/^http:/)
    expect(toHttpRequest(event({ headers: { 'X-Forwarded-Proto': 'javascript' } })).origin).toMatch(/^https:/)
  })

  it.each(['__proto__', 'constructor'])('a header %s is a header', (name) => {
    const { headers } = toHttpRequest(event({ headers: JSON.parse(`{"${name}":"x"}`) }))
    expect(Object.keys(headers)).toEqual([name])
    expect(headers.tostring).toBeUndefined()
  })
})

describe('the bytes of a body', () => {
  it.each<[string, FunctionUrlEvent, Buffer]>([
    ['text', { body: 'déploiement ✅' }, Buffer.from('déploiement ✅')],
    [
      'base64 of text',
      { body: Buffer.from('déploiement ✅').toString('base64'), isBase64Encoded: true },
      Buffer.from('déploiement ✅'),
    ],
    ['base64 of what is not text', { body: '/wD+gA==', isBase64Encoded: true }, Buffer.from([0xff, 0x00, 0xfe, 0x80])],
    ['base64 of nothing', { body: '', isBase64Encoded: true }, Buffer.alloc(0)],
    ['none', { body: null }, Buffer.alloc(0)],
    ['text that looks like base64', { body: 'aGk=' }, Buffer.from('aGk=')],
  ])('%s', (_, more, bytes) => {
    expect(bytesOf(more)).toEqual(bytes)
  })

  it.each(['aGk', 'aGk=a', 'aG k', 'aGk\n', 'aG-_', '=aGk', 'a===', '{"a":1}='])('%j is not base64', (body) => {
    expect(() => bytesOf({ body, isBase64Encoded: true })).toThrow(BadRequest)
  })

  it('takes six megabytes and not a byte more, counted after decoding', () => {
    expect(bytesOf({ body: 'x'.repeat(maxBodyBytes) })).toHaveLength(maxBodyBytes)
    expect(() => bytesOf({ body: 'x'.repeat(maxBodyBytes + 1) })).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    )
    const encoded = (length: number) => Buffer.alloc(length).toString('base64')
    expect(bytesOf({ body: encoded(maxBodyBytes), isBase64Encoded: true })).toHaveLength(maxBodyBytes)
    expect(() => bytesOf({ body: encoded(maxBodyBytes + 1), isBase64Encoded: true })).toThrow(TaskhookError)
    expect(() => bytesOf({ body: 'é'.repeat(maxBodyBytes / 2 + 1) })).toThrow(TaskhookError)
  })
})

describe('textOf', () => {
  it.each([[''], ['é✓😀'], ['\ufeff{"a":1}'], ['a\0b']])('%j comes back as it was', (text) => {
    expect(bodyText(Buffer.from(text))).toBe(text)
  })

  it.each([
    ['a stray byte', [0x61, 0xff]],
    ['a cut sequence', [0xe2, 0x9c]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['latin-1', [0x64, 0xe9]],
  ])('%s is not UTF-8', (_, bytes) => {
    expect(() => bodyText(Uint8Array.from(bytes))).toThrow('the body is not valid UTF-8')
    expect(() => bodyText(Uint8Array.from(bytes))).toThrow(BadRequest)
  })
})

describe('jsonOf', () => {
  it.each([['', '{', "{'a':1}", '{"a":1}x', 'undefined', '\ufeff{}', '{"a":1,}']].flat())('%j is not JSON', (text) => {
    expect(() => parseJson(text)).toThrow(BadRequest)
  })

  it('does not quote the body in its message', () => {
    expect(() => parseJson('top secret')).toThrow(/^the body is not valid JSON$/)
  })
})

describe('formOf', () => {
  it.each<[form: string, fields: Record<string, string>]>([
    ['', {}],
    ['a=1&b=2', { a: '1', b: '2' }],
    ['a=1&&b=2&', { a: '1', b: '2' }],
    ['a', { a: '' }],
    ['a=', { a: '' }],
    ['a=b=c', { a: 'b=c' }],
    ['a=1&a=2', { a: '1' }],
    ['a=&a=2', { a: '' }],
    ['two+words=a+b%20c%2B', { 'two words': 'a b c+' }],
    ['text=%C3%A9%E2%9C%93', { text: 'é✓' }],
    ['text=é', { text: 'é' }],
    ['payload=%7B%22a%22%3A%22%26%22%7D', { payload: '{"a":"&"}' }],
  ])('%j', (form, fields) => {
    expect({ ...parseForm(form) }).toEqual(fields)
  })

  it.each(['a=%', 'a=%z1', 'a=%1', 'a=%FF', 'a=%C3', 'a=%ED%A0%80', '%zz=1', 'ok=1&a=%E2%28%A1'])(
    '%j has a broken escape, which URLSearchParams would have let through',
    (form) => {
      expect(() => parseForm(form)).toThrow(BadRequest)
      expect(() => new URLSearchParams(form)).not.toThrow()
    },
  )

  it.each(['__proto__', 'constructor', 'toString'])('a field %s is a field', (name) => {
    expect(Object.entries(parseForm(`${name}=x`))).toEqual([[name, 'x']])
    expect(parseForm('a=1')[name]).toBeUndefined()
  })
})

describe('mediaTypeOf', () => {
  it.each([
    ['application/json', 'application/json'],
    ['application/json; charset=utf-8', 'application/json'],
    ['Application/JSON ;charset=UTF-8', 'application/json'],
    ['application/x-www-form-urlencoded; charset=utf-8', 'application/x-www-form-urlencoded'],
    ['', ''],
    [undefined, ''],
  ])('%j is %j', (header, type) => {
    expect(mediaTypeOf({ headers: header === undefined ? {} : { 'content-type': header } })).toBe(type)
  })
})

const view: RunView = {
  run: '0123456789abcdef0123',
  task: 'analyze',
  status: 'queued',
  params: { depth: 3 },
  statusUrl: 'https://abc.on.aws/runs/0123456789abcdef0123?token=t',
  createdAt: '2026-03-01T10:00:00.000Z',
}

describe('answerReply', () => {
  it.each<[string, Answer, status: number, body: unknown]>([
    ['a new run', { kind: 'accepted', runs: [view], fresh: true }, 202, view],
    ['the same delivery again', { kind: 'accepted', runs: [view], fresh: false }, 200, view],
    [
      'two runs',
      { kind: 'accepted', runs: [view, { ...view, task: 'b' }], fresh: true },
      202,
      { ...view, runs: [view, { ...view, task: 'b' }] },
    ],
    ['ignored', { kind: 'ignored', reason: 'no route' }, 200, { status: 'ignored', reason: 'no route' }],
    ['help', { kind: 'help', command: '/x', tasks: [] }, 200, { status: 'help', tasks: [] }],
    [
      'refused',
      { kind: 'refused', status: 422, title: 'wrong', problems: [{ path: 'depth', message: 'is 99' }] },
      422,
      {
        type: 'about:blank',
        title: 'Unprocessable Content',
        status: 422,
        detail: 'wrong',
        problems: [{ path: 'depth', message: 'is 99' }],
      },
    ],
  ])('%s', (_, answer, status, body) => {
    const reply = answerReply(answer)
    expect({ status: reply.status, body: JSON.parse(reply.body) }).toEqual({ status, body })
    expect(reply.headers['cache-control']).toBe('no-store')
    expect(reply.headers['content-type']).toBe(status === 422 ? 'application/problem+json' : 'application/json')
  })
})

describe('errorReply', () => {
  it.each<[unknown, number, string]>([
    [new Unauthorized('the signature does not match'), 401, 'invalid signature'],
    [new BadRequest('the body is not JSON', new Error('inner')), 400, 'the body is not JSON'],
    [new Unprocessable('too large', []), 422, 'too large'],
    [new TaskhookError('not-found', 'nothing here'), 404, 'nothing here'],
    [new TaskhookError('method-not-allowed', 'POST only'), 405, 'POST only'],
    [new TaskhookError('too-large', 'big'), 413, 'big'],
    [new TaskhookError('internal', 'arn:aws:iam::1:role/x'), 500, 'taskhook failed; its log says why'],
    [new TaskhookError('unavailable', 'secret secretsmanager:x'), 503, 'taskhook failed; its log says why'],
    [new Error('stack and all'), 500, 'taskhook failed; its log says why'],
    ['a string', 500, 'taskhook failed; its log says why'],
    [undefined, 500, 'taskhook failed; its log says why'],
  ])('%s is a %d', (error, status, detail) => {
    const reply = errorReply(error)
    expect(reply.status).toBe(status)
    expect(reply.headers['content-type']).toBe('application/problem+json')
    expect(JSON.parse(reply.body)).toMatchObject({ type: 'about:blank', status, detail })
  })

  it('hides why a signature did not hold', () => {
    const replies = ['no signature header', 'the timestamp is 301 s off'].map((why) =>
      errorReply(new Unauthorized(why)),
    )
    expect(replies[0]).toEqual(replies[1])
  })

  it('names every problem only once there is one', () => {
    expect(JSON.parse(problemReply(400, 'x').body)).not.toHaveProperty('problems')
    expect(JSON.parse(problemReply(418, 'x').body)).toMatchObject({ title: 'Error' })
  })
})

describe('what goes out', () => {
  it('has the keys that scripts hold on to', () => {
    const whole: RunView = { ...view, exitCode: 0, reason: 'r', startedAt: 's', stoppedAt: 'e', taskArn: 'arn' }
    expect(runJson(whole)).toEqual(whole)
    expect(JSON.parse(JSON.stringify(runJson(view)))).toEqual(view)
  })

  it('is a function URL’s result', () => {
    expect(toFunctionUrlResult({ status: 202, headers: { a: 'b' }, body: 'x' })).toEqual({
      statusCode: 202,
      headers: { a: 'b' },
      body: 'x',
    })
  })
})
