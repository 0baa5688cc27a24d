/** Items of the table, over the DynamoDB client: consistent reads and conditional writes. */
import {
  type AttributeValue,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb'
import { expressionOf } from '../store/dynamodb-update.ts'
import type { Items } from '../store/items.ts'

const keyOf = (pk: string): Record<string, AttributeValue> => ({ pk: { S: pk } })

export const createItems = (client: DynamoDBClient, table: string): Items => ({
  async get(pk, only) {
    const { Item } = await client.send(
      new GetItemCommand({
        TableName: table,
        Key: keyOf(pk),
        ConsistentRead: true,
        ...(only !== undefined && {
          ProjectionExpression: only.map((name) => `#${name}`).join(', '),
          ExpressionAttributeNames: Object.fromEntries(only.map((name) => [`#${name}`, name])),
        }),
      }),
    )
    return Item === undefined ? undefined : unmarshall(Item)
  },

  create: (pk, item, condition) =>
    unlessConditionFails(false, async () => {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: { ...keyOf(pk), ...marshall(item) },
          ConditionExpression: condition,
        }),
      )
      return true
    }),

  update: (pk, change) =>
    unlessConditionFails(undefined, async () => {
      const { ExpressionAttributeValues: plain, ...expressions } = expressionOf(change)
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(pk),
          ReturnValues: 'ALL_NEW',
          ...expressions,
          ...(plain !== undefined && { ExpressionAttributeValues: marshall(plain) }),
        }),
      )
      return Attributes === undefined ? undefined : unmarshall(Attributes)
    }),

  async keys({ index, hash: [name, value], upTo, newestFirst, limit }) {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: index,
        KeyConditionExpression: `#hash = :hash${upTo === undefined ? '' : ' AND #range <= :range'}`,
        ExpressionAttributeNames: { '#hash': name, ...(upTo !== undefined && { '#range': upTo[0] }) },
        ExpressionAttributeValues: marshall({ ':hash': value, ...(upTo !== undefined && { ':range': upTo[1] }) }),
        ...(newestFirst === true && { ScanIndexForward: false }),
        Limit: limit,
      }),
    )
    return Items.map(({ pk }) => pk?.S ?? '')
  },
})

async function unlessConditionFails<T>(otherwise: T, call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return otherwise
    throw error
  }
}
