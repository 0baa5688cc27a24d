import { describe, expect, it } from 'vitest'
import {
  messageBody,
  parseMessage,
  type QueueMessage,
  queueAgeMs,
  retryDelaySeconds,
} from '../../../src/core/model/queue-messages.ts'

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
    { verb: 'errand', ...deferred, what: 1, source: 2 },
    { verb: 'errand', ...deferred, what: 1, key: 2 },
    { verb: 'errand', ...deferred, what: 1, origin: 2 },
    { verb: 'progress', run, report: 'x', at: 2 },
  ])('is dropped if it is incomplete: %j', (stored) => {
    expect(parseMessage(JSON.stringify(stored))).toBeUndefined()
  })

  it('names somebody if it does not say who', () => {
    expect(parseMessage(JSON.stringify({ verb: 'cancel', run }))).toEqual({ kind: 'cancel', run, by: 'somebody' })
  })
})

describe('retryDelaySeconds', () => {
  it('starts at 15 seconds, doubles, and ends at 15 minutes', () => {
    expect([0, 1, 2, 3, 6, 7, 8, 10].map(retryDelaySeconds)).toEqual([15, 15, 30, 60, 480, 900, 900, 900])
  })
})

describe('queueAgeMs', () => {
  const record = { messageId: 'm', body: '' }
  const sent = { ...record, attributes: { SentTimestamp: '1000' } }

  it('is the time since the message was sent', () => {
    expect(queueAgeMs(sent, 5000)).toBe(4000)
  })

  it('does not include the delay with which it was sent', () => {
    expect(queueAgeMs({ ...sent, messageAttributes: { delay: { stringValue: '3' } } }, 5000)).toBe(1000)
    expect(queueAgeMs({ ...sent, messageAttributes: { other: { stringValue: '3' } } }, 5000)).toBe(4000)
    expect(queueAgeMs({ ...sent, messageAttributes: { delay: {} } }, 5000)).toBe(4000)
  })

  it('is never negative', () => {
    expect(queueAgeMs({ ...sent, messageAttributes: { delay: { stringValue: '9' } } }, 5000)).toBe(0)
  })

  it('is unknown if the message does not say when it was sent', () => {
    expect(queueAgeMs(record, 5000)).toBeUndefined()
    expect(queueAgeMs({ ...record, attributes: {} }, 5000)).toBeUndefined()
  })
})
