import { describe, expect, it } from 'vitest'
import { BadRequest } from '../../../src/core/errors.ts'
import { bodyText, isForm, mediaTypeOf, parseForm, parseJson } from '../../../src/core/http/body.ts'

describe('bodyText', () => {
  it.each([[''], ['é✓😀'], ['\ufeff{"a":1}'], ['a\0b']])('decodes %j', (text) => {
    expect(bodyText(Buffer.from(text))).toBe(text)
  })

  it.each([
    ['a stray byte', [0x61, 0xff]],
    ['a cut sequence', [0xe2, 0x9c]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['latin-1', [0x64, 0xe9]],
  ])('rejects %s, which is not UTF-8', (_, bytes) => {
    expect(() => bodyText(Uint8Array.from(bytes))).toThrow('the body is not valid UTF-8')
    expect(() => bodyText(Uint8Array.from(bytes))).toThrow(BadRequest)
  })
})

describe('parseJson', () => {
  it.each([['', '{', "{'a':1}", '{"a":1}x', 'undefined', '\ufeff{}', '{"a":1,}']].flat())('rejects %j', (text) => {
    expect(() => parseJson(text)).toThrow(BadRequest)
  })

  it('does not quote the body in its message', () => {
    expect(() => parseJson('top secret')).toThrow(/^the body is not valid JSON$/)
  })
})

describe('parseForm', () => {
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
  ])('reads %j', (form, fields) => {
    expect({ ...parseForm(form) }).toEqual(fields)
  })

  it.each(['a=%', 'a=%z1', 'a=%1', 'a=%FF', 'a=%C3', 'a=%ED%A0%80', '%zz=1', 'ok=1&a=%E2%28%A1'])(
    'rejects %j: its escape is broken, and URLSearchParams would accept it',
    (form) => {
      expect(() => parseForm(form)).toThrow(BadRequest)
      expect(() => new URLSearchParams(form)).not.toThrow()
    },
  )

  it.each(['__proto__', 'constructor', 'toString'])('reads %s as a field like any other', (name) => {
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
  ])('reads %j as %j', (header, type) => {
    expect(mediaTypeOf({ headers: header === undefined ? {} : { 'content-type': header } })).toBe(type)
  })
})

describe('isForm', () => {
  const form = { headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' } }

  it.each(['a=1', '', 'payload=%7B%7D', 'a={"b":1}'])('accepts %j with the content type of a form', (text) => {
    expect(isForm(form, text)).toBe(true)
    expect(isForm({ headers: { 'content-type': 'application/json' } }, text)).toBe(false)
    expect(isForm({ headers: {} }, text)).toBe(false)
  })

  it.each(['{"a":"&dataset=x"}', '[1]', '"a=1"', ' \n{}'])('rejects %j, whatever the content type says', (text) => {
    expect(isForm(form, text)).toBe(false)
  })
})
