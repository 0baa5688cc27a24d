/** The queue of a stage: the test takes its messages, and delivers them to `start` as Lambda does. */
import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'
import type { Bridge, SqsResult } from '../../src/core/bridge.ts'
import type { Relay } from './relay.ts'

export interface StageQueue {
  /** Removes the messages that are visible now. @returns their bodies */
  takeMessages(): Promise<readonly string[]>
  /** Delivers messages to `start`, in one batch. An object is written as JSON. */
  deliver(...messages: readonly (string | object)[]): Promise<SqsResult>
  /** Takes the messages that are visible now, and delivers each on its own. @returns their bodies */
  deliverQueue(): Promise<readonly string[]>
  /** Does the same until the queue is empty. @returns all bodies */
  drainQueue(): Promise<readonly string[]>
  /** The delays in seconds of all messages that were sent for a run. */
  messageDelays(run: string): readonly number[]
}

export function createStageQueue(client: SQSClient, QueueUrl: string, sqs: Relay, start: Bridge['start']): StageQueue {
  const takeMessages = async (): Promise<string[]> => {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
    )
    for (const { ReceiptHandle } of Messages) await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
    return Messages.length === 0 ? [] : [...Messages.map(({ Body = '' }) => Body), ...(await takeMessages())]
  }
  const deliver: StageQueue['deliver'] = (...messages) =>
    start({
      Records: messages.map((message, at) => ({
        messageId: `message-${at}`,
        body: typeof message === 'string' ? message : JSON.stringify(message),
      })),
    })
  const deliverQueue = async (): Promise<readonly string[]> => {
    const bodies = await takeMessages()
    for (const body of bodies) await deliver(body)
    return bodies
  }
  return {
    takeMessages,
    deliver,
    deliverQueue,
    async drainQueue() {
      const all: string[] = []
      for (let bodies = await deliverQueue(); bodies.length > 0; bodies = await deliverQueue()) all.push(...bodies)
      return all
    },
    messageDelays: (run) =>
      sqs
        .callsOf('SendMessage')
        .filter(({ input }) => String(input.MessageBody).includes(run))
        .map(({ input }) => Number(input.DelaySeconds)),
  }
}
