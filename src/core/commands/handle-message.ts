/** One message of the queue: parsed, dispatched, and brought again later if it could not be done now. */
import { parseMessage, type QueueMessage, retryDelaySeconds, type SqsRecord } from '../model/queue-messages.ts'
import { type DispatchServices, dispatch } from './dispatch.ts'

/** @returns the messages that SQS must deliver again: this one, or none */
export async function handleMessage(
  services: DispatchServices,
  record: SqsRecord,
): Promise<{ readonly itemIdentifier: string }[]> {
  const message = parseMessage(record.body)
  if (message === undefined) {
    services.log.error('dropped a message in the queue that taskhook did not send')
    return []
  }
  try {
    if ((await dispatch(services, message)) === 'done') return []
  } catch (error) {
    services.log.error(`${message.kind} failed; the queue will deliver it again`, { ...contextOf(message), error })
  }
  await postpone(services, record)
  return [{ itemIdentifier: record.messageId }]
}

/** If this fails, the message comes back when its visibility timeout ends. */
async function postpone({ queue, log }: DispatchServices, { receiptHandle, attributes }: SqsRecord): Promise<void> {
  if (receiptHandle === undefined) return
  try {
    await queue.retryLater(receiptHandle, retryDelaySeconds(Number(attributes?.ApproximateReceiveCount ?? 1)))
  } catch (error) {
    log.warn('could not postpone a message', { error })
  }
}

const contextOf = (message: QueueMessage) =>
  message.kind === 'deferred' ? { source: message.source } : { run: message.run }
