/**
 * Redrives dead letters one by one. SQS's own move task cannot delete a message whose run has ended. A message is sent before it is
 * deleted: if the command is interrupted in between, the message exists twice, and a start that comes twice starts one task.
 */
import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs'
import { arnOf } from '../core/model/arn.ts'
import { parseMessage, type QueueMessage, verbOf } from '../core/model/queue-messages.ts'
import { isTerminal, type RunStatus } from '../core/model/run.ts'
import type { PublicRecord } from '../core/model/run-record.ts'
import type { Ledger } from '../core/store/ledger.ts'
import { CommandError } from './command-error.ts'

/** A message of the dead-letter queue, and what happens to it. `--json` prints it as it is. */
export interface DeadLetter {
  /** Absent: taskhook did not send the message. */
  readonly verb?: string
  readonly run?: string
  /** Of deferred work, which belongs to no run. */
  readonly source?: string
  readonly task?: string
  readonly status?: RunStatus
  /** The reason in the ledger. */
  readonly reason?: string
  readonly fate: 'sent' | 'deleted' | 'left'
  readonly why?: string
}

export interface Redrive {
  readonly sqs: SQSClient
  readonly ledger: Pick<Ledger, 'readPublic'>
  readonly queueUrl: string
  readonly deadLetterUrl: string
  readonly max: number
  readonly dryRun: boolean
  /** Called before the message is changed. */
  onMessage(letter: DeadLetter): void
}

/** Its URL. @throws {CommandError} if the queue has none */
export async function deadLetterQueueOf(sqs: SQSClient, queueUrl: string): Promise<string> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['RedrivePolicy'] }),
  )
  const { deadLetterTargetArn } = JSON.parse(Attributes?.RedrivePolicy ?? '{}') as { deadLetterTargetArn?: string }
  if (deadLetterTargetArn === undefined)
    throw new CommandError(`${queueUrl} has no dead-letter queue. Run taskhook doctor for a fix`)
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: arnOf(deadLetterTargetArn)?.resource ?? '' }))
  return QueueUrl ?? ''
}

/** Seconds for which no other consumer gets a message that was received here. */
const visibilityTimeout = 120

export async function redriveAll(redrive: Redrive): Promise<void> {
  const { sqs, deadLetterUrl, max } = redrive
  const left: Message[] = []
  const seen = new Set<string>()
  try {
    while (seen.size < max) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: deadLetterUrl,
          MaxNumberOfMessages: Math.min(10, max - seen.size),
          VisibilityTimeout: visibilityTimeout,
          WaitTimeSeconds: 1,
        }),
      )
      const fresh = Messages.filter(({ MessageId = '' }) => !seen.has(MessageId))
      for (const message of fresh) {
        seen.add(message.MessageId ?? '')
        if ((await redriveOne(redrive, message)) === 'left') left.push(message)
      }
      if (fresh.length === 0) return
    }
  } finally {
    for (const { ReceiptHandle } of left)
      await sqs.send(
        new ChangeMessageVisibilityCommand({ QueueUrl: deadLetterUrl, ReceiptHandle, VisibilityTimeout: 0 }),
      )
  }
}

/** @returns 'left' if the message is still in the dead-letter queue */
async function redriveOne(redrive: Redrive, { Body = '', ReceiptHandle }: Message): Promise<'left' | 'removed'> {
  const { sqs, ledger, queueUrl, deadLetterUrl, dryRun, onMessage } = redrive
  const message = parseMessage(Body)
  const run = message === undefined || message.kind === 'deferred' ? undefined : message.run
  const record = run === undefined ? undefined : await ledger.readPublic(run)
  const decision = fateOf(message, record)
  onMessage({
    ...(message !== undefined && { verb: verbOf(message) }),
    ...(message?.kind === 'deferred' && { source: message.source }),
    ...(run !== undefined && { run }),
    ...(record !== undefined && { task: record.plan.task, status: record.status }),
    ...(record?.reason !== undefined && { reason: record.reason }),
    ...decision,
  })
  if (dryRun || decision.fate === 'left') return 'left'
  if (decision.fate === 'sent') await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: Body }))
  await sqs.send(new DeleteMessageCommand({ QueueUrl: deadLetterUrl, ReceiptHandle }))
  return 'removed'
}

/** Pure. */
function fateOf(message: QueueMessage | undefined, record: PublicRecord | undefined): Pick<DeadLetter, 'fate' | 'why'> {
  if (message === undefined) return { fate: 'left', why: 'taskhook did not send it' }
  if (message.kind === 'deferred') return { fate: 'sent' }
  if (record === undefined) return { fate: 'deleted', why: 'the run is not in the ledger' }
  // The sender may still have to be notified of the end.
  if (message.kind === 'notify') return { fate: 'sent' }
  if (isTerminal(record.status)) return { fate: 'deleted', why: `the run has ended: ${record.status}` }
  if (message.kind === 'start' && record.taskArn !== undefined) return { fate: 'deleted', why: 'the task was started' }
  return { fate: 'sent' }
}
