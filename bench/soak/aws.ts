/** AWS of a soak: DynamoDB and SQS emulators with a dead-letter queue, and local ECS. */
import {
  type AttributeValue,
  DynamoDBClient,
  QueryCommand,
  ScanCommand,
  type ScanCommandOutput,
} from '@aws-sdk/client-dynamodb'
import { DescribeTasksCommand, ECSClient, ListTasksCommand, type Task } from '@aws-sdk/client-ecs'
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { unmarshall } from '@aws-sdk/util-dynamodb'
import { startChild } from '../processes/child-process.ts'

export interface QueueDepth {
  /** Not received by any consumer. */
  readonly visible: number
  /** Also those that are being processed or delayed. */
  readonly all: number
}

export interface SoakAws {
  readonly env: Readonly<Record<string, string>>
  queue(): Promise<QueueDepth>
  deadLetters(): Promise<QueueDepth>
  /** The number of runs in the index `open`. */
  openRuns(): Promise<number>
  items(): Promise<readonly Readonly<Record<string, unknown>>[]>
  /** Every task that was started, as ECS lists it. */
  tasks(): Promise<readonly Task[]>
  close(): Promise<void>
}

const local = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }

/** @param configFile the compiled config @param eventsUrl where the events of ECS are sent */
export async function startAws(configFile: string, eventsUrl: string): Promise<SoakAws> {
  const [emulators, ecs] = await Promise.all([
    startChild<Record<string, string>>('emulators.ts'),
    startChild<string>('ecs.ts', { TASKHOOK_CONFIG: configFile, EVENTS: eventsUrl }),
  ])
  const env = { ...emulators.ready, AWS_ENDPOINT_URL_ECS: ecs.ready }
  const dynamo = new DynamoDBClient({ ...local, endpoint: String(emulators.ready.AWS_ENDPOINT_URL_DYNAMODB) })
  const sqs = new SQSClient({ ...local, endpoint: String(emulators.ready.AWS_ENDPOINT_URL_SQS) })
  const client = new ECSClient({ ...local, endpoint: ecs.ready })
  const queueUrl = String(emulators.ready.TASKHOOK_QUEUE_URL)
  const deadUrl = await addDeadLetterQueue(sqs, queueUrl)
  return {
    env,
    queue: () => queueDepth(sqs, queueUrl),
    deadLetters: () => queueDepth(sqs, deadUrl),
    openRuns: () => countOpenRuns(dynamo),
    items: () => allItems(dynamo),
    tasks: () => allTasks(client),
    async close() {
      for (const each of [dynamo, sqs, client]) each.destroy()
      await Promise.all([emulators.close(), ecs.close()])
    },
  }
}

/**
 * In AWS, a message is retried for about an hour. The local poller retries every two seconds, so a similar time takes some hundred
 * receives.
 */
const maxReceiveCount = 400
/** Seconds until another instance gets a message that a killed one had received. Short, to end the soak sooner. */
const VisibilityTimeout = '10'

async function addDeadLetterQueue(sqs: SQSClient, queueUrl: string): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'taskhook-dead' }))
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }))
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount })
  await sqs.send(
    new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: { RedrivePolicy, VisibilityTimeout } }),
  )
  return QueueUrl
}

async function queueDepth(sqs: SQSClient, QueueUrl: string): Promise<QueueDepth> {
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
  const numberOf = (what: '' | 'NotVisible' | 'Delayed') =>
    Number(Attributes[`ApproximateNumberOfMessages${what}`] ?? 0)
  return { visible: numberOf(''), all: numberOf('') + numberOf('NotVisible') + numberOf('Delayed') }
}

async function countOpenRuns(dynamo: DynamoDBClient): Promise<number> {
  const { Count = 0 } = await dynamo.send(
    new QueryCommand({
      TableName: 'taskhook',
      IndexName: 'open',
      KeyConditionExpression: '#open = :open',
      ExpressionAttributeNames: { '#open': 'open' },
      ExpressionAttributeValues: { ':open': { S: 'open' } },
      Select: 'COUNT',
    }),
  )
  return Count
}

async function allItems(dynamo: DynamoDBClient) {
  const items: Record<string, unknown>[] = []
  let from: Record<string, AttributeValue> | undefined
  do {
    const page: ScanCommandOutput = await dynamo.send(
      new ScanCommand({ TableName: 'taskhook', ExclusiveStartKey: from }),
    )
    items.push(...(page.Items ?? []).map((item) => unmarshall(item)))
    from = page.LastEvaluatedKey
  } while (from !== undefined)
  return items
}

async function allTasks(client: ECSClient): Promise<readonly Task[]> {
  const tasks = new Map<string, Task>()
  for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) {
    let nextToken: string | undefined
    do {
      const list = await client.send(new ListTasksCommand({ cluster: 'soak', desiredStatus, nextToken }))
      const { taskArns = [] } = list
      nextToken = list.nextToken
      if (taskArns.length === 0) break
      const { tasks: found = [] } = await client.send(new DescribeTasksCommand({ cluster: 'soak', tasks: taskArns }))
      for (const task of found) tasks.set(task.taskArn ?? '', task)
    } while (nextToken !== undefined)
  }
  return [...tasks.values()]
}
