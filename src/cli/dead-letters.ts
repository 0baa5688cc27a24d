/**
 * What `start` has given up on → the queue again. Received, sent and deleted one by one: a message whose run has ended is only deleted,
 * which SQS' own move task could not tell. Sent before it is deleted: whatever breaks off in between, a start that comes twice is one.
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
import { Failure } from './load-config.ts'

export interface Dead {
  /** Absent: not a command of ours. */
  readonly verb?: string
  readonly run?: string
  readonly task?: string
  readonly status?: RunStatus
  /** As the ledger has it. */
  readonly reason?: string
  readonly fate: 'sent' | 'deleted' | 'left'
  readonly why?: string
}

export interface Redriving {
  readonly sqs: SQSClient
  readonly ledger: Ledger
  readonly queueUrl: string
  /** The dead-letter queue's URL. */
  readonly dead: string
  readonly max: number
  readonly dryRun: boolean
  /** Before it is done. */
  say(dead: Dead): void
}

/** @throws {Failure} where the queue is not there, or has none */
export async function deadQueueOf(sqs: SQSClient, queueUrl: string): Promise<string> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['RedrivePolicy'] }),
  )
  const { deadLetterTargetArn } = JSON.parse(Attributes?.RedrivePolicy ?? '{}') as { deadLetterTargetArn?: string }
  if (deadLetterTargetArn === undefined)
    throw new Failure(`${queueUrl} has no dead-letter queue; taskhook doctor says how to mend it`)
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: arnOf(deadLetterTargetArn)?.resource ?? '' }))
  return QueueUrl ?? ''
}

/** Seconds in which nobody else is given a message that is being looked at. */
const ours = 120

export async function redriveAll(how: Redriving): Promise<void> {
  const { sqs, dead, max } = how
  const kept: Message[] = []
  const seen = new Set<string>()
  try {
    while (seen.size < max) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: dead,
          MaxNumberOfMessages: Math.min(10, max - seen.size),
          VisibilityTimeout: ours,
          WaitTimeSeconds: 1,
        }),
      )
      const fresh = Messages.filter(({ MessageId = '' }) => !seen.has(MessageId))
      for (const message of fresh) {
        seen.add(message.MessageId ?? '')
        if (!(await redriveOne(how, message))) kept.push(message)
      }
      if (fresh.length === 0) return
    }
  } finally {
    for (const { ReceiptHandle } of kept)
      await sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: dead, ReceiptHandle, VisibilityTimeout: 0 }))
  }
}

/** @returns false: it is still there */
async function redriveOne(how: Redriving, { Body = '', ReceiptHandle }: Message): Promise<boolean> {
  const { sqs, ledger, queueUrl, dead, dryRun, say } = how
  const command = parseMessage(Body)
  const run = command === undefined || command.kind === 'deferred' ? undefined : command.run
  const row = run === undefined ? undefined : await ledger.readPublic(run)
  const judged = judge(command, row)
  say({
    ...(command !== undefined && { verb: verbOf(command) }),
    ...(run !== undefined && { run }),
    ...(row !== undefined && { task: row.plan.task, status: row.status }),
    ...(row?.reason !== undefined && { reason: row.reason }),
    ...judged,
  })
  if (dryRun || judged.fate === 'left') return false
  if (judged.fate === 'sent') await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: Body }))
  await sqs.send(new DeleteMessageCommand({ QueueUrl: dead, ReceiptHandle }))
  return true
}

/** What becomes of a message. Pure. */
export function judge(command: QueueMessage | undefined, row: PublicRecord | undefined): Pick<Dead, 'fate' | 'why'> {
  if (command === undefined) return { fate: 'left', why: 'taskhook has not sent it' }
  if (command.kind === 'deferred') return { fate: 'sent' }
  if (row === undefined) return { fate: 'deleted', why: 'the ledger does not know the run (any more)' }
  // Its sender may not know yet how it ended.
  if (command.kind === 'notify') return { fate: 'sent' }
  if (isTerminal(row.status)) return { fate: 'deleted', why: `the run has ended: ${row.status}` }
  if (command.kind === 'start' && row.taskArn !== undefined) return { fate: 'deleted', why: 'its task was started' }
  return { fate: 'sent' }
}
