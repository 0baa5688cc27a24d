import fc from 'fast-check'

/** The same inputs on every run; `SEED=7 npx vitest …` tries others. */
const seed = Number(process.env.SEED ?? 1)

/** @throws {Error} with the smallest input for which the property does not hold */
export const holds = <T>(property: fc.IProperty<T>, numRuns = 300): void => fc.assert(property, { numRuns, seed })
