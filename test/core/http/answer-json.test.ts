import { describe, expect, it } from 'vitest'
import type { Answer, RunView } from '../../../src/core/adapter.ts'
import { answerReply, runJson } from '../../../src/core/http/answer-json.ts'

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
    [
      'parameters requested',
      { kind: 'params-requested', command: '/x', problems: [{ path: 'depth', message: 'is missing' }] },
      422,
      {
        type: 'about:blank',
        title: 'Unprocessable Content',
        status: 422,
        detail: 'parameters are missing',
        problems: [{ path: 'depth', message: 'is missing' }],
      },
    ],
    ['deferred work', { kind: 'deferred' }, 202, { status: 'accepted' }],
    ['an action', { kind: 'action', verb: 'cancel', by: 'ann', run: view }, 200, view],
    ['the latest runs', { kind: 'recent', runs: [view] }, 200, { runs: [view] }],
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
  ])('answers: %s', (_, answer, status, body) => {
    const reply = answerReply(answer)
    expect({ status: reply.status, body: JSON.parse(reply.body) }).toEqual({ status, body })
    expect(reply.headers['cache-control']).toBe('no-store')
    expect(reply.headers['content-type']).toBe(status === 422 ? 'application/problem+json' : 'application/json')
  })
})

describe('runJson', () => {
  it('has the keys that scripts depend on', () => {
    const whole: RunView = { ...view, exitCode: 0, reason: 'r', startedAt: 's', stoppedAt: 'e', taskArn: 'arn' }
    expect(runJson(whole)).toEqual(whole)
    expect(JSON.parse(JSON.stringify(runJson(view)))).toEqual(view)
  })
})
