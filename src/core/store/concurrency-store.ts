import { type Entered, emptyGroup, enter, type Group, type Left, leave } from '../model/concurrency-queue.ts'
import { ttlAttribute } from './dynamodb-table.ts'
import type { Items } from './items.ts'

export interface ConcurrencyGroups {
  enter(name: string, ticket: string, limit: number): Promise<Entered>
  leave(name: string, run: string, limit: number): Promise<Left>
}

/** A group that nobody has touched for so long is forgotten; a run lives no longer. */
const keepSeconds = 30 * 24 * 3600
/** Everybody who is in each other's way gets through at some time: one change in each round holds. */
const maxRounds = 50

/** Who was in each other's way waits for a moment, and not all for the same. */
const aMoment = (round: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * 20 * Math.min(round, 10)))

export function createGroups(items: Items, now: () => number, pause = aMoment): ConcurrencyGroups {
  const change = async <T extends { readonly group: Group }>(name: string, step: (group: Group) => T): Promise<T> => {
    const pk = `group#${name}`
    for (let round = 0; round < maxRounds; round++) {
      const item = await items.get(pk)
      const before = item === undefined ? emptyGroup : groupOf(item)
      const result = step(before)
      if (result.group === before) return result
      const rev = Number(item?.rev ?? 0)
      const saved = await items.update(pk, {
        set: { ...result.group, rev: rev + 1, [ttlAttribute]: Math.floor(now() / 1000) + keepSeconds },
        when: item === undefined ? 'attribute_not_exists(pk)' : 'rev = :rev',
        values: item === undefined ? {} : { rev },
      })
      if (saved !== undefined) return result
      await pause(round)
    }
    throw new Error(`the concurrency group ${name} is changed by too many at once`)
  }

  return {
    enter: (name, ticket, limit) => change(name, (group) => enter(group, ticket, limit)),
    leave: (name, run, limit) => change(name, (group) => leave(group, run, limit)),
  }
}

const groupOf = ({ inside, waiting }: Readonly<Record<string, unknown>>): Group => ({
  inside: inside as string[],
  waiting: waiting as string[],
})
