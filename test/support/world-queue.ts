/** The queue of a world, which its poller delivers. */
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs'
import { eventually } from './eventually.ts'
import type { World } from './world.ts'

/** Waits until every message has been delivered and taken. Delayed messages are waited for, too. */
export async function waitUntilQueueIsEmpty({ emulators }: Pick<World, 'emulators'>): Promise<void> {
  const counts = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const
  await eventually(async () => {
    const { Attributes = {} } = await emulators.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: emulators.queueUrl,
        AttributeNames: [...counts, 'ApproximateNumberOfMessagesDelayed'],
      }),
    )
    return Object.values(Attributes).every((count) => count === '0')
  })
}
