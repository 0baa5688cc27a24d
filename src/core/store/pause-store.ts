import { type Pause, type Pauses, pauseKey, pauseOf } from '../model/pause.ts'
import type { Items } from './items.ts'

export interface PauseBoard {
  /** Of a task; not older than `freshMs`. */
  of(task: string): Promise<Pause | undefined>
}

/** So soon a pause is heeded by everybody. */
const freshMs = 5_000

export function createPauseBoard(items: Items, now: () => number): PauseBoard {
  let seen: { readonly at: number; readonly pauses: Promise<Pauses> } | undefined
  return {
    async of(task) {
      const at = now()
      if (seen === undefined || at - seen.at >= freshMs) {
        const asked = { at, pauses: readPauses(items) }
        seen = asked
        asked.pauses.catch(() => {
          // What could not be read is asked for again by the next one.
          if (seen === asked) seen = undefined
        })
      }
      return pauseOf(await seen.pauses, task, at)
    },
  }
}

export const readPauses = async (items: Items): Promise<Pauses> => pausesOf(await items.get(pauseKey))

export const pausesOf = (item: Readonly<Record<string, unknown>> | undefined): Pauses => (item?.pauses ?? {}) as Pauses

const maxRounds = 20

/** @returns the pauses as they now stand */
export async function changePauses(items: Items, step: (pauses: Pauses) => Pauses): Promise<Pauses> {
  for (let round = 0; round < maxRounds; round++) {
    const item = await items.get(pauseKey)
    const rev = Number(item?.rev ?? 0)
    const pauses = step(pausesOf(item))
    const saved = await items.update(pauseKey, {
      set: { pauses, rev: rev + 1 },
      when: item === undefined ? 'attribute_not_exists(pk)' : 'rev = :rev',
      values: item === undefined ? {} : { rev },
    })
    if (saved !== undefined) return pauses
  }
  throw new Error('the pauses are changed by too many at once')
}
