import { describe, expect, it } from 'vitest'
import { makePlan } from '../../../src/core/routing/make-plan.ts'
import { placesOf } from '../../../src/core/routing/places.ts'
import { context, params, task } from './plan-fixtures.ts'

describe('placesOf', () => {
  it('lists each capacity in all subnets, then in each subnet alone', () => {
    expect(placesOf(makePlan(task(), params, context))).toEqual([
      { capacity: 'FARGATE_SPOT', subnets: ['subnet-a', 'subnet-b'] },
      { capacity: 'FARGATE_SPOT', subnets: ['subnet-a'] },
      { capacity: 'FARGATE_SPOT', subnets: ['subnet-b'] },
      { capacity: 'FARGATE', subnets: ['subnet-a', 'subnet-b'] },
      { capacity: 'FARGATE', subnets: ['subnet-a'] },
      { capacity: 'FARGATE', subnets: ['subnet-b'] },
    ])
  })

  it('lists a single subnet only once', () => {
    expect(placesOf(makePlan(task({ subnets: ['subnet-a'], capacity: ['FARGATE'] }), params, context))).toEqual([
      { capacity: 'FARGATE', subnets: ['subnet-a'] },
    ])
  })
})
