import { expect, it } from 'vitest'
import { type Attempt, withAttempt } from '../../../src/core/model/attempts.ts'

const attempt: Attempt = { capacity: 'FARGATE', subnets: ['s'], outcome: 'capacity', round: 0, attempt: 0, at: 0 }

it('keeps the newest thirty attempts', () => {
  const many = Array.from({ length: 40 }, (_, count) => ({ ...attempt, attempt: count }))
  const kept = many.reduce<readonly Attempt[]>(withAttempt, [])
  expect(kept).toHaveLength(30)
  expect(kept[0]?.attempt).toBe(10)
  expect(kept.at(-1)?.attempt).toBe(39)
})
