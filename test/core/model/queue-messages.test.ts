import { describe, expect, it } from 'vitest'
import { messageBody, parseMessage, type QueueMessage } from '../../../src/core/model/queue-messages.ts'

const run = '0123456789abcdef0123'

describe('parseMessage', () => {
  it('reads a message that was sent', () => {
    expect(parseMessage(messageBody({ kind: 'start', run }))).toEqual({ kind: 'start', run })
  })

  it('keeps no unknown fields', () => {
    expect(parseMessage(JSON.stringify({ verb: 'start', run, token: 'x' }))).toEqual({ kind: 'start', run })
  })

  it.each([
    '',
    'start',
    'null',
    '3',
    '[]',
    '{}',
    '{"verb":"start"}',
    `{"run":"${run}"}`,
    `{"verb":"stop","run":"${run}"}`,
    `{"verb":"START","run":"${run}"}`,
    '{"verb":"start","run":3}',
    '{"verb":"start","run":null}',
    '{"verb":"start","run":"x"}',
    `{"verb":"start","run":"${run}x"}`,
    `{"verb":"start","run":["${run}"]}`,
    '{"verb":"start","run":"run#0123456789abcdef"}',
  ])('%j was not sent by taskhook', (body) => {
    expect(parseMessage(body)).toBeUndefined()
  })
})

describe('a message in the queue', () => {
  const deferred = { source: 'slack', key: 'k', origin: 'https://x' }

  it.each<[QueueMessage, object]>([
    [
      { kind: 'start', run },
      { verb: 'start', run },
    ],
    [
      { kind: 'notify', run },
      { verb: 'tell', run },
    ],
    [
      { kind: 'cancel', run, by: 'ann' },
      { verb: 'cancel', run, by: 'ann' },
    ],
    [
      { kind: 'reject', run, by: 'ann' },
      { verb: 'reject', run, by: 'ann' },
    ],
    [
      { kind: 'approve', run, by: 'ann', actor: 'U1' },
      { verb: 'approve', run, by: 'ann', actor: 'U1' },
    ],
    [
      { kind: 'progress', run, report: { percent: 1 }, at: 2 },
      { verb: 'progress', run, report: { percent: 1 }, at: 2 },
    ],
    [
      { kind: 'deferred', ...deferred, work: { a: 1 } },
      { verb: 'errand', ...deferred, what: { a: 1 } },
    ],
  ])('has the same form in every version: %j', (message, stored) => {
    expect(JSON.parse(messageBody(message))).toEqual(stored)
    expect(parseMessage(JSON.stringify(stored))).toEqual(message)
  })

  it.each([
    { verb: 'approve', run, by: 'ann' },
    { verb: 'progress', run, report: null, at: 2 },
    { verb: 'progress', run, report: {}, at: '2' },
    { verb: 'errand', ...deferred },
    { verb: 'errand', ...deferred, what: 1, key: 2 },
  ])('is dropped if it is incomplete: %j', (stored) => {
    expect(parseMessage(JSON.stringify(stored))).toBeUndefined()
  })

  it('names somebody if it does not say who', () => {
    expect(parseMessage(JSON.stringify({ verb: 'cancel', run }))).toEqual({ kind: 'cancel', run, by: 'somebody' })
  })
})
