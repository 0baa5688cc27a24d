import { describe, expect, it } from 'vitest'
import { approvalDeadline } from '../../../src/core/model/approval-window.ts'
import type { Plan } from '../../../src/core/model/plan.ts'

const plan = { approval: { from: ['ann'], expires: 60 } } as unknown as Plan
const waiting = { plan, createdAt: 1000, status: 'queued' } as const

describe('approvalDeadline', () => {
  it('is as many seconds after the creation as the route says', () => {
    expect(approvalDeadline(waiting)).toBe(61_000)
  })

  it.each([
    ['needs no approval', { plan: {} as unknown as Plan }],
    ['was approved', { approvedBy: 'ann' }],
    ['has a task', { taskArn: 'arn:aws:ecs:eu-west-1:1:task/a/b' }],
    ['has ended', { status: 'cancelled' as const }],
  ])('is undefined for a run that %s', (_, change) => {
    expect(approvalDeadline({ ...waiting, ...change })).toBeUndefined()
  })
})
