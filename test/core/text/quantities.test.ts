import { expect, it } from 'vitest'
import type { Rate } from '../../../src/core/model/token-bucket.ts'
import { rateText } from '../../../src/core/text/quantities.ts'

it.each<[Rate, string]>([
  [{ count: 60, per: 'm', burst: 60 }, '60 runs a minute'],
  [{ count: 1, per: 'h', burst: 1 }, '1 run an hour'],
  [{ count: 10, per: 's', burst: 5 }, '10 runs a second'],
])('%j is %s', (rate, text) => {
  expect(rateText(rate)).toBe(text)
})
