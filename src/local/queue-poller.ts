/** What Lambda's event source mapping does for SQS: messages in batches to `start`, and only those that it took are deleted. */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import type { Bridge } from '../core/bridge.ts'
import type { Strikes } from './faults/fault-injector.ts'

export interface Poller {
  stop(): Promise<void>
}

/** Seconds until a message that `start` did not take comes back. */
const retrySeconds = 2

export function startPoller(
  sqs: SQSClient,
  queueUrl: string,
  start: Bridge['start'],
  onError: (error: unknown) => void,
  faults?: Pick<Strikes, 'take'>,
): Poller {
  const stopping = new AbortController()

  const poll = async (): Promise<void> => {
    const receive = new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 })
    const { Messages = [] } = await sqs.send(receive, { abortSignal: stopping.signal })
    if (Messages.length > 0) await handle(Messages)
  }

  const handle = async (messages: readonly Message[]): Promise<void> => {
    const records = messages.map(({ MessageId = '', Body = '' }) => ({ messageId: MessageId, body: Body }))
    const again = records.filter(() => faults?.take('message', {}) !== undefined)
    const [{ batchItemFailures }] = await Promise.all([
      start({ Records: records }),
      ...again.map((record) => start({ Records: [record] })),
    ])
    const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier))
    await Promise.all(
      messages.map(async ({ MessageId = '', ReceiptHandle }) => {
        const message = { QueueUrl: queueUrl, ReceiptHandle }
        if (!failed.has(MessageId)) await sqs.send(new DeleteMessageCommand(message))
        else await sqs.send(new ChangeMessageVisibilityCommand({ ...message, VisibilityTimeout: retrySeconds }))
      }),
    )
  }

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await poll()
      } catch (error) {
        if (stopping.signal.aborted) return
        onError(error)
        await new Promise((resolve) => setTimeout(resolve, 500))
      }
    }
  }

  const running = loop()
  return {
    stop() {
      stopping.abort()
      return running
    },
  }
}
