/** DynamoDB and SQS without an AWS account: dynalite and fauxqs, called through the real SDK clients. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs'
import dynalite from 'dynalite'
import { buildApp } from 'fauxqs'
import { tableInput } from '../core/store/dynamodb-table.ts'

export const localCredentials = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
} as const

const clientOptions = (endpoint: string) => ({
  endpoint,
  region: localCredentials.AWS_REGION,
  credentials: {
    accessKeyId: localCredentials.AWS_ACCESS_KEY_ID,
    secretAccessKey: localCredentials.AWS_SECRET_ACCESS_KEY,
  },
})

export interface Emulators {
  /** The environment variables that the bridge needs to use them. */
  readonly env: Readonly<Record<string, string>>
  readonly dynamo: DynamoDBClient
  readonly sqs: SQSClient
  readonly queueUrl: string
  close(): Promise<void>
}

export async function startEmulators(): Promise<Emulators> {
  const [dynamoServer, sqsApp] = await Promise.all([startDynalite(), startFauxqs()])
  const dynamo = new DynamoDBClient(clientOptions(dynamoServer.url))
  const sqs = new SQSClient(clientOptions(sqsApp.url))
  await dynamo.send(new CreateTableCommand(tableInput('taskhook')))
  // The longest time that a start takes. After it, a message whose processing was interrupted is delivered again.
  const attributes = { VisibilityTimeout: '20' }
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'taskhook', Attributes: attributes }))
  if (QueueUrl === undefined) throw new Error('fauxqs did not create the queue')
  return {
    dynamo,
    sqs,
    queueUrl: QueueUrl,
    env: {
      ...localCredentials,
      AWS_ENDPOINT_URL_DYNAMODB: dynamoServer.url,
      AWS_ENDPOINT_URL_SQS: sqsApp.url,
      TASKHOOK_TABLE: 'taskhook',
      TASKHOOK_QUEUE_URL: QueueUrl,
    },
    async close() {
      dynamo.destroy()
      sqs.destroy()
      await Promise.all([dynamoServer.close(), sqsApp.close()])
    },
  }
}

async function startDynalite() {
  const server: Server = dynalite({ createTableMs: 0 })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: urlOf(server), close: () => closeServer(server) }
}

async function startFauxqs() {
  const app = buildApp({ logger: false })
  await app.listen({ host: '127.0.0.1', port: 0 })
  return {
    url: urlOf(app.server),
    async close() {
      app.server.closeAllConnections()
      await app.close()
    },
  }
}

export const urlOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

export function closeServer(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}
