import { randomFrom } from '../../test/adapters/random.ts'
import type { Supervisor } from './supervisor.ts'

export interface KillSchedule {
  /** @param done how much of the work is done */
  update(done: number): void
  /** A task has started. @returns whether all instances were killed before any of them could record it */
  onTaskStart(): boolean
}

/**
 * Kills at random points of the work. Every other time it kills one instance, a moment after the point. Otherwise it kills all of them
 * when the next task starts: RunTask has succeeded, and no instance that knows it is left.
 * @param work the total, in the unit of `done`
 */
export function createKillSchedule(
  supervisor: () => Supervisor,
  kills: number,
  work: number,
  seed: number,
): KillSchedule {
  const random = randomFrom(seed)
  const points = Array.from({ length: kills }, () => random() * work).sort((a, b) => a - b)
  let pendingKillAlls = 0
  return {
    update(done) {
      while (done >= (points[0] ?? Number.POSITIVE_INFINITY)) {
        points.shift()
        if (points.length % 2 === 0) pendingKillAlls++
        else setTimeout(() => supervisor().kill(random()), random() * 300)
      }
    },
    onTaskStart() {
      if (pendingKillAlls === 0) return false
      pendingKillAlls--
      supervisor().killAll()
      return true
    },
  }
}
