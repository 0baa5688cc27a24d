/** AWS of a soak: the emulators, a dead-letter queue behind the queue, and ECS. */
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
import { start } from '../processes/start.ts'

export interface Depth {
  /** Nobody has taken them. */
  readonly visible: number
  /** Those that are being worked on or put off as well. */
  readonly all: number
}

export interface Aws {
  readonly env: Readonly<Record<string, string>>
  queue(): Promise<Depth>
  deadLetters(): Promise<Depth>
  /** Runs on which somebody still has to look. */
  open(): Promise<number>
  items(): Promise<readonly Readonly<Record<string, unknown>>[]>
  /** Every task that was ever started, as ECS has it. */
  tasks(): Promise<readonly Task[]>
  close(): Promise<void>
}

const local = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }

/** @param config file of the compiled config @param events where ECS' events go */
export async function startAws(config: string, events: string): Promise<Aws> {
  const [emulators, ecs] = await Promise.all([
    start<Record<string, string>>('emulators.ts'),
    start<string>('ecs.ts', { TASKHOOK_CONFIG: config, EVENTS: events }),
  ])
  const env = { ...emulators.said, AWS_ENDPOINT_URL_ECS: ecs.said }
  const dynamo = new DynamoDBClient({ ...local, endpoint: String(emulators.said.AWS_ENDPOINT_URL_DYNAMODB) })
  const sqs = new SQSClient({ ...local, endpoint: String(emulators.said.AWS_ENDPOINT_URL_SQS) })
  const client = new ECSClient({ ...local, endpoint: ecs.said })
  const queueUrl = String(emulators.said.TASKHOOK_QUEUE_URL)
  const deadUrl = await addDeadLetters(sqs, queueUrl)
  return {
    env,
    queue: () => depth(sqs, queueUrl),
    deadLetters: () => depth(sqs, deadUrl),
    open: () => countOpen(dynamo),
    items: () => allItems(dynamo),
    tasks: () => allTasks(client),
    async close() {
      for (const one of [dynamo, sqs, client]) one.destroy()
      await Promise.all([emulators.closed(), ecs.closed()])
    },
  }
}

/**
 * A deployment's queue brings a message five times, every three minutes. The local poller brings one that is busy every two seconds, so
 * the same patience is some hundreds.
 */
const maxReceiveCount = 400
/** Seconds until another life gets what a killed one had taken: short, so that nobody has to wait for it at the end. */
const VisibilityTimeout = '10'

async function addDeadLetters(sqs: SQSClient, queueUrl: string): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'taskhook-dead' }))
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }))
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount })
  await sqs.send(
    new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: { RedrivePolicy, VisibilityTimeout } }),
  )
  return QueueUrl
}

async function depth(sqs: SQSClient, QueueUrl: string): Promise<Depth> {
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
  const of = (what: '' | 'NotVisible' | 'Delayed') => Number(Attributes[`ApproximateNumberOfMessages${what}`] ?? 0)
  return { visible: of(''), all: of('') + of('NotVisible') + of('Delayed') }
}

async function countOpen(dynamo: DynamoDBClient): Promise<number> {
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
