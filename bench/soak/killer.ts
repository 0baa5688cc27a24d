import { randomFrom } from '../../test/adapters/random.ts'
import type { Keeper } from './keeper.ts'

export interface Killer {
  /** So much has been done. */
  tick(done: number): void
  /** A task has begun. @returns whether everything was killed for it, before anybody could note it */
  taskBegan(): boolean
}

/**
 * Kills at random places of the way from nothing to everything. Every other time it is one process, a moment after the place was passed;
 * else all of them, as soon as the next task begins: RunTask has got through, and nobody is left who knows.
 */
export function createKiller(keeper: () => Keeper, kills: number, everything: number, seed: number): Killer {
  const random = randomFrom(seed)
  const places = Array.from({ length: kills }, () => random() * everything).sort((a, b) => a - b)
  let waiting = 0
  return {
    tick(done) {
      while (done >= (places[0] ?? Number.POSITIVE_INFINITY)) {
        places.shift()
        if (places.length % 2 === 0) waiting++
        else setTimeout(() => keeper().kill(random()), random() * 300)
      }
    },
    taskBegan() {
      if (waiting === 0) return false
      waiting--
      keeper().killAll()
      return true
    },
  }
}
