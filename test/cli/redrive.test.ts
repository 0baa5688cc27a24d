/** The shipped command against an emulated table and queues. */

import {
  GetQueueAttributesCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { isNew } from '../../src/core/store/ledger-conditions.ts'
import { startEmulated } from './emulated.ts'
import { taskhook } from './process.ts'

// Several processes in each test.
vi.setConfig({ testTimeout: 60_000 })

type Emulated = Awaited<ReturnType<typeof startEmulated>>
let there: Emulated
const ids = { waits: 'a'.repeat(20), ended: 'b'.repeat(20), runs: 'c'.repeat(20), gone: 'd'.repeat(20) }
beforeAll(async () => {
  there = await startEmulated()
  const row = (run: string, more: object) =>
    there.items.create(`run#${run}`, { run, task: 'analyze', plan: '{"task":"analyze"}', createdAt: 1, ...more }, isNew)
  await row(ids.waits, { status: 'queued', reason: `AccessDenied: ${'user not allowed '.repeat(10)}` })
  await row(ids.ended, { status: 'failed' })
  await row(ids.runs, { status: 'running', taskArn: 'arn:aws:ecs:us-east-1:1:task/c/1' })
})
afterAll(() => there?.close())

const start = (run: string) => JSON.stringify({ verb: 'start', run })
const bodies = [...Object.values(ids).map(start), 'hello']
beforeEach(async () => {
  for (const QueueUrl of [there.queueUrl, there.deadUrl]) await there.sqs.send(new PurgeQueueCommand({ QueueUrl }))
  for (const MessageBody of bodies)
    await there.sqs.send(new SendMessageCommand({ QueueUrl: there.deadUrl, MessageBody }))
})

const redrive = (...args: string[]) => taskhook(['redrive', ...args], { env: there.env })
const dead = async () => {
  const names = ['ApproximateNumberOfMessages'] as const
  const answer = await there.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: there.deadUrl, AttributeNames: [...names] }),
  )
  return Number(answer.Attributes?.ApproximateNumberOfMessages)
}
const back = async () => {
  const { Messages = [] } = await there.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: there.queueUrl, MaxNumberOfMessages: 10 }),
  )
  return Messages.map(({ Body }) => Body)
}

it('returns messages that can still start a run, deletes those that cannot, leaves unknown ones, and prints each within 80 columns', async () => {
  const { code, stdout, stderr } = await redrive()
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  expect(stdout).toContain(`start  ${ids.waits}  analyze  queued\n  AccessDenied: user not allowed`)
  expect(stdout).toContain(`start  ${ids.ended}  analyze  failed\n  deleted: the run has ended: failed\n`)
  expect(stdout).toContain(`start  ${ids.runs}  analyze  running\n  deleted: the task was started\n`)
  expect(stdout).toContain(`start  ${ids.gone}\n  deleted: the run is not in the ledger\n`)
  expect(stdout).toContain('unknown message\n  left in the dead-letter queue: taskhook did not send it\n')
  expect(stdout).toMatch(/\n1 returned, 3 deleted, 1 left\n$/)
  for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  expect(await back()).toEqual([start(ids.waits)])
  expect(await dead()).toBe(1)
})

it('--dry-run changes nothing, and the messages can be received right after it', async () => {
  const { stdout } = await redrive('--dry-run')
  expect(stdout).toContain('would be returned to the queue')
  expect(stdout).toMatch(/\n1 would be returned, 3 would be deleted, 1 left\n$/)
  expect([await back(), await dead()]).toEqual([[], bodies.length])
})

it('--max limits the number of messages, and --json prints a line for each', async () => {
  const { code, stdout } = await redrive('--max', '2', '--json')
  expect(code).toBe(0)
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object)
  expect(lines).toHaveLength(2)
  expect(lines[0]).toMatchObject({ verb: 'start', run: ids.waits, task: 'analyze', status: 'queued', fate: 'sent' })
  expect(await dead()).toBe(bodies.length - 2)
  expect(await redrive('--max', 'all')).toMatchObject({ code: 1, stderr: '--max: "all" is not a number from 1\n' })
})

it('reports an empty queue', async () => {
  await there.sqs.send(new PurgeQueueCommand({ QueueUrl: there.deadUrl }))
  expect(await redrive()).toEqual({ code: 0, stdout: 'the dead-letter queue is empty\n', stderr: '' })
})
