import { randomFrom } from '../../test/adapters/random.ts'

/** Random decisions that are the same for the same seed. */
export interface RandomSource {
  /** From 0 to `below`, exclusive. */
  integer(below: number): number
  /** True in `share` of a hundred cases. */
  percent(share: number): boolean
  pick<T>(from: readonly T[]): T
}

export function createRandom(seed: number): RandomSource {
  const random = randomFrom(seed)
  return {
    integer: (below) => Math.floor(random() * below),
    percent: (share) => random() * 100 < share,
    pick<T>(from: readonly T[]): T {
      if (from.length === 0) throw new Error('cannot pick from an empty list')
      return from[Math.floor(random() * from.length)] as T
    },
  }
}
