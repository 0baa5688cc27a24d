import { randomFrom } from '../../test/adapters/random.ts'

export interface Killer {
  /** Something has been done. */
  tick(done: number): void
}

/** Kills at random places of the way from nothing to everything, each a moment after its place was passed. */
export function createKiller(kill: (luck: number) => void, kills: number, everything: number, seed: number): Killer {
  const random = randomFrom(seed)
  const places = Array.from({ length: kills }, () => random() * everything).sort((a, b) => a - b)
  return {
    tick(done) {
      while (done >= (places[0] ?? Number.POSITIVE_INFINITY)) {
        places.shift()
        setTimeout(kill, random() * 300, random())
      }
    },
  }
}
