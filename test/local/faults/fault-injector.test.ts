import { describe, expect, it } from 'vitest'
import { createFaultInjector } from '../../../src/local/faults/fault-injector.ts'
import type { Fault, FaultContext } from '../../../src/local/faults/fault-kinds.ts'

const throttled: Fault = { kind: 'error', type: 'ThrottlingException', message: 'Rate exceeded', status: 400 }
const runTask: FaultContext = { action: 'RunTask', subnets: ['a', 'b'], capacity: 'FARGATE' }

describe('createFaultInjector', () => {
  it('injects faults as often and in the order in which they were added, each at its injection point', () => {
    const injected: string[] = []
    const faults = createFaultInjector({ onInject: ({ kind }) => injected.push(kind) })
    faults.inject({ kind: 'lost' }, 2)
    faults.inject(throttled)
    faults.inject({ kind: 'event-lost' })
    for (let call = 0; call < 4; call += 1) faults.take('call', runTask)
    expect(injected).toEqual(['lost', 'lost', 'error'])
    expect(faults.take('event', { lastStatus: 'RUNNING' })).toEqual({ kind: 'event-lost' })
    expect(faults.pending()).toEqual([])
  })

  it.each<[string, Parameters<ReturnType<typeof createFaultInjector>['inject']>[2], boolean]>([
    ['no filter, which means RunTask', {}, true],
    ['another action', { action: 'StopTask' }, false],
    ['one of the subnets', { subnet: 'b' }, true],
    ['another subnet', { subnet: 'c' }, false],
    ['the capacity', { capacity: 'FARGATE' }, true],
    ['another capacity', { capacity: 'FARGATE_SPOT' }, false],
    ['a condition that the injection point does not have', { lastStatus: 'STOPPED' }, false],
  ])('filter with %s', (_, filter, matches) => {
    const faults = createFaultInjector()
    faults.inject(throttled, 1, filter)
    expect(faults.take('call', runTask) !== undefined).toBe(matches)
  })

  it('injects a fault with a probability at the same calls for the same seed, until it is removed', () => {
    const injectedCalls = (seed: number) => {
      const faults = createFaultInjector({ seed })
      const remove = faults.inject(throttled, undefined, { probability: 0.2 })
      const injected = Array.from({ length: 1000 }, () => faults.take('call', runTask) !== undefined)
      remove()
      expect(faults.pending()).toEqual([])
      return injected
    }
    expect(injectedCalls(7)).toEqual(injectedCalls(7))
    expect(injectedCalls(7)).not.toEqual(injectedCalls(8))
    const count = injectedCalls(7).filter(Boolean).length
    expect(count).toBeGreaterThan(150)
    expect(count).toBeLessThan(250)
  })

  it('adds up the clock faults, until they are removed', () => {
    const faults = createFaultInjector()
    const remove = faults.inject({ kind: 'clock', ms: 400_000 })
    faults.inject({ kind: 'clock', ms: -1000 })
    expect(faults.clockSkew()).toBe(399_000)
    remove()
    expect(faults.clockSkew()).toBe(-1000)
    faults.clear()
    expect(faults.clockSkew()).toBe(0)
  })
})
