import { describe, expect, it } from 'vitest'
import { activePauses, allTasks, type Pause, pauseKey, pauseOf, pauseSeconds } from '../../../src/core/model/pause.ts'

const pause = (message: string, until?: number): Pause => ({
  ...{ message, by: 'ann', since: 0 },
  ...(until !== undefined && { until }),
})

it('pauses have the same names in every version, since the table keeps them', () => {
  expect([pauseKey, allTasks]).toEqual(['pause', '*'])
})

describe('activePauses', () => {
  it('are those whose end is yet to come, and those without an end', () => {
    const pauses = { open: pause('open'), later: pause('later', 1001), now: pause('now', 1000) }
    expect(activePauses(pauses, 1000)).toEqual({ open: pauses.open, later: pauses.later })
  })
})

describe('pauseOf', () => {
  const all = pause('all')
  const own = pause('own', 1000)

  it("is the task's own pause, else that of all tasks", () => {
    const pauses = { [allTasks]: all, analyze: own }
    expect(pauseOf(pauses, 'analyze', 999)).toBe(own)
    expect(pauseOf(pauses, 'report', 999)).toBe(all)
    expect(pauseOf({ analyze: own }, 'report', 999)).toBeUndefined()
  })

  it('is that of all tasks once the own one has ended', () => {
    expect(pauseOf({ [allTasks]: all, analyze: own }, 'analyze', 1000)).toBe(all)
    expect(pauseOf({ analyze: own }, 'analyze', 1000)).toBeUndefined()
  })

  it('finds nothing for a task named like a property of every object', () => {
    expect(pauseOf({}, 'toString', 0)).toBeUndefined()
  })
})

describe('pauseSeconds', () => {
  it('last until the end, rounded up', () => {
    expect(pauseSeconds(pause('x', 91_001), 1000)).toBe(91)
    expect(pauseSeconds(pause('x', 91_000), 1000)).toBe(90)
  })

  it('are never fewer than one', () => {
    expect(pauseSeconds(pause('x', 1000), 1000)).toBe(1)
    expect(pauseSeconds(pause('x', 500), 1000)).toBe(1)
  })

  it('are a minute without an end', () => {
    expect(pauseSeconds(pause('x'), 1000)).toBe(60)
  })
})
