/** The one table, as the stores see it: items with consistent reads and conditional writes. */
import type { Change } from './dynamodb-update.ts'

type Item = Readonly<Record<string, unknown>>

export interface Items {
  /** @param only attributes that are asked for; default: all */
  get(pk: string, only?: readonly string[]): Promise<Item | undefined>
  /** @returns false: there is one already */
  create(pk: string, item: Item): Promise<boolean>
  /** @returns the item as it now stands; undefined where the condition did not hold */
  update(pk: string, change: Change): Promise<Item | undefined>
  /** Keys of an index that holds nothing else. */
  keys(query: IndexQuery): Promise<readonly string[]>
}

export interface IndexQuery {
  readonly index: string
  readonly hash: readonly [name: string, value: string]
  /** Only those that are not above. */
  readonly upTo?: readonly [name: string, value: number]
  readonly newestFirst?: true
  readonly limit: number
}
