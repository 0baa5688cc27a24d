/** Runs as items of the table: the one place that reads and writes their attributes. */
import type { Json } from '../adapter.ts'
import { type PublicRecord, publicAttributes, type RunRecord } from '../model/run-record.ts'
import type { Change } from './dynamodb-update.ts'
import type { Items } from './items.ts'
import { isNew } from './ledger-conditions.ts'
import { withReasonAsData } from './old-rows.ts'
import { fromStored, storedCondition, storedName, toStored } from './stored-names.ts'

/** Attributes that the function which faces the internet may read: not where notifications go. */
export const readableByReceive: readonly string[] = ['pk', ...publicAttributes.map(storedName)]

export const keyOfRun = (run: string): string => `run#${run}`
export const runOfKey = (pk: string): string => pk.replace(/^run#/, '')

type Item = Readonly<Record<string, unknown>>

/** taskhook wrote the item, so its shape is known. */
const publicRecordFromItem = (item: Item): PublicRecord =>
  withReasonAsData({ ...fromStored(item), plan: JSON.parse(String(item.plan)) } as unknown as PublicRecord)

const recordFromItem = (item: Item): RunRecord => ({
  ...publicRecordFromItem(item),
  replyAddress: JSON.parse(String(item[storedName('replyAddress')] ?? 'null')) as Json,
  ...(item.memory !== undefined && { memory: JSON.parse(String(item.memory)) as Json }),
})

export interface RunItems {
  read(run: string): Promise<RunRecord | undefined>
  readPublic(run: string): Promise<PublicRecord | undefined>
  /** @param attributes under their names in code @returns false: the run exists */
  create(run: string, attributes: Item): Promise<boolean>
  /** @param change with the names in code everywhere; this translates them @returns undefined: the condition did not hold */
  update(run: string, change: Change): Promise<RunRecord | undefined>
}

export const createRunItems = (items: Items): RunItems => ({
  async read(run) {
    const item = await items.get(keyOfRun(run))
    return item === undefined ? undefined : recordFromItem(item)
  },
  async readPublic(run) {
    const item = await items.get(keyOfRun(run), publicAttributes.map(storedName))
    return item === undefined ? undefined : publicRecordFromItem(item)
  },
  create: (run, attributes) => items.create(keyOfRun(run), toStored(attributes), storedCondition(isNew)),
  async update(run, change) {
    const item = await items.update(keyOfRun(run), {
      ...change,
      set: toStored(change.set),
      when: storedCondition(change.when),
      ...(change.remove !== undefined && { remove: change.remove.map(storedName) }),
      ...(change.names !== undefined && { names: change.names.map(storedName) }),
    })
    return item === undefined ? undefined : recordFromItem(item)
  },
})
