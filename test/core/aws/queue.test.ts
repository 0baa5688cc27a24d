import { SQSClient } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import { createQueue } from '../../../src/core/aws/queue.ts'
import { parseMessage } from '../../../src/core/model/queue-messages.ts'

const run = '0123456789abcdef0123'

describe('parseCommand', () => {
  it('reads what send wrote', () => {
    expect(parseMessage(JSON.stringify({ verb: 'start', run }))).toEqual({ verb: 'start', run })
  })

  it('keeps nothing else', () => {
    expect(parseMessage(JSON.stringify({ verb: 'start', run, token: 'x' }))).toEqual({ verb: 'start', run })
  })

  it.each([
    '',
    'start',
    'null',
    '3',
    '[]',
    '{}',
    '{"verb":"start"}',
    `{"run":"${run}"}`,
    `{"verb":"stop","run":"${run}"}`,
    `{"verb":"START","run":"${run}"}`,
    '{"verb":"start","run":3}',
    '{"verb":"start","run":null}',
    '{"verb":"start","run":"x"}',
    `{"verb":"start","run":"${run}x"}`,
    `{"verb":"start","run":["${run}"]}`,
    '{"verb":"start","run":"run#0123456789abcdef"}',
  ])('%j is not a command of ours', (body) => {
    expect(parseMessage(body)).toBeUndefined()
  })
})

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
    await createQueue(client, 'https://sqs.eu-west-1.amazonaws.com/1/q').send({ verb: 'start', run }, delay)
    return sent
  }

  it('sends an id and a verb, and nothing of the payload', async () => {
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
  ])('a delay of %d s goes out as %d', async (asked, delay) => {
    expect(await sendWith(asked)).toMatchObject([{ DelaySeconds: delay }])
  })
})
