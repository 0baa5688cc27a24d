import { describe, expect, it } from 'vitest'
import { createOncePer } from '../../../src/core/http/once-a-second.ts'

const limiterAt = (every: number) => {
  let now = 1_700_000_000_000
  const turn = (ms: number) => {
    now += ms
  }
  return { takes: createOncePer(() => now, every), turn }
}

describe('a limiter', () => {
  it('takes one, and the next when its time has passed', () => {
    const { takes, turn } = limiterAt(1000)
    expect(takes('a')).toBe(true)
    expect(takes('a')).toBe(false)
    turn(999)
    expect(takes('a')).toBe(false)
    turn(1)
    expect(takes('a')).toBe(true)
    expect(takes('a')).toBe(false)
  })

  it('what was refused does not count: whoever asks all the time is not kept out for ever', () => {
    const { takes, turn } = limiterAt(1000)
    expect(takes('a')).toBe(true)
    for (let time = 0; time < 9; time++) {
      turn(100)
      expect(takes('a')).toBe(false)
    }
    turn(100)
    expect(takes('a')).toBe(true)
  })

  it('keeps its keys apart, whatever they are called', () => {
    const { takes } = limiterAt(1000)
    for (const key of ['a', 'b', '', '__proto__', 'constructor']) expect(takes(key)).toBe(true)
    for (const key of ['a', 'b', '', '__proto__', 'constructor']) expect(takes(key)).toBe(false)
  })

  it('takes everything at the beginning of time', () => {
    expect(createOncePer(() => 0, 1000)('a')).toBe(true)
  })

  it('forgets the oldest of more than a thousand, and no other', () => {
    const { takes } = limiterAt(1000)
    for (let key = 0; key < 1000; key++) takes(`${key}`)
    expect(takes('0')).toBe(false)
    takes('one more')
    expect(takes('1')).toBe(false)
    expect(takes('999')).toBe(false)
    expect(takes('0')).toBe(true)
  })

  it('the oldest is who has told nothing for the longest', () => {
    const { takes, turn } = limiterAt(1000)
    for (let key = 0; key < 1000; key++) takes(`${key}`)
    turn(1000)
    expect(takes('0')).toBe(true)
    takes('one more')
    expect(takes('0')).toBe(false)
  })
})
