/** The table as the stores see it: items with consistent reads and conditional writes. */
import type { Change } from './dynamodb-update.ts'

type Item = Readonly<Record<string, unknown>>

export interface Items {
  /** @param only the attributes to read; default: all */
  get(pk: string, only?: readonly string[]): Promise<Item | undefined>
  /** @param condition an expression of DynamoDB @returns false: the condition did not hold */
  create(pk: string, item: Item, condition: string): Promise<boolean>
  /** @returns the item after the change; undefined: the condition did not hold */
  update(pk: string, change: Change): Promise<Item | undefined>
  /** Keys from an index that contains nothing else. */
  keys(query: IndexQuery): Promise<readonly string[]>
}

export interface IndexQuery {
  readonly index: string
  readonly hash: readonly [name: string, value: string]
  /** Only keys up to this value. */
  readonly upTo?: readonly [name: string, value: number]
  readonly newestFirst?: true
  readonly limit: number
}
