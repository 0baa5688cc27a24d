import { describe, expect, it } from 'vitest'
import {
  emptyGroup,
  enter,
  type Group,
  insideRuns,
  leave,
  oldestBeyond,
  ticketOf,
  waitingRuns,
} from '../../../src/core/model/concurrency-queue.ts'

/** Runs a, b, c … were requested at 1, 2, 3 …; they enter the group in the order of `arrivals`. */
const ticket = (run: string) => ticketOf(run, run.charCodeAt(0))
const grown = (arrivals: string, limit: number): Group =>
  [...arrivals].reduce((group, run) => enter(group, ticket(run), limit).group, emptyGroup)

const insideOf = ({ inside }: Group) => inside.map((each) => each.at(-1))

describe('enter', () => {
  it('gives slots up to the limit, and places in the queue to the others', () => {
    const places: number[] = []
    let group = emptyGroup
    for (const run of 'abcd') {
      const entered = enter(group, ticket(run), 2)
      places.push(entered.place)
      group = entered.group
    }
    expect(places).toEqual([0, 0, 1, 2])
    expect(insideRuns(group)).toEqual(['a', 'b'])
    expect(waitingRuns(group)).toEqual(['c', 'd'])
  })
  it('lists runs by the time of their request, not of their arrival', () => {
    expect(insideRuns(grown('cab', 3))).toEqual(['a', 'b', 'c'])
  })
  it('gives the same place when repeated, and changes nothing', () => {
    const group = grown('abc', 2)
    for (const [run, place] of [
      ['a', 0],
      ['c', 1],
    ] as const) {
      const again = enter(group, ticket(run), 2)
      expect(again.place).toBe(place)
      expect(again.group).toEqual(group)
    }
  })
  it('sorts the queue by the time of the request', () => {
    expect(waitingRuns(grown('adcb', 1))).toEqual(['b', 'c', 'd'])
  })
  it('does not let a run overtake those that wait, even if a slot is free', () => {
    const { group } = leave(grown('ab', 1), 'a', 0)
    expect(group).toMatchObject({ inside: [] })
    const late = enter(group, ticket('c'), 1)
    expect(late.place).toBe(2)
    const first = enter(late.group, ticket('b'), 1)
    expect(first.place).toBe(0)
    expect(waitingRuns(first.group)).toEqual(['c'])
  })
})

describe('leave', () => {
  it('admits the next run, and no other when repeated', () => {
    const first = leave(grown('abc', 1), 'a', 1)
    expect(first).toMatchObject({ admitted: ['b'], leftBefore: false })
    expect(insideOf(first.group)).toEqual(['b'])
    expect(waitingRuns(first.group)).toEqual(['c'])
    // The function that admitted it may have died before it queued the start.
    const again = leave(first.group, 'a', 1)
    expect(again).toMatchObject({ admitted: ['b'], leftBefore: true })
    expect(again.group).toEqual(first.group)
  })
  it('frees no slot if the run was waiting', () => {
    const { group, admitted } = leave(grown('abc', 1), 'b', 1)
    expect(admitted).toEqual([])
    expect(insideOf(group)).toEqual(['a'])
    expect(waitingRuns(group)).toEqual(['c'])
  })
  it('admits more runs with a larger limit, and none with a smaller one', () => {
    expect(leave(grown('abcd', 1), 'a', 3).admitted).toEqual(['b', 'c', 'd'])
    expect(leave(grown('abcd', 3), 'a', 1).admitted).toEqual([])
  })
})

it('oldestBeyond returns the runs that were requested first, inside or waiting', () => {
  expect(oldestBeyond(enter(enter(emptyGroup, ticket('b'), 1).group, ticket('a'), 1).group, 1)).toEqual(['a'])
  expect(oldestBeyond(grown('abcd', 2), 2)).toEqual(['a', 'b'])
  expect(oldestBeyond(grown('ab', 2), 2)).toEqual([])
})
