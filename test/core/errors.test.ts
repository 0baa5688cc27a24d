import { describe, expect, it } from 'vitest'
import {
  BadRequest,
  type ErrorCode,
  httpStatusOf,
  NotPublic,
  TaskhookError,
  toPublicError,
  Unauthorized,
  Unprocessable,
} from '../../src/core/errors.ts'

const codes = Object.keys(httpStatusOf) as ErrorCode[]
const ownFailures: readonly ErrorCode[] = ['internal', 'unavailable']
const failed = 'taskhook failed; its log says why'

describe('toPublicError', () => {
  it.each(codes.filter((code) => !ownFailures.includes(code)))('passes on the text of %s', (code) => {
    const problems = [{ path: 'depth', message: 'is 99' }]
    expect(toPublicError(new TaskhookError(code, 'the text', { problems, retryAfter: 7 }))).toEqual({
      ...{ code, status: httpStatusOf[code], text: 'the text', problems, retryAfter: 7 },
      isFailure: false,
    })
  })

  it.each(ownFailures)('hides the text of %s', (code) => {
    expect(toPublicError(new TaskhookError(code, 'secret details'))).toMatchObject({
      ...{ code, status: httpStatusOf[code], text: failed, isFailure: true },
    })
  })

  it.each([new Error('secret details'), new NotPublic('secret details'), 'secret details', undefined, null])(
    'counts %s, which is not of the family, as internal',
    (thrown) => {
      expect(toPublicError(thrown)).toEqual({
        ...{ code: 'internal', status: 500, text: failed, problems: [], retryAfter: undefined, isFailure: true },
      })
    },
  )

  it('never shows why a sender was not authenticated', () => {
    const { text, status } = toPublicError(new Unauthorized('the timestamp is 301 s off'))
    expect([status, text]).toEqual([401, 'invalid signature'])
  })

  it('shows a pause, although it is a 503', () => {
    expect(toPublicError(new TaskhookError('paused', 'job is paused', { retryAfter: 60 }))).toMatchObject({
      ...{ status: 503, text: 'job is paused', retryAfter: 60, isFailure: false },
    })
  })
})

describe('the error family', () => {
  it('keeps the cause', () => {
    const cause = new Error('why')
    expect([new BadRequest('x', cause).cause, new TaskhookError('gone', 'x', { cause }).cause]).toEqual([cause, cause])
    expect('cause' in new BadRequest('x', undefined)).toBe(false)
  })

  it.each([
    [new Unauthorized('x'), 'Unauthorized', 401],
    [new BadRequest('x'), 'BadRequest', 400],
    [new Unprocessable('x', []), 'Unprocessable', 422],
  ])('names itself in logs: %s', (error, name, status) => {
    expect([error.name, httpStatusOf[error.code], error instanceof TaskhookError]).toEqual([name, status, true])
  })
})
