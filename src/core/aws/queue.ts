/** Commands in SQS: what is to be done with which run, and errands of a source. Never a payload, never a secret. */
import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { maxDelaySeconds, type QueueMessage } from '../model/queue-messages.ts'

export interface Queue {
  /** Durable once it resolves. @param delaySeconds up to 900 */
  send(command: QueueMessage, delaySeconds?: number): Promise<void>
  /** A message that was not taken comes back after so long, and not when its visibility timeout ends. */
  retryLater(receiptHandle: string, seconds: number): Promise<void>
}

export const createQueue = (client: SQSClient, url: string): Queue => ({
  async send(command, delaySeconds = 0) {
    const delay = Math.min(Math.max(0, Math.ceil(delaySeconds)), maxDelaySeconds)
    await client.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: JSON.stringify(command),
        DelaySeconds: delay,
        ...(delay > 0 && { MessageAttributes: { delay: { DataType: 'Number', StringValue: String(delay) } } }),
      }),
    )
  },

  async retryLater(ReceiptHandle, seconds) {
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout: seconds }))
  },
})
