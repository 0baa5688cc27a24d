/** Commands for runs, in SQS: an id and what to do with it, never a payload. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs'
import { isRunId } from './run.ts'

export type Command =
  | { readonly verb: 'start'; readonly run: string }
  /** @property by a person's name, for the reason */
  | { readonly verb: 'cancel'; readonly run: string; readonly by: string }

export interface Queue {
  /** Durable once it resolves. @param delaySeconds up to 900 */
  send(command: Command, delaySeconds?: number): Promise<void>
}

/** SQS takes a delay of 15 minutes at most. */
export const maxDelaySeconds = 900

export const createQueue = (client: SQSClient, url: string): Queue => ({
  async send(command, delaySeconds = 0) {
    await client.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: JSON.stringify(command),
        DelaySeconds: Math.min(Math.max(0, Math.ceil(delaySeconds)), maxDelaySeconds),
      }),
    )
  },
})

/** Undefined: not a command of ours; trying again would not make it one. */
export function parseCommand(body: string): Command | undefined {
  try {
    const { verb, run, by } = JSON.parse(body) as Partial<Record<string, unknown>>
    if (typeof run !== 'string' || !isRunId(run)) return undefined
    if (verb === 'cancel') return { verb, run, by: typeof by === 'string' ? by : 'somebody' }
    return verb === 'start' ? { verb, run } : undefined
  } catch {
    return undefined
  }
}
