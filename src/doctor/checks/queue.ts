/** The queue of starts: its timeout and its dead-letter queue. queue-reader.ts checks what reads it. */
import { GetQueueAttributesCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs'
import { arnOf } from '../../core/model/arn.ts'
import { type Finding, ok, problem, warning } from '../../core/model/checkup.ts'
import type { AwsClients } from '../account/clients.ts'
import { environmentOf } from '../account/context.ts'
import { getIfExists } from '../account/get-if-exists.ts'
import type { Check } from './check.ts'
import { queueReaderFaults } from './queue-reader.ts'

export const queue: Check = {
  about: 'queue',
  async run(context) {
    const url = environmentOf(context).TASKHOOK_QUEUE_URL
    if (url === undefined) return []
    const attributes = await attributesOf(context.aws, url)
    if (attributes === undefined)
      return [problem(`there is no queue ${url}`, 'deploy again, or correct TASKHOOK_QUEUE_URL')]
    const findings = [
      ...timeoutFaults(attributes, context.functions.start?.Timeout),
      ...(await deadLetterFaults(context.aws, attributes)),
      ...(await queueReaderFaults(context, attributes.QueueArn ?? '')),
    ]
    const messages = Number(attributes.ApproximateNumberOfMessages ?? 0)
    return findings.length > 0 ? findings : [ok(`start reads the queue; messages in it: ${messages}`)]
  },
}

type Attributes = Readonly<Record<string, string | undefined>>

async function attributesOf(aws: AwsClients, QueueUrl: string): Promise<Attributes | undefined> {
  const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })
  return (await getIfExists(aws.sqs.send(command)))?.Attributes
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
function timeoutFaults({ VisibilityTimeout = '0' }: Attributes, functionTimeout = 0): Finding[] {
  if (Number(VisibilityTimeout) >= functionTimeout) return []
  return [
    problem(
      `a message returns to the queue after ${VisibilityTimeout} s, while start may still work on it for up to ${functionTimeout} s`,
      `set the queue’s visibility timeout to ${functionTimeout * 6} s, six times the function’s timeout`,
    ),
  ]
}

async function deadLetterFaults(aws: AwsClients, { RedrivePolicy }: Attributes): Promise<Finding[]> {
  const { deadLetterTargetArn } = JSON.parse(RedrivePolicy ?? '{}') as { deadLetterTargetArn?: string }
  if (deadLetterTargetArn === undefined)
    return [
      problem(
        'the queue has no dead-letter queue: a message that keeps failing is retried for days without an alarm',
        'give the queue a redrive policy',
      ),
    ]
  const QueueName = arnOf(deadLetterTargetArn)?.resource ?? ''
  const url = await getIfExists(aws.sqs.send(new GetQueueUrlCommand({ QueueName })))
  if (url?.QueueUrl === undefined)
    return [problem(`the dead-letter queue ${QueueName} does not exist`, 'deploy again, or correct the redrive policy')]
  const dead = Number((await attributesOf(aws, url.QueueUrl))?.ApproximateNumberOfMessages ?? 0)
  if (dead === 0) return []
  return [
    warning(
      `messages in ${QueueName}: ${dead}; start failed to process each of them ten times`,
      'fix the cause, which is in the log of start, then run: npx taskhook redrive',
    ),
  ]
}
