import { describe, expect, it } from 'vitest'
import { createFaults } from '../../../src/local/faults/fault-injector.ts'
import type { Circumstances, Fault } from '../../../src/local/faults/fault-kinds.ts'

const busy: Fault = { kind: 'error', type: 'ThrottlingException', message: 'Rate exceeded', status: 400 }
const runTask: Circumstances = { action: 'RunTask', subnets: ['a', 'b'], capacity: 'FARGATE' }

describe('faults', () => {
  it('strike as often as they were asked for, in that order, each at its moment', () => {
    const struck: string[] = []
    const faults = createFaults({ onStrike: ({ kind }) => struck.push(kind) })
    faults.next({ kind: 'lost' }, 2)
    faults.next(busy)
    faults.next({ kind: 'event-lost' })
    for (let call = 0; call < 4; call += 1) faults.take('call', runTask)
    expect(struck).toEqual(['lost', 'lost', 'error'])
    expect(faults.take('event', { lastStatus: 'RUNNING' })).toEqual({ kind: 'event-lost' })
    expect(faults.list()).toEqual([])
  })

  it.each<[string, Parameters<ReturnType<typeof createFaults>['next']>[2], boolean]>([
    ['RunTask is meant where nothing is said', {}, true],
    ['another action', { action: 'StopTask' }, false],
    ['one of the subnets', { subnet: 'b' }, true],
    ['another subnet', { subnet: 'c' }, false],
    ['the capacity', { capacity: 'FARGATE' }, true],
    ['another capacity', { capacity: 'FARGATE_SPOT' }, false],
    ['what this moment does not have', { lastStatus: 'STOPPED' }, false],
  ])('%s', (_, when, strikes) => {
    const faults = createFaults()
    faults.next(busy, 1, when)
    expect(faults.take('call', runTask) !== undefined).toBe(strikes)
  })

  it('a probability strikes so often, at the same calls for the same seed, until it is taken back', () => {
    const throws = (seed: number) => {
      const faults = createFaults({ seed })
      const back = faults.next(busy, undefined, { probability: 0.2 })
      const struck = Array.from({ length: 1000 }, () => faults.take('call', runTask) !== undefined)
      back()
      expect(faults.list()).toEqual([])
      return struck
    }
    expect(throws(7)).toEqual(throws(7))
    expect(throws(7)).not.toEqual(throws(8))
    const count = throws(7).filter(Boolean).length
    expect(count).toBeGreaterThan(150)
    expect(count).toBeLessThan(250)
  })

  it('the clock is off by all that was asked for, as long as it stays', () => {
    const faults = createFaults()
    const back = faults.next({ kind: 'clock', ms: 400_000 })
    faults.next({ kind: 'clock', ms: -1000 })
    expect(faults.skew()).toBe(399_000)
    back()
    expect(faults.skew()).toBe(-1000)
    faults.clear()
    expect(faults.skew()).toBe(0)
  })
})
