/** Hundreds of histories, each with its own faults; and that the simulation would notice if a condition were missing. */
import { describe, expect, it } from 'vitest'
import { sabotages } from './sabotage.ts'
import { type History, type Sabotage, simulate } from './simulate.ts'

/** The end of it, where the violation is, and how to see the rest. */
const shown = ({ seed, violations, trace }: History): string =>
  [`seed ${seed}: ${violations.join('; ')}`, ...trace.slice(-60), `SEED=${seed} npm run simulate shows all of it`].join(
    '\n',
  )

/** The first that goes wrong. */
async function firstWrong(seeds: number, sabotage?: Sabotage): Promise<History | undefined> {
  for (let seed = 0; seed < seeds; seed++) {
    const history = await simulate(seed, sabotage)
    if (history.violations.length > 0) return history
  }
  return undefined
}

it('whatever dies, gets lost, comes twice or too late: every run ends once, and whoever asked knows', async () => {
  const wrong = await firstWrong(200)
  expect(wrong === undefined ? '' : shown(wrong)).toBe('')
}, 300_000)

it('the same seed is the same history', async () => {
  for (const seed of [1, 7, 42]) {
    const { trace, counts } = await simulate(seed)
    expect(trace.length).toBeGreaterThan(100)
    expect(await simulate(seed)).toEqual({ seed, violations: [], trace, counts })
  }
}, 120_000)

/** Most are noticed within ten; the rarest, a lease that nobody asks for, by one seed in twenty. */
const seldom = 100

describe('it is noticed when', () => {
  it.each(Object.entries(sabotages))(
    '%s',
    async (_, sabotage) => {
      expect(await firstWrong(seldom, sabotage)).toBeDefined()
    },
    300_000,
  )
})

it('it is the missing condition that is noticed, and not what else goes wrong there', async () => {
  for (const { bend: _, ...rest } of Object.values(sabotages)) {
    if (Object.keys(rest).length > 0) expect((await firstWrong(10, rest))?.violations).toBeUndefined()
  }
}, 120_000)
