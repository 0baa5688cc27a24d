import { describe, expect, it } from 'vitest'
import type { Change } from '../../../src/core/store/dynamodb-update.ts'
import type { Items } from '../../../src/core/store/items.ts'
import { conflict, updateOptimistically, updateVersionedItem } from '../../../src/core/store/update-optimistically.ts'

describe('updateOptimistically', () => {
  it('repeats the attempt after each conflict, with a pause between', async () => {
    const pauses: number[] = []
    const results = [conflict, conflict, 'done'] as const
    let at = 0
    const how = { what: 'x', rounds: 5, pause: async (round: number) => void pauses.push(round) }
    expect(await updateOptimistically(how, async () => results[at++] ?? conflict)).toBe('done')
    expect(at).toBe(3)
    expect(pauses).toEqual([0, 1])
  })

  it('gives up after its rounds, and says what was changed', async () => {
    let attempts = 0
    const attempt = async () => {
      attempts++
      return conflict
    }
    await expect(updateOptimistically({ what: 'the pauses', rounds: 3 }, attempt)).rejects.toThrow(
      'too many functions change the pauses at the same time',
    )
    expect(attempts).toBe(3)
  })

  it('may have undefined as its result', async () => {
    expect(await updateOptimistically({ what: 'x', rounds: 1 }, async () => undefined)).toBeUndefined()
  })
})

describe('updateVersionedItem', () => {
  /** One item, which another function changes before each of the first writes. */
  const itemsWith = (conflicts: number) => {
    let item: Record<string, unknown> | undefined
    const changes: Change[] = []
    const unused = async (): Promise<never> => Promise.reject(new Error('not expected'))
    const items: Items = {
      ...{ create: unused, keys: unused },
      get: async () => item,
      update: async (_, change) => {
        changes.push(change)
        if (changes.length <= conflicts) {
          item = { count: Number(item?.count ?? 0) + 1, rev: Number(item?.rev ?? 0) + 1 }
          return undefined
        }
        item = { ...item, ...change.set }
        return item
      },
    }
    return { items, changes, item: () => item }
  }
  const add = (item: Readonly<Record<string, unknown>> | undefined) => {
    const count = Number(item?.count ?? 0) + 1
    return { result: count, set: { count } }
  }

  it('creates the item only if there is none, and then raises its revision', async () => {
    const { items, changes, item } = itemsWith(0)
    expect(await updateVersionedItem(items, 'k', { what: 'x', rounds: 1 }, add)).toBe(1)
    expect(await updateVersionedItem(items, 'k', { what: 'x', rounds: 1 }, add)).toBe(2)
    expect(changes).toMatchObject([
      { when: 'attribute_not_exists(pk)', values: {}, set: { count: 1, rev: 1 } },
      { when: 'rev = :rev', values: { rev: 1 }, set: { count: 2, rev: 2 } },
    ])
    expect(item()).toEqual({ count: 2, rev: 2 })
  })

  it('loses no change of another function', async () => {
    const { items, item } = itemsWith(2)
    expect(await updateVersionedItem(items, 'k', { what: 'x', rounds: 3 }, add)).toBe(3)
    expect(item()).toEqual({ count: 3, rev: 3 })
  })

  it('writes nothing if nothing changes', async () => {
    const { items, changes } = itemsWith(0)
    expect(await updateVersionedItem(items, 'k', { what: 'x', rounds: 1 }, () => ({ result: 'same' }))).toBe('same')
    expect(changes).toEqual([])
  })
})
