/** The queue over SQS. */
import { ChangeMessageVisibilityCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { maxDelaySeconds, messageBody, type QueueMessage } from '../model/queue-messages.ts'

export interface Queue {
  /** The message is stored when this resolves. @param delaySeconds up to 900 */
  send(message: QueueMessage, delaySeconds?: number): Promise<void>
  /** A message that was not handled comes back after this time, and not when its visibility timeout ends. */
  retryLater(receiptHandle: string, seconds: number): Promise<void>
}

export const createQueue = (client: SQSClient, url: string): Queue => ({
  async send(message, delaySeconds = 0) {
    const delay = Math.min(Math.max(0, Math.ceil(delaySeconds)), maxDelaySeconds)
    await client.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: messageBody(message),
        DelaySeconds: delay,
        ...(delay > 0 && { MessageAttributes: { delay: { DataType: 'Number', StringValue: String(delay) } } }),
      }),
    )
  },

  async retryLater(ReceiptHandle, seconds) {
    await client.send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout: seconds }))
  },
})
