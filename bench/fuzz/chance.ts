import { randomFrom } from '../../test/adapters/random.ts'

/** Decisions that are the same for the same seed. */
export interface Chance {
  /** From 0 to `below`, which it never is. */
  integer(below: number): number
  /** True in so many of a hundred cases. */
  percent(share: number): boolean
  pick<T>(from: readonly T[]): T
}

export function chanceFrom(seed: number): Chance {
  const random = randomFrom(seed)
  return {
    integer: (below) => Math.floor(random() * below),
    percent: (share) => random() * 100 < share,
    pick<T>(from: readonly T[]): T {
      if (from.length === 0) throw new Error('there is nothing to pick from')
      return from[Math.floor(random() * from.length)] as T
    },
  }
}
