/** The ledger and the queues. */
import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import { AttributeType, BillingMode, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs'
import type { Construct } from 'constructs'
import { tableInput, ttlAttribute } from '../../src/core/store/dynamodb-table.ts'
import { timeouts } from './function-settings.ts'
import type { TaskhookProps } from './props.ts'

export interface Stores {
  readonly ledger: Table
  readonly starts: Queue
  readonly deadStarts: Queue
  readonly deadEvents: Queue
}

export function createStores(
  scope: Construct,
  name: string,
  { encryptionKey, deletionProtection = true }: TaskhookProps,
): Stores {
  const queue = (id: string, suffix: string, more = {}) =>
    new Queue(scope, id, {
      queueName: `${name}-${suffix}`,
      retentionPeriod: Duration.days(14),
      enforceSSL: true,
      ...encryptionOf(encryptionKey),
      ...more,
    })
  const deadStarts = queue('DeadStarts', 'dead-starts')
  return {
    ledger: createLedger(scope, name, encryptionKey, deletionProtection),
    deadStarts,
    deadEvents: queue('DeadEvents', 'dead-events'),
    // Six times the function's timeout, as Lambda recommends.
    starts: queue('Starts', 'starts', {
      visibilityTimeout: Duration.seconds(timeouts.start * 6),
      deadLetterQueue: { queue: deadStarts, maxReceiveCount: 10 },
    }),
  }
}

const encryptionOf = (key: IKey | undefined) =>
  key === undefined
    ? { encryption: QueueEncryption.SQS_MANAGED }
    : { encryption: QueueEncryption.KMS, encryptionMasterKey: key }

/** Built from the CreateTable input that the emulator and Terraform also use. */
function createLedger(
  scope: Construct,
  name: string,
  encryptionKey: IKey | undefined,
  deletionProtection: boolean,
): Table {
  const input = tableInput(`${name}-ledger`)
  const typeOf = (attribute: string | undefined) => {
    const found = input.AttributeDefinitions.find(({ AttributeName }) => AttributeName === attribute)
    return { name: attribute ?? '', type: found?.AttributeType === 'N' ? AttributeType.NUMBER : AttributeType.STRING }
  }
  const keyOf = (
    schema: readonly { readonly AttributeName: string; readonly KeyType: 'HASH' | 'RANGE' }[],
    type: 'HASH' | 'RANGE',
  ) => schema.find(({ KeyType }) => KeyType === type)?.AttributeName
  const table = new Table(scope, 'Ledger', {
    tableName: `${name}-ledger`,
    partitionKey: typeOf(keyOf(input.KeySchema, 'HASH')),
    billingMode: BillingMode.PAY_PER_REQUEST,
    timeToLiveAttribute: ttlAttribute,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection,
    removalPolicy: deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    ...(encryptionKey !== undefined && { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey }),
  })
  for (const { IndexName, KeySchema } of input.GlobalSecondaryIndexes) {
    table.addGlobalSecondaryIndex({
      indexName: IndexName,
      partitionKey: typeOf(keyOf(KeySchema, 'HASH')),
      sortKey: typeOf(keyOf(KeySchema, 'RANGE')),
      projectionType: ProjectionType.KEYS_ONLY,
    })
  }
  return table
}
