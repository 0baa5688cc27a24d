import { describe, expect, it } from 'vitest'
import { type Attempt, nowhereText, placedText, withAttempt } from '../../../src/core/model/attempts.ts'
import { refusal } from '../../../src/core/model/run-task-errors.ts'

const both = ['subnet-a', 'subnet-b']
const tried = (capacity: string, subnets: readonly string[], outcome: Attempt['outcome'], round = 0): Attempt => ({
  ...{ capacity, subnets, outcome, round, attempt: 0, at: 0 },
})
const noSpot = [both, ['subnet-a'], ['subnet-b']].map((subnets) => tried('FARGATE_SPOT', subnets, 'capacity'))

describe('where a run was started', () => {
  it.each<[string, readonly Attempt[], string | undefined]>([
    ['at once', [tried('FARGATE', both, 'started')], undefined],
    ['nowhere', noSpot, undefined],
    ['before there was anything', [], undefined],
    ['on demand', [...noSpot, tried('FARGATE', both, 'started')], 'on demand: no Spot capacity in 2 subnets'],
    [
      'on demand, in one of its subnets',
      [...noSpot, tried('FARGATE', both, 'capacity'), tried('FARGATE', ['subnet-a'], 'started')],
      'on demand: no Spot capacity in 2 subnets',
    ],
    [
      'in one subnet of two',
      [tried('FARGATE', both, 'capacity'), tried('FARGATE', ['subnet-a'], 'started')],
      'on demand in subnet-a: no on-demand capacity in 2 subnets',
    ],
    [
      'in one subnet, where the other is wrong',
      [tried('FARGATE', both, 'subnet'), tried('FARGATE', ['subnet-a'], 'started')],
      'on demand in subnet-a: on-demand was refused',
    ],
    [
      'on a capacity provider of its own',
      [tried('FARGATE_SPOT', ['s'], 'capacity-provider'), tried('gpu', ['s'], 'started')],
      'on gpu: Spot was refused',
    ],
    [
      'where it was asked for, after a call that got lost',
      [tried('FARGATE', ['s'], 'lost'), tried('FARGATE', ['s'], 'started')],
      undefined,
    ],
    [
      'where it was asked for, after a round that is over',
      [...noSpot, tried('FARGATE', both, 'capacity'), tried('FARGATE_SPOT', both, 'started', 1)],
      undefined,
    ],
  ])('%s', (_, attempts, text) => {
    expect(placedText(attempts)).toBe(text)
  })

  it('is not known of a run that is older than the list', () => {
    expect(placedText(undefined)).toBeUndefined()
  })
})

describe('why no place would do', () => {
  it('names every capacity that is full, and the subnets once', () => {
    const all = [...noSpot, tried('FARGATE', both, 'capacity')]
    expect(nowhereText(all, refusal('capacity', 'x'))).toBe('no Spot and on-demand capacity in 2 subnets')
    const three = [...all, tried('gpu', both, 'capacity')]
    expect(nowhereText(three, refusal('capacity', 'x'))).toBe('no Spot, on-demand, gpu capacity in 2 subnets')
    expect(nowhereText([tried('FARGATE', ['s'], 'capacity')], refusal('capacity', 'x'))).toBe(
      'no on-demand capacity in 1 subnet',
    )
  })
  it('is the last refusal where there were others among them', () => {
    const mixed = [tried('FARGATE_SPOT', both, 'capacity'), tried('FARGATE', both, 'agent')]
    expect(nowhereText(mixed, refusal('agent', 'x'))).toBe('no instance of the cluster answers')
  })
})

it('thirty attempts are kept, the newest', () => {
  const many = Array.from({ length: 40 }, (_, attempt) => ({ ...tried('FARGATE', ['s'], 'capacity'), attempt }))
  const kept = many.reduce<readonly Attempt[]>(withAttempt, [])
  expect(kept).toHaveLength(30)
  expect(kept[0]?.attempt).toBe(10)
  expect(kept.at(-1)?.attempt).toBe(39)
})

describe('of what was tried before in the same round', () => {
  it('a start that was found by its token counts for nothing', () => {
    const found = [tried('FARGATE_SPOT', both, 'started'), tried('FARGATE', both, 'started')]
    expect(placedText(found)).toBeUndefined()
  })
  it('only the same capacity says that it became narrower', () => {
    const narrower = [tried('FARGATE', both, 'started'), tried('FARGATE', ['subnet-a'], 'started')]
    expect(placedText(narrower)).toBeUndefined()
  })
})
