/** Changes what several functions may change at the same time: read, decide, write if nothing has changed since; else once more. */
import type { Change } from './dynamodb-update.ts'
import type { Items } from './items.ts'

/** The write failed because another function was faster. */
export const conflict = Symbol('conflict')

export interface OptimisticUpdate {
  /** For the error: `the pauses`. */
  readonly what: string
  /** In each round one of the competing functions succeeds, so this is how many of them may compete. */
  readonly rounds: number
  /** Called between two rounds; default: no pause. */
  readonly pause?: (round: number) => Promise<void>
}

/**
 * @param attempt reads, decides, and writes under a condition that fails if another function has written since
 * @throws {Error} if every round ends in a conflict
 */
export async function updateOptimistically<Result>(
  { what, rounds, pause = async () => {} }: OptimisticUpdate,
  attempt: () => Promise<Result | typeof conflict>,
): Promise<Result> {
  for (let round = 0; round < rounds; round++) {
    const result = await attempt()
    if (result !== conflict) return result
    await pause(round)
  }
  throw new Error(`too many functions change ${what} at the same time`)
}

interface Step<Result> {
  readonly result: Result
  /** Undefined: nothing changes, so nothing is written. */
  readonly set?: Change['set']
}

/** The same for an item with a revision number (`rev`), which every change must have seen. */
export const updateVersionedItem = <Result>(
  items: Items,
  pk: string,
  how: OptimisticUpdate,
  step: (item: Readonly<Record<string, unknown>> | undefined) => Step<Result>,
): Promise<Result> =>
  updateOptimistically(how, async () => {
    const item = await items.get(pk)
    const { result, set } = step(item)
    if (set === undefined) return result
    const rev = Number(item?.rev ?? 0)
    const saved = await items.update(pk, {
      set: { ...set, rev: rev + 1 },
      when: item === undefined ? 'attribute_not_exists(pk)' : 'rev = :rev',
      values: item === undefined ? {} : { rev },
    })
    return saved === undefined ? conflict : result
  })
