/** One message of the queue: parsed, done, and brought again later if it could not be done now. */
import { cancelRun } from '../lifecycle/cancel.ts'
import { parseMessage, type QueueMessage, retryDelaySeconds, type SqsRecord } from '../model/queue-messages.ts'
import { type ApproveServices, approve } from './approve.ts'
import { notifyNewest } from './notify-newest.ts'
import { type ProgressServices, recordProgress } from './record-progress.ts'
import { type RejectServices, reject } from './reject.ts'
import { type DeferredServices, runDeferred } from './run-deferred.ts'
import { type StartServices, startRun } from './start-run.ts'

export type MessageServices = StartServices & ApproveServices & RejectServices & ProgressServices & DeferredServices

/** @returns the messages that SQS must deliver again: this one, or none */
export async function handleMessage(
  services: MessageServices,
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
async function postpone({ queue, log }: MessageServices, { receiptHandle, attributes }: SqsRecord): Promise<void> {
  if (receiptHandle === undefined) return
  try {
    await queue.retryLater(receiptHandle, retryDelaySeconds(Number(attributes?.ApproximateReceiveCount ?? 1)))
  } catch (error) {
    log.warn('could not postpone a message', { error })
  }
}

const contextOf = (message: QueueMessage) =>
  message.kind === 'deferred' ? { source: message.source } : { run: message.run }

/** `busy`: another function is starting the run, so the message must come again later. */
type MessageOutcome = 'done' | 'busy'

/** What each message of the queue does. */
async function dispatch(services: MessageServices, message: QueueMessage): Promise<MessageOutcome> {
  switch (message.kind) {
    case 'start':
      return startRun(services, message.run)
    case 'reject':
      return reject(services, message)
    case 'cancel':
      await cancelRun(services, message.run, message.by)
      return 'done'
    case 'approve':
      await approve(services, message)
      return 'done'
    case 'progress':
      await recordProgress(services, message)
      return 'done'
    case 'notify':
      await notifyNewest(services, message.run)
      return 'done'
    case 'deferred':
      await runDeferred(services, message)
      return 'done'
  }
}
