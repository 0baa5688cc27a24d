/** A seeded random generator (xorshift), the same on every machine. */
export interface Random {
  /** A whole number from 0 to below `end`. */
  below(end: number): number
  /** A whole number between the two, both included. */
  between(least: number, most: number): number
  chance(probability: number): boolean
  pick<T>(from: readonly T[]): T
}

export function createRandom(seed: number): Random {
  // Neighbouring seeds must differ at once, and a state of 0 would stay 0.
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1
  const next = (): number => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
  for (let at = 0; at < 8; at++) next()
  const below = (end: number) => next() % end
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: (probability) => next() < probability * 2 ** 32,
    pick<T>(from: readonly T[]): T {
      return from[below(from.length)] as T
    },
  }
}
