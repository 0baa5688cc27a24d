import { describe, expect, it } from 'vitest'
import { BadRequest, TaskhookError } from '../../../src/core/errors.ts'
import { bodyText } from '../../../src/core/http/body.ts'
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
  it('reads method, path, query, headers, body and origin', () => {
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

  it('does not change the event', () => {
    const given = Object.freeze(event({ headers: Object.freeze({ 'X-A': '1' }) }))
    expect(toHttpRequest(given).headers).not.toBe(given.headers)
  })

  it('accepts an event that has nothing', () => {
    const { method, path, origin, body } = toHttpRequest({})
    expect({ method, path, origin, length: body.length }).toEqual({
      method: 'GET',
      path: '/',
      origin: 'https://localhost',
      length: 0,
    })
  })

  it('ignores the Host header, which the sender chooses', () => {
    expect(toHttpRequest(event({ headers: { host: 'evil.example' } })).origin).toBe(
      'https://abc.lambda-url.eu-west-1.on.aws',
    )
  })

  it('uses http if the local server says so', () => {
    expect(toHttpRequest(event({ headers: { 'X-Forwarded-Proto': 'http' } })).origin).toMatch(/^http:/)
    expect(toHttpRequest(event({ headers: { 'X-Forwarded-Proto': 'javascript' } })).origin).toMatch(/^https:/)
  })

  it.each(['__proto__', 'constructor'])('reads %s as a header like any other', (name) => {
    const { headers } = toHttpRequest(event({ headers: JSON.parse(`{"${name}":"x"}`) }))
    expect(Object.keys(headers)).toEqual([name])
    expect(headers.tostring).toBeUndefined()
  })
})

describe('the body of an event', () => {
  it.each<[string, FunctionUrlEvent, Buffer]>([
    ['text', { body: 'déploiement ✅' }, Buffer.from('déploiement ✅')],
    [
      'base64 of text',
      { body: Buffer.from('déploiement ✅').toString('base64'), isBase64Encoded: true },
      Buffer.from('déploiement ✅'),
    ],
    [
      'base64 of bytes that are not text',
      { body: '/wD+gA==', isBase64Encoded: true },
      Buffer.from([0xff, 0x00, 0xfe, 0x80]),
    ],
    ['base64 of nothing', { body: '', isBase64Encoded: true }, Buffer.alloc(0)],
    ['none', { body: null }, Buffer.alloc(0)],
    ['text that looks like base64', { body: 'aGk=' }, Buffer.from('aGk=')],
  ])('is decoded: %s', (_, more, bytes) => {
    expect(bytesOf(more)).toEqual(bytes)
  })

  it.each(['aGk', 'aGk=a', 'aG k', 'aGk\n', 'aG-_', '=aGk', 'a===', '{"a":1}='])(
    'is rejected if %j is not base64',
    (body) => {
      expect(() => bytesOf({ body, isBase64Encoded: true })).toThrow(BadRequest)
    },
  )

  it('has at most 6 MB, counted after decoding', () => {
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

describe('toFunctionUrlResult', () => {
  it('keeps status, headers and body', () => {
    expect(toFunctionUrlResult({ status: 202, headers: { a: 'b' }, body: 'x' })).toEqual({
      statusCode: 202,
      headers: { a: 'b' },
      body: 'x',
    })
  })
})
