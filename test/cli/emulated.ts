/** The table, queue and dead-letter queue of a deployment, in emulators that another process can reach. */
import { CreateQueueCommand, GetQueueAttributesCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { createItems } from '../../src/core/aws/dynamodb-items.ts'
import type { Items } from '../../src/core/store/items.ts'
import { startEmulators } from '../../src/local/emulators.ts'

export async function startEmulated() {
  const emulators = await startEmulators()
  const { sqs, queueUrl } = emulators
  const { QueueUrl: deadUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'taskhook-dead' }))
  const dead = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: deadUrl, AttributeNames: ['QueueArn'] }))
  const policy = { deadLetterTargetArn: dead.Attributes?.QueueArn, maxReceiveCount: 3 }
  await sqs.send(
    new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: { RedrivePolicy: JSON.stringify(policy) } }),
  )
  const items: Items = createItems(emulators.dynamo, 'taskhook')
  return { ...emulators, env: { ...emulators.env }, deadUrl, items }
}
