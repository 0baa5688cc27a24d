import { describe, expect, it } from 'vitest'
import type { HmacScheme } from '../../../src/adapters/hmac/hmac-scheme.ts'
import { type PresetName, presets } from '../../../src/adapters/hmac/presets.ts'
import { schemeOf } from '../../../src/adapters/hmac/schemes.ts'
import { translate } from '../../../src/adapters/hmac/translate.ts'
import { BadRequest } from '../../../src/core/errors.ts'
import { markVerified } from '../../../src/core/http/verified-request.ts'
import { requestOf } from '../../contract/request.ts'
import type { Body, Headers } from '../../support/sign.ts'

const plain: HmacScheme = { header: 'x', algorithm: 'sha256', encoding: 'hex' }
const send = (body: Body, headers: Headers = { 'content-type': 'application/json' }, scheme: HmacScheme = plain) =>
  translate(markVerified(requestOf(body, headers), 'key'), { scheme, source: 'partner' })
const triggerOf = (...rawParams: Parameters<typeof send>) => {
  const translation = send(...rawParams)
  if (translation.kind !== 'run') throw new Error(`a ${translation.kind}`)
  return translation.trigger
}

describe('a body', () => {
  it('in JSON becomes parameters with their types', () => {
    expect(send('{"dataset":"sales","depth":3}')).toEqual({
      kind: 'run',
      trigger: {
        event: 'webhook',
        deliveryId: '',
        actor: 'partner',
        facts: {},
        rawParams: { kind: 'object', values: { dataset: 'sales', depth: 3 }, textual: false },
        payload: { dataset: 'sales', depth: 3 },
        replyAddress: null,
      },
    })
  })

  it.each(['application/x-www-form-urlencoded', 'application/x-www-form-urlencoded; charset=utf-8'])(
    'in %s becomes parameters that are text',
    (type) => {
      const { rawParams, payload } = triggerOf('dataset=sales&depth=3', { 'content-type': type })
      expect(rawParams).toEqual({ kind: 'object', values: { dataset: 'sales', depth: '3' }, textual: true })
      expect(payload).toEqual({ dataset: 'sales', depth: '3' })
    },
  )

  it.each([{}, { 'content-type': 'text/plain' }, { 'content-type': 'application/cloudevents+json' }])(
    'is read as JSON unless the content type is a form: %j',
    (headers) => {
      expect(triggerOf('{"a":1}', headers as Headers).payload).toEqual({ a: 1 })
    },
  )

  it.each(['[1,2]', 'null', '3', '"x"', 'true'])('%s has no keys, so there are no parameters', (body) => {
    expect(triggerOf(body)).toMatchObject({ rawParams: { kind: 'none' }, payload: JSON.parse(body) })
  })

  it.each(['', ' \n', '{', 'a=1', '\ufeff{}'])('%j is a bad request', (body) => {
    expect(() => send(body)).toThrow(BadRequest)
  })

  it('that is not UTF-8 is a bad request', () => {
    expect(() => send(Uint8Array.from([0x22, 0xff, 0x22]))).toThrow(BadRequest)
  })
})

describe('the name of the event', () => {
  const by = (event: NonNullable<HmacScheme['event']>) => ({ ...plain, event })

  it.each<[string, HmacScheme, string, Headers, string | undefined]>([
    ['a key', by({ body: 'type' }), '{"type":"report.ready"}', {}, 'report.ready'],
    [
      'a path of keys',
      by({ body: 'event.event_type' }),
      '{"event":{"event_type":"incident.triggered"}}',
      {},
      'incident.triggered',
    ],
    ['a header', by({ header: 'X-Event-Key' }), '{}', { 'x-event-key': 'repo:push' }, 'repo:push'],
    ['the body before the header', by({ body: 'type', header: 'x-event' }), '{"type":"a"}', { 'x-event': 'b' }, 'a'],
    ['no such key', by({ body: 'type' }), '{}', {}, undefined],
    ['no such header', by({ header: 'x-event' }), '{}', {}, undefined],
    ['a number', by({ body: 'type' }), '{"type":3}', {}, undefined],
    ['an empty text', by({ body: 'type' }), '{"type":""}', {}, undefined],
    ['a text of 101 characters', by({ body: 'type' }), `{"type":"${'x'.repeat(101)}"}`, {}, undefined],
    ['a text that is not printable', by({ body: 'type' }), '{"type":"a\\u0000"}', {}, undefined],
    ['a body that is not an object', by({ body: 'type' }), '[]', {}, undefined],
    ['a key that every object has', by({ body: 'constructor.name' }), '{}', {}, undefined],
    ['a key through a list', by({ body: '0.type' }), '[{"type":"a"}]', {}, 'a'],
    ['nothing, if the scheme has no location', plain, '{"type":"a"}', { 'x-event': 'b' }, undefined],
  ])('is found by %s', (_, scheme, body, headers, event) => {
    const trigger = triggerOf(body, headers, scheme)
    expect([trigger.event, trigger.facts]).toEqual([event ?? 'webhook', event === undefined ? {} : { events: [event] }])
  })
})

describe('the id of the delivery', () => {
  it.each<[Headers, string, PresetName?]>([
    [{ 'webhook-id': 'msg_1', 'x-request-id': 'r' }, 'msg_1'],
    [{ 'svix-id': 'msg_2' }, 'msg_2'],
    [{ 'idempotency-key': 'k', 'x-request-id': 'r' }, 'k'],
    [{ 'x-request-uuid': 'u' }, 'u', 'bitbucket'],
    [{ 'x-github-delivery': 'g' }, 'g', 'github'],
    [{ 'x-shopify-webhook-id': 's' }, 's', 'shopify'],
    [{ 'x-request-id': 'r'.repeat(500) }, 'r'.repeat(100)],
    [{}, ''],
  ])('%.60j', (headers, name, preset = 'standard-webhooks') => {
    expect(triggerOf('{}', headers, presets[preset]).deliveryId).toBe(name)
  })
})

describe('schemeOf', () => {
  it('returns a preset by its name, or a custom scheme', () => {
    expect(schemeOf({ scheme: 'stripe' })).toEqual(presets.stripe)
    expect(schemeOf({ scheme: { header: 'x', algorithm: 'sha256', encoding: 'hex' } })).toEqual(plain)
  })

  it('prefers the event location of the source to that of the preset', () => {
    expect(schemeOf({ scheme: 'stripe', event: { header: 'x-event' } })).toEqual({
      ...presets.stripe,
      event: { header: 'x-event' },
    })
  })
})
