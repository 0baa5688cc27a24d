/** Lambda's event source mapping for SQS: passes messages in batches to `start`, and deletes those that it processed. */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import type { Bridge } from '../core/bridge.ts'
import type { FaultSource } from './faults/fault-injector.ts'

export interface Poller {
  stop(): Promise<void>
}

/** Until a message that `start` failed to process is delivered again. */
const retrySeconds = 2
/** After an error of SQS itself. */
const pauseMs = 500

export function startPoller(
  sqs: SQSClient,
  queueUrl: string,
  start: Bridge['start'],
  onError: (error: unknown) => void,
  faults?: Pick<FaultSource, 'take'>,
): Poller {
  const stopping = new AbortController()
  const { signal } = stopping

  const poll = async (): Promise<void> => {
    const receive = new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 })
    const { Messages = [] } = await sqs.send(receive, { abortSignal: signal })
    if (Messages.length > 0) await processBatch(Messages, { sqs, queueUrl, start, faults })
  }
  const pollUntilStopped = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await poll()
      } catch (error) {
        if (signal.aborted) return
        onError(error)
        await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  const polling = pollUntilStopped()
  return {
    stop() {
      stopping.abort()
      return polling
    },
  }
}

interface Context {
  readonly sqs: SQSClient
  readonly queueUrl: string
  readonly start: Bridge['start']
  readonly faults: Pick<FaultSource, 'take'> | undefined
}

async function processBatch(messages: readonly Message[], { sqs, queueUrl, start, faults }: Context): Promise<void> {
  const records = messages.map(({ MessageId = '', Body = '' }) => ({ messageId: MessageId, body: Body }))
  const duplicates = records.filter(() => faults?.take('message', {}) !== undefined)
  const [{ batchItemFailures }] = await Promise.all([
    start({ Records: records }),
    ...duplicates.map((record) => start({ Records: [record] })),
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
