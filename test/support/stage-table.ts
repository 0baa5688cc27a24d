/** The table of a stage, read and written by the test. Its requests do not pass the relay, so they are not among the recorded calls. */
import { type AttributeValue, type DynamoDBClient, QueryCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { createItems } from '../../src/core/aws/dynamodb-items.ts'
import type { Pauses } from '../../src/core/model/pause.ts'
import type { RunRecord } from '../../src/core/model/run-record.ts'
import { createLedger } from '../../src/core/store/dynamodb-ledger.ts'
import { changePauses } from '../../src/core/store/pause-store.ts'

export interface StageTable {
  /** @throws {Error} if the table has no such run */
  runRecord(run: string): Promise<RunRecord>
  /** Runs that the sweep will still review. */
  openRuns(): Promise<readonly string[]>
  /** Every item, as DynamoDB holds it. */
  items(): Promise<readonly Readonly<Record<string, AttributeValue>>[]>
  /** Replaces all pauses, as `taskhook pause` and `taskhook resume` do. */
  writePauses(pauses: Pauses): Promise<void>
}

export function createStageTable(client: DynamoDBClient): StageTable {
  const items = createItems(client, 'taskhook')
  const ledger = createLedger(items)
  return {
    async runRecord(run) {
      const record = await ledger.read(run)
      if (record === undefined) throw new Error(`the ledger has no run ${run}`)
      return record
    },
    async openRuns() {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName: 'taskhook',
          IndexName: 'open',
          KeyConditionExpression: '#open = :open',
          ExpressionAttributeNames: { '#open': 'open' },
          ExpressionAttributeValues: { ':open': { S: 'open' } },
        }),
      )
      return Items.map(({ pk }) => (pk?.S ?? '').replace('run#', ''))
    },
    items: async () => (await client.send(new ScanCommand({ TableName: 'taskhook' }))).Items ?? [],
    writePauses: async (pauses) => void (await changePauses(items, () => pauses)),
  }
}
