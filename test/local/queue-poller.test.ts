import { SendMessageCommand } from '@aws-sdk/client-sqs'
import { expect, it, onTestFinished } from 'vitest'
import { startEmulators } from '../../src/local/emulators.ts'
import { createFaultInjector } from '../../src/local/faults/fault-injector.ts'
import { startPoller } from '../../src/local/queue-poller.ts'
import { eventually } from '../support/eventually.ts'

it('a message with the fault message-twice is delivered twice with one id, then deleted', async () => {
  const emulators = await startEmulators()
  const seen: { messageId: string; body: string }[] = []
  const faults = createFaultInjector()
  faults.inject({ kind: 'message-twice' })
  const start = async ({ Records }: { Records: readonly { messageId: string; body: string }[] }) => {
    seen.push(...Records)
    return { batchItemFailures: [] }
  }
  const poller = startPoller(emulators.sqs, emulators.queueUrl, start, () => {}, faults)
  onTestFinished(async () => {
    await poller.stop()
    await emulators.close()
  })
  const send = (MessageBody: string) =>
    emulators.sqs.send(new SendMessageCommand({ QueueUrl: emulators.queueUrl, MessageBody }))
  await send('first')
  await eventually(() => seen.length === 2)
  await send('second')
  await eventually(() => seen.length === 3)
  expect(seen.map(({ body }) => body)).toEqual(['first', 'first', 'second'])
  expect(seen[0]?.messageId).toBe(seen[1]?.messageId)
})
