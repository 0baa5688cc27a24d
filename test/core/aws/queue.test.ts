import { SQSClient } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import { createQueue } from '../../../src/core/aws/queue.ts'

const run = '0123456789abcdef0123'

describe('send', () => {
  const sendWith = async (delay?: number) => {
    const sent: Record<string, unknown>[] = []
    const client = new SQSClient({ region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } })
    client.middlewareStack.add(
      () => async (args) => {
        sent.push(args.input as unknown as Record<string, unknown>)
        return { output: { $metadata: {} }, response: {} }
      },
      { step: 'initialize' },
    )
    await createQueue(client, 'https://sqs.eu-west-1.amazonaws.com/1/q').send({ kind: 'start', run }, delay)
    return sent
  }

  it('sends an ID and a verb, and nothing of the payload', async () => {
    expect(await sendWith()).toEqual([
      {
        QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/1/q',
        MessageBody: JSON.stringify({ verb: 'start', run }),
        DelaySeconds: 0,
      },
    ])
  })

  it.each([
    [0, 0],
    [5, 5],
    [0.2, 1],
    [900, 900],
    [901, 900],
    [100_000, 900],
    [-3, 0],
  ])('sends a delay of %d s as %d s', async (asked, delay) => {
    expect(await sendWith(asked)).toMatchObject([{ DelaySeconds: delay }])
  })
})
