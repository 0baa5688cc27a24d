/** Hundreds of histories, each with its own faults; and that the simulation would notice if a condition were missing. */
import { describe, expect, it } from 'vitest'
import { sabotages } from './sabotage.ts'
import { type History, simulate } from './simulate.ts'
import type { Bend } from './world.ts'

/** The end of it, where the violation is, and how to see the rest. */
const shown = ({ seed, violations, trace }: History): string =>
  [`seed ${seed}: ${violations.join('; ')}`, ...trace.slice(-60), `SEED=${seed} npm run simulate shows all of it`].join(
    '\n',
  )

/** The first that goes wrong. */
async function firstWrong(seeds: number, bend?: Bend): Promise<History | undefined> {
  for (let seed = 0; seed < seeds; seed++) {
    const history = await simulate(seed, bend)
    if (history.violations.length > 0) return history
  }
  return undefined
}

it('whatever dies, gets lost, comes twice or too late: every run ends once, and whoever asked knows', async () => {
  const wrong = await firstWrong(150)
  expect(wrong === undefined ? '' : shown(wrong)).toBe('')
}, 120_000)

it('the same seed is the same history', async () => {
  for (const seed of [1, 7, 42]) {
    const { trace, counts } = await simulate(seed)
    expect(trace.length).toBeGreaterThan(100)
    expect(await simulate(seed)).toEqual({ seed, violations: [], trace, counts })
  }
}, 60_000)

/** All are noticed within a hundred, but for one that needs somebody slower than its lease while another one starts the same run. */
const seedsFor = (sabotage: string): number => (sabotage === 'whoever has lost its lease goes on' ? 500 : 100)

describe('it is noticed when', () => {
  it.each(Object.entries(sabotages))(
    '%s',
    async (name, bend) => {
      expect((await firstWrong(seedsFor(name), bend))?.violations).toHaveLength(1)
    },
    120_000,
  )
})
