/** The table in memory behaves like dynalite over HTTP: the same changes give the same answers and the same items. */

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createItems } from '../../src/core/aws/dynamodb-items.ts'
import { publicAttributes } from '../../src/core/model/run-record.ts'
import type { Change } from '../../src/core/store/dynamodb-update.ts'
import type { Items } from '../../src/core/store/items.ts'
import { isNew } from '../../src/core/store/ledger-conditions.ts'
import { type Emulators, startEmulators } from '../../src/local/emulators.ts'
import { createRandom, type Random } from './random.ts'
import { createTable } from './table.ts'

let emulators: Emulators
beforeAll(async () => {
  emulators = await startEmulators()
})
afterAll(() => emulators.close())

const inMemory = (): Items => {
  const table = createTable()
  return createItems({ send: async (command: never) => table.send(command) } as unknown as DynamoDBClient, 'taskhook')
}

/** The forms of conditions that the ledger and the groups use. */
const conditions: readonly Pick<Change, 'when' | 'names' | 'values'>[] = [
  { when: 'attribute_exists(pk)' },
  { when: 'attribute_not_exists(pk)' },
  { when: '#status = :queued', names: ['status'], values: { queued: 'queued' } },
  { when: 'attribute_exists(#open) AND (attribute_not_exists(n) OR n = :n)', names: ['open'], values: { n: 2 } },
  { when: 'attribute_exists(pk) AND NOT (#status IN (:a, :b))', names: ['status'], values: { a: 'a', b: 'b' } },
  { when: 'attribute_not_exists(unsure) OR unsure = :no', values: { no: false } },
  { when: 'n < :n AND #list <> :list', names: ['list'], values: { n: 2, list: ['x'] } },
  { when: 'n <= :n', values: { n: 1 } },
]

const wordsOf = (random: Random) => ({
  status: random.pick(['queued', 'a', 'b']),
  n: random.below(4),
  unsure: random.chance(0.5),
  list: random.pick([[], ['x'], ['x', 'y']]),
  deep: { in: { side: random.below(9) }, text: '' },
  open: 'open',
  dueAt: random.below(5),
  task: random.pick(['one', 'two']),
  createdAt: random.below(1000),
})

function changeOf(random: Random): Change {
  const all = Object.entries(wordsOf(random)).filter(() => random.chance(0.3))
  const remove = ['n', 'open', 'list', 'unsure'].filter(
    (name) => random.chance(0.2) && !all.some(([set]) => set === name),
  )
  // DynamoDB refuses an update without a change.
  const set = all.length + remove.length === 0 ? { n: 1 } : Object.fromEntries(all)
  return { set, remove, ...random.pick(conditions) }
}

const step = (random: Random): ((items: Items) => Promise<unknown>) => {
  const pk = `run#${random.below(4)}`
  const [item, change, upTo] = [wordsOf(random), changeOf(random), random.below(5)]
  switch (random.below(10)) {
    case 0:
      return (items) => items.create(pk, item, isNew)
    case 1:
      return (items) =>
        items.get(pk, random.chance(0.5) ? undefined : ['status', 'n', 'deep', ...publicAttributes.slice(0, 3)])
    case 2:
      // The order of two items with the same time is not specified.
      return async (items) =>
        [...(await items.keys({ index: 'open', hash: ['open', 'open'], upTo: ['dueAt', upTo], limit: 9 }))].sort()
    case 3:
      return async (items) => [
        ...(await items.keys({ index: 'recent', hash: ['task', 'one'], newestFirst: true, limit: 9 })),
      ]
    default:
      return (items) => items.update(pk, change)
  }
}

it('500 random steps give the same answers and items', async () => {
  const [ours, theirs] = [inMemory(), createItems(emulators.dynamo, 'taskhook')]
  const held: boolean[] = []
  for (let seed = 0; seed < 500; seed++) {
    // Each gets its own generator, since a step draws while it runs.
    const [answer, expected] = [await step(createRandom(seed))(ours), await step(createRandom(seed))(theirs)]
    expect(answer, `step ${seed}`).toEqual(expected)
    held.push(answer !== undefined && answer !== false)
  }
  for (const pk of ['run#0', 'run#1', 'run#2', 'run#3']) expect(await ours.get(pk)).toEqual(await theirs.get(pk))
  // Both outcomes occur often, or the comparison would prove nothing.
  expect(held.filter(Boolean).length).toBeGreaterThan(100)
  expect(held.filter((each) => !each).length).toBeGreaterThan(100)
}, 60_000)

it('refuses a request that DynamoDB refuses', async () => {
  await expect(
    inMemory().update('run#0', { set: { status: 1 }, when: 'status = :x', values: { x: 1 } }),
  ).rejects.toThrow(/reserved keyword/)
})
