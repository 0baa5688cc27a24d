import fc from 'fast-check'

/** The same inputs on every run; `SEED=7 npx vitest …` tries others. */
const seed = Number(process.env.SEED ?? 1)

/** @throws {Error} with the smallest input that it found the property not to hold for */
export const holds = <T>(property: fc.IProperty<T>, numRuns = 300): void => fc.assert(property, { numRuns, seed })
