import { describe, expect, it } from 'vitest'
import type { Attempt } from '../../../src/core/model/attempts.ts'
import { refusal } from '../../../src/core/model/run-task-errors.ts'
import { noPlaceText, placementText } from '../../../src/core/text/placement.ts'

const both = ['subnet-a', 'subnet-b']
const tried = (capacity: string, subnets: readonly string[], outcome: Attempt['outcome'], round = 0): Attempt => ({
  ...{ capacity, subnets, outcome, round, attempt: 0, at: 0 },
})
const noSpot = [both, ['subnet-a'], ['subnet-b']].map((subnets) => tried('FARGATE_SPOT', subnets, 'capacity'))

describe('placementText', () => {
  it.each<[string, readonly Attempt[], string | undefined]>([
    ['is empty if the first place accepted it', [tried('FARGATE', both, 'started')], undefined],
    ['is empty if no place accepted it', noSpot, undefined],
    ['is empty before the first attempt', [], undefined],
    ['names the capacity', [...noSpot, tried('FARGATE', both, 'started')], 'on demand: no Spot capacity in 2 subnets'],
    [
      'names the capacity only, if it also changed the subnet',
      [...noSpot, tried('FARGATE', both, 'capacity'), tried('FARGATE', ['subnet-a'], 'started')],
      'on demand: no Spot capacity in 2 subnets',
    ],
    [
      'names the subnet, if only that changed',
      [tried('FARGATE', both, 'capacity'), tried('FARGATE', ['subnet-a'], 'started')],
      'on demand in subnet-a: no on-demand capacity in 2 subnets',
    ],
    [
      'says that the wider place was refused',
      [tried('FARGATE', both, 'subnet'), tried('FARGATE', ['subnet-a'], 'started')],
      'on demand in subnet-a: on-demand was refused',
    ],
    [
      'names a capacity provider',
      [tried('FARGATE_SPOT', ['s'], 'capacity-provider'), tried('gpu', ['s'], 'started')],
      'on gpu: Spot was refused',
    ],
    [
      'is empty if a lost call was repeated in the same place',
      [tried('FARGATE', ['s'], 'lost'), tried('FARGATE', ['s'], 'started')],
      undefined,
    ],
    [
      'is empty if only an earlier round was refused',
      [...noSpot, tried('FARGATE', both, 'capacity'), tried('FARGATE_SPOT', both, 'started', 1)],
      undefined,
    ],
  ])('%s', (_, attempts, text) => {
    expect(placementText(attempts)).toBe(text)
  })

  it('is empty for a run without a list of attempts', () => {
    expect(placementText(undefined)).toBeUndefined()
  })
})

describe('noPlaceText', () => {
  it('names every capacity that is full, and counts each subnet once', () => {
    const all = [...noSpot, tried('FARGATE', both, 'capacity')]
    expect(noPlaceText(all, refusal('capacity', 'x'))).toBe('no Spot and on-demand capacity in 2 subnets')
    const three = [...all, tried('gpu', both, 'capacity')]
    expect(noPlaceText(three, refusal('capacity', 'x'))).toBe('no Spot, on-demand, gpu capacity in 2 subnets')
    expect(noPlaceText([tried('FARGATE', ['s'], 'capacity')], refusal('capacity', 'x'))).toBe(
      'no on-demand capacity in 1 subnet',
    )
  })
  it('is the last refusal if not all places were full', () => {
    const mixed = [tried('FARGATE_SPOT', both, 'capacity'), tried('FARGATE', both, 'agent')]
    expect(noPlaceText(mixed, refusal('agent', 'x'))).toBe('no container instance of the cluster responds')
  })
})

describe('earlier attempts of the same round', () => {
  it('do not count if they started the task', () => {
    const found = [tried('FARGATE_SPOT', both, 'started'), tried('FARGATE', both, 'started')]
    expect(placementText(found)).toBeUndefined()
  })
  it('show a narrower place only if they were refused on the same capacity', () => {
    const narrower = [tried('FARGATE', both, 'started'), tried('FARGATE', ['subnet-a'], 'started')]
    expect(placementText(narrower)).toBeUndefined()
  })
})
