/** The table: its keys and indexes. model/run-record.ts says what a run's item contains, stored-names.ts which names differ. */

/** The input of CreateTable: the one source for the emulator, the tests, Terraform and CDK. */
export const tableInput = (name: string) => ({
  TableName: name,
  BillingMode: 'PAY_PER_REQUEST' as const,
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' as const },
    { AttributeName: 'open', AttributeType: 'S' as const },
    { AttributeName: 'dueAt', AttributeType: 'N' as const },
    { AttributeName: 'task', AttributeType: 'S' as const },
    { AttributeName: 'createdAt', AttributeType: 'N' as const },
  ],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'open',
      KeySchema: [
        { AttributeName: 'open', KeyType: 'HASH' as const },
        { AttributeName: 'dueAt', KeyType: 'RANGE' as const },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' as const },
    },
    {
      // Its keys never change, so it costs one write for each run.
      IndexName: 'recent',
      KeySchema: [
        { AttributeName: 'task', KeyType: 'HASH' as const },
        { AttributeName: 'createdAt', KeyType: 'RANGE' as const },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' as const },
    },
  ],
})

/** When DynamoDB deletes an item, in seconds since the epoch. */
export const ttlAttribute = 'expiresAt'
