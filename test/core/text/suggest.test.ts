import { describe, expect, it } from 'vitest'
import { didYouMean } from '../../../src/core/text/suggest.ts'

describe('didYouMean', () => {
  const known = ['push', 'pull_request', 'dataset', 'on', 'depth']
  it.each([
    ['psh', 'push'],
    ['psuh', 'push'],
    ['detph', 'depth'],
    ['Push', 'push'],
    ['pushes', undefined],
    ['pull_requst', 'pull_request'],
    ['pullrequest', 'pull_request'],
    ['pull-request', 'pull_request'],
    ['datasett', 'dataset'],
    ['om', 'on'],
    ['xy', undefined],
    ['', undefined],
    ['something else', undefined],
    ['d'.repeat(65), undefined],
  ])('suggests for %j: %s', (word, best) => {
    expect(didYouMean(word, known)).toBe(best === undefined ? '' : `; did you mean "${best}"?`)
  })

  it('is empty if there are no known words', () => {
    expect(didYouMean('push', [])).toBe('')
  })
})
