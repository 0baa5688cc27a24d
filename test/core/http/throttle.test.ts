import { describe, expect, it } from 'vitest'
import { createThrottle } from '../../../src/core/http/throttle.ts'

const throttleAt = (intervalMs: number) => {
  let now = 1_700_000_000_000
  const advance = (ms: number) => {
    now += ms
  }
  return { passes: createThrottle(() => now, intervalMs), advance }
}

describe('createThrottle', () => {
  it('passes one call, and the next after the interval', () => {
    const { passes, advance } = throttleAt(1000)
    expect(passes('a')).toBe(true)
    expect(passes('a')).toBe(false)
    advance(999)
    expect(passes('a')).toBe(false)
    advance(1)
    expect(passes('a')).toBe(true)
    expect(passes('a')).toBe(false)
  })

  it('does not count rejected calls: a key that never stops calling passes again', () => {
    const { passes, advance } = throttleAt(1000)
    expect(passes('a')).toBe(true)
    for (let time = 0; time < 9; time++) {
      advance(100)
      expect(passes('a')).toBe(false)
    }
    advance(100)
    expect(passes('a')).toBe(true)
  })

  it('keeps keys apart, whatever they are called', () => {
    const { passes } = throttleAt(1000)
    for (const key of ['a', 'b', '', '__proto__', 'constructor']) expect(passes(key)).toBe(true)
    for (const key of ['a', 'b', '', '__proto__', 'constructor']) expect(passes(key)).toBe(false)
  })

  it('passes the first call at time 0', () => {
    expect(createThrottle(() => 0, 1000)('a')).toBe(true)
  })

  it('forgets the oldest of more than 1000 keys, and no other', () => {
    const { passes } = throttleAt(1000)
    for (let key = 0; key < 1000; key++) passes(`${key}`)
    expect(passes('0')).toBe(false)
    passes('one more')
    expect(passes('1')).toBe(false)
    expect(passes('999')).toBe(false)
    expect(passes('0')).toBe(true)
  })

  it('counts as oldest the key that passed the longest ago', () => {
    const { passes, advance } = throttleAt(1000)
    for (let key = 0; key < 1000; key++) passes(`${key}`)
    advance(1000)
    expect(passes('0')).toBe(true)
    passes('one more')
    expect(passes('0')).toBe(false)
  })
})
