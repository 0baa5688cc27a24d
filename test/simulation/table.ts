/**
 * The table in memory. Conditions and updates are evaluated by dynalite: its actions run here on a store of our own, without the server.
 * table.test.ts compares it with dynalite over HTTP.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import getItem from 'dynalite/actions/getItem.js'
import putItem from 'dynalite/actions/putItem.js'
import updateItem from 'dynalite/actions/updateItem.js'
import { tableInput } from '../../src/core/store/dynamodb-table.ts'
import { parseExpressions } from './parse-expressions.ts'

export type Item = Readonly<Record<string, AttributeValue>>
type Input = Readonly<Record<string, unknown>>
type Done = (error: Error | null, value?: unknown) => void

export interface Table {
  /** Processes a request at once. @throws {Error} with the name of DynamoDB's error */
  send(command: { readonly constructor: { readonly name: string }; readonly input: Input }): unknown
  read(pk: string): Item | undefined
  all(): readonly Item[]
}

/** @param written is called for every change */
export function createTable(written: (before: Item | undefined, after: Item) => void = () => {}): Table {
  const items = new Map<string, Item>()
  const database = {
    lock: (_: string, run: (release: (done: Done) => Done) => void) => run((done) => done),
    get(key: string, done: Done) {
      const item = items.get(key)
      done(item === undefined ? Object.assign(new Error('not found'), { name: 'NotFoundError' }) : null, item)
    },
    put(key: string, item: Item, done: Done) {
      const before = items.get(key)
      items.set(key, item)
      written(before, item)
      done(null)
    },
  }
  // Indexes are computed at each query.
  const { GlobalSecondaryIndexes: _, ...table } = tableInput('taskhook')
  const store = {
    options: { maxItemSize: 409_600 },
    getTable: (_: string, done: Done) => done(null, table),
    getItemDb: () => database,
  }

  const act = (action: typeof getItem, input: Input): unknown => {
    let answer: unknown
    action(store, parseExpressions(input), (error, value) => {
      if (error) throw Object.assign(error, { name: error.body?.__type.split('#')[1] ?? error.name })
      answer = value
    })
    return answer
  }

  return {
    send({ constructor: { name }, input }) {
      if (name === 'GetItemCommand') return act(getItem, input)
      if (name === 'PutItemCommand') return act(putItem, input)
      if (name === 'UpdateItemCommand') return act(updateItem, { ...input, Key: { ...(input.Key as Item) } })
      if (name === 'QueryCommand') return query([...items.values()], input)
      throw new Error(`the table does not know ${name}`)
    },
    read: (pk) => [...items.values()].find((item) => item.pk?.S === pk),
    all: () => [...items.values()],
  }
}

/** The only kind of query that core/aws/dynamodb-items.ts sends: an index by its hash, and by its range up to a number. */
function query(items: readonly Item[], input: Input): { readonly Items: readonly Item[] } {
  const { ExpressionAttributeValues: values, ExpressionAttributeNames: names } = input as {
    ExpressionAttributeValues: Item
    ExpressionAttributeNames: Readonly<Record<string, string>>
  }
  const index = tableInput('').GlobalSecondaryIndexes.find(({ IndexName }) => IndexName === input.IndexName)
  const [hash = '', range = ''] = index?.KeySchema.map(({ AttributeName }) => AttributeName) ?? []
  if (names['#hash'] !== hash || (names['#range'] ?? range) !== range) throw new Error('a query of another index')
  const most = Number(values[':range']?.N ?? Number.POSITIVE_INFINITY)
  const at = (item: Item): number => Number(item[range]?.N)
  const found = items
    .filter((item) => item[hash]?.S === values[':hash']?.S && item[range] !== undefined && at(item) <= most)
    .sort((a, b) => (input.ScanIndexForward === false ? at(b) - at(a) : at(a) - at(b)))
  return { Items: found.slice(0, input.Limit as number) }
}
