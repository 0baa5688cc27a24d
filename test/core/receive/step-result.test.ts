import { describe, expect, it } from 'vitest'
import { TaskhookError, Unprocessable } from '../../../src/core/errors.ts'
import { refuse, type StepResult, withLog } from '../../../src/core/receive/step-result.ts'

const answer = { kind: 'deferred' } as const
const failing = (error: unknown) => async (): Promise<StepResult> => {
  throw error
}

describe('withLog', () => {
  it('adds its fields to what the step logs', async () => {
    const step = async () => ({ answer, log: { runs: ['b'] } })
    expect(await withLog({ event: 'push', runs: ['a'] }, step)).toEqual({ answer, log: { event: 'push', runs: ['b'] } })
  })

  it('logs its fields if the step is refused', async () => {
    const problems = [{ path: 'depth', message: 'is 99' }]
    expect(await withLog({ event: 'push' }, failing(new Unprocessable('wrong', problems)))).toEqual({
      answer: { kind: 'refused', status: 422, title: 'wrong', problems },
      log: { event: 'push', outcome: 'refused', reason: 'wrong' },
      failure: undefined,
    })
  })

  it('logs the fields of every step around one that fails, and passes on the failure', async () => {
    const error = new Error('the table is gone')
    const inner = () => withLog({ runs: ['a'] }, failing(error))
    expect(await withLog({ event: 'push' }, inner)).toEqual({
      answer: { kind: 'refused', status: 500, title: 'taskhook failed; its log says why', problems: [] },
      log: { event: 'push', runs: ['a'], outcome: 'failed', reason: 'see the error before this line' },
      failure: error,
    })
  })
})

describe('refuse', () => {
  it('says when to try again', () => {
    const { answer } = refuse(new TaskhookError('too-many', 'too many', { retryAfter: 9 }))
    expect(answer).toEqual({ kind: 'refused', status: 429, title: 'too many', problems: [], retryAfter: 9 })
  })
})
