import { describe, expect, it } from 'vitest'
import { BadRequest, TaskhookError, Unauthorized, Unprocessable } from '../../../src/core/errors.ts'
import { errorReply, problemReply } from '../../../src/core/http/json-reply.ts'

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
  ])('replies to %s with %d', (error, status, detail) => {
    const reply = errorReply(error)
    expect(reply.status).toBe(status)
    expect(reply.headers['content-type']).toBe('application/problem+json')
    expect(JSON.parse(reply.body)).toMatchObject({ type: 'about:blank', status, detail })
  })

  it('hides why a signature was rejected', () => {
    const replies = ['no signature header', 'the timestamp is 301 s off'].map((why) =>
      errorReply(new Unauthorized(why)),
    )
    expect(replies[0]).toEqual(replies[1])
  })
})

describe('problemReply', () => {
  it('lists problems only if there are any', () => {
    expect(JSON.parse(problemReply(400, 'x').body)).not.toHaveProperty('problems')
    expect(JSON.parse(problemReply(418, 'x').body)).toMatchObject({ title: 'Error' })
  })

  it('says when to try again', () => {
    expect(problemReply(429, 'x', [], 7).headers['retry-after']).toBe('7')
    expect(problemReply(429, 'x').headers).not.toHaveProperty('retry-after')
  })
})
