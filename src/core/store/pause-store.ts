/** The pauses in the table: one item. */
import { type Pause, type Pauses, pauseKey, pauseOf } from '../model/pause.ts'
import type { Items } from './items.ts'
import { updateVersionedItem } from './update-optimistically.ts'

export interface PauseBoard {
  /** The pause of a task, read at most `freshMs` ago. Undefined: it is not paused. */
  of(task: string): Promise<Pause | undefined>
}

/** A pause takes effect everywhere within this time, in milliseconds. */
const freshMs = 5_000

export function createPauseBoard(items: Items, now: () => number): PauseBoard {
  let seen: { readonly at: number; readonly pauses: Promise<Pauses> } | undefined
  return {
    async of(task) {
      const at = now()
      if (seen === undefined || at - seen.at >= freshMs) {
        const read = { at, pauses: readPauses(items) }
        seen = read
        read.pauses.catch(() => {
          // A failed read is not cached.
          if (seen === read) seen = undefined
        })
      }
      return pauseOf(await seen.pauses, task, at)
    },
  }
}

export const readPauses = async (items: Items): Promise<Pauses> => pausesOf(await items.get(pauseKey))

export const pausesOf = (item: Readonly<Record<string, unknown>> | undefined): Pauses => (item?.pauses ?? {}) as Pauses

/** @returns the pauses after the change */
export const changePauses = (items: Items, step: (pauses: Pauses) => Pauses): Promise<Pauses> =>
  updateVersionedItem(items, pauseKey, { what: 'the pauses', rounds: 20 }, (item) => {
    const pauses = step(pausesOf(item))
    return { result: pauses, set: { pauses } }
  })
