import { describe, expect, it } from 'vitest'
import type { Answer, RunView } from '../../../src/core/adapter.ts'
import { BadRequest, TaskhookError, Unauthorized } from '../../../src/core/errors.ts'
import { deliveryContext, logOfAnswer, logOfError } from '../../../src/core/receive/delivery-log.ts'

const run: RunView = {
  ...{ run: 'r', task: 'job', status: 'queued', params: {}, statusUrl: 'https://a.b/', createdAt: '2026-03-01' },
}

describe('logOfAnswer', () => {
  // Operators alarm on these values.
  it.each<[string, Answer]>([
    ['accepted', { kind: 'accepted', runs: [run], fresh: true }],
    ['duplicate', { kind: 'accepted', runs: [run], fresh: false }],
    ['help', { kind: 'help', command: '/x', tasks: [] }],
    ['help', { kind: 'recent', runs: [] }],
    ['asked', { kind: 'params-requested', command: '/x', problems: [] }],
    ['errand', { kind: 'deferred' }],
    ['controlled', { kind: 'action', verb: 'cancel', by: 'ann', run }],
  ])('says %s', (outcome, answer) => {
    expect(logOfAnswer(answer)).toEqual({ outcome })
  })

  it('says why nothing was started', () => {
    expect(logOfAnswer({ kind: 'ignored', reason: 'no route' })).toEqual({ outcome: 'ignored', reason: 'no route' })
    expect(logOfAnswer({ kind: 'refused', status: 422, title: 'wrong', problems: [] })).toEqual({
      ...{ outcome: 'refused', reason: 'wrong' },
    })
  })
})

describe('logOfError', () => {
  it.each([
    ['a wrong signature', new Unauthorized('no signature header'), 'unauthorized', 'no signature header'],
    ['a request of the sender', new BadRequest('the body is not valid JSON'), 'refused', 'the body is not valid JSON'],
    ['a pause', new TaskhookError('paused', 'job is paused'), 'refused', 'job is paused'],
  ])('says why %s was refused', (_, error, outcome, reason) => {
    expect(logOfError(error)).toEqual({ log: { outcome, reason } })
  })

  it.each([new Error('the table is gone'), new TaskhookError('unavailable', 'secret env:X: is not set'), 'text'])(
    'leaves our own failure to a line of its own: %s',
    (error) => {
      expect(logOfError(error)).toEqual({
        log: { outcome: 'failed', reason: 'see the error before this line' },
        failure: error,
      })
    },
  )
})

it('deliveryContext has only the fields by which lines are found', () => {
  const log = { source: 's', runs: ['r'], trace: 't' }
  expect(deliveryContext({ ...log, actor: 'ann', reason: 'x' })).toEqual(log)
  expect(deliveryContext({})).toEqual({})
})
