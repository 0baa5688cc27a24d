/** Concurrency groups in the table: one item each. */
import { type Entered, emptyGroup, enter, type Group, type Left, leave } from '../model/concurrency-queue.ts'
import { ttlAttribute } from './dynamodb-table.ts'
import type { Items } from './items.ts'
import { updateVersionedItem } from './update-optimistically.ts'

export interface ConcurrencyGroups {
  /** Gives the run a slot, or a place in the queue. @param ticket of the run: `ticketOf` */
  enter(name: string, ticket: string, limit: number): Promise<Entered>
  /** Takes the run out of the group, and gives its slot to the next runs in the queue. */
  leave(name: string, run: string, limit: number): Promise<Left>
}

/** A group that has not changed for this long is deleted. No run is kept longer. */
const keepSeconds = 30 * 24 * 3600
const maxRounds = 50

/** Random, so that functions that compete do not come back at the same time. */
const randomPause = (round: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * Math.min(round, 10)))

export function createGroups(items: Items, now: () => number, pause = randomPause): ConcurrencyGroups {
  const change = <T extends { readonly group: Group }>(name: string, step: (group: Group) => T): Promise<T> =>
    updateVersionedItem(
      items,
      `group#${name}`,
      { what: `the concurrency group ${name}`, rounds: maxRounds, pause },
      (item) => {
        const before = item === undefined ? emptyGroup : groupOf(item)
        const result = step(before)
        if (result.group === before) return { result }
        return { result, set: { ...result.group, [ttlAttribute]: Math.floor(now() / 1000) + keepSeconds } }
      },
    )

  return {
    enter: (name, ticket, limit) => change(name, (group) => enter(group, ticket, limit)),
    leave: (name, run, limit) => change(name, (group) => leave(group, run, limit)),
  }
}

const groupOf = ({ inside, waiting }: Readonly<Record<string, unknown>>): Group => ({
  inside: inside as string[],
  waiting: waiting as string[],
})
