/** Launching a claimed run, over a real DynamoDB protocol. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createItems } from '../../../src/core/aws/dynamodb-items.ts'
import type { Ecs, StartResult } from '../../../src/core/aws/ecs.ts'
import { launch } from '../../../src/core/launch/launch.ts'
import { meanings, refusal } from '../../../src/core/model/run-task-errors.ts'
import type { Services } from '../../../src/core/services.ts'
import { createLedger } from '../../../src/core/store/dynamodb-ledger.ts'
import type { Ledger } from '../../../src/core/store/ledger.ts'
import { type Emulators, startEmulators } from '../../../src/local/emulators.ts'
import { claim, ecsWith, newRun, servicesWith } from '../step-services.ts'

let emulators: Emulators
let ledger: Ledger
let now = 1_800_000_000_000
beforeAll(async () => {
  emulators = await startEmulators()
  ledger = createLedger(createItems(emulators.dynamo, 'taskhook'))
})
afterAll(() => emulators.close())

const hour = 3_600_000
const launchWith = async (run: string, ecs: Partial<Ecs>, more: Partial<Services> = {}) =>
  launch(servicesWith({ ledger, now: () => now, ecs: ecsWith(ecs), ...more }), await claim(ledger, run, now))

it('does not believe a refusal after a lost call: its task may be running', async () => {
  const run = '1'.repeat(20)
  const answers: StartResult[] = [refusal('lost', 'x'), refusal('access-denied', 'x'), refusal('access-denied', 'x')]
  const tokens: string[] = []
  const runTask: Ecs['runTask'] = async (_, token) => {
    tokens.push(token)
    return answers.shift() ?? refusal('conflict', 'one call too many')
  }
  await ledger.open(newRun(run, now), now)
  await launchWith(run, { runTask })
  await launchWith(run, { runTask })
  expect(await ledger.read(run)).toMatchObject({ status: 'queued', unsure: true })
  expect(new Set(tokens).size).toBe(1)
  now += hour + 1
  await launchWith(run, { runTask })
  expect(await ledger.read(run)).toMatchObject({ status: 'failed-to-start', reason: meanings['access-denied'].reason })
})

/** The run is cancelled while ECS refuses it. */
async function cancelledMeanwhile(run: string, answer: StartResult) {
  const delays: (number | undefined)[] = []
  const queue: Services['queue'] = { send: async (_, delay) => void delays.push(delay), retryLater: async () => {} }
  const runTask = async () => {
    await ledger.cancel({ run, by: 'ann', reason: 'cancelled by ann', now })
    return answer
  }
  await ledger.open(newRun(run, now), now)
  await launchWith(run, { runTask }, { queue })
  return delays.map((delay = 0) => delay)
}

it('ends a refused run at once if it was cancelled while it was claimed', async () => {
  const run = '8'.repeat(20)
  expect(await cancelledMeanwhile(run, refusal('quota', 'x'))).toEqual([])
  expect(await ledger.read(run)).toMatchObject({
    ...{ status: 'cancelled', reason: 'cancelled by ann', endedBy: { kind: 'cancelled', by: 'ann' } },
    notified: 'cancelled',
  })
})

it('starts a cancelled run that may have a task again at once, and stops the task that its token finds', async () => {
  const run = '9'.repeat(20)
  expect(await cancelledMeanwhile(run, refusal('lost', 'x'))).toEqual([0])
  expect(await ledger.read(run)).toMatchObject({ status: 'queued', unsure: true })
  const stopped: string[] = []
  const taskArn = 'arn:aws:ecs:eu-west-1:111122223333:task/c/a'
  await launchWith(run, {
    runTask: async () => ({ kind: 'started', taskArn }),
    stopTask: async (_, task, reason) => void stopped.push(`${task} ${reason}`),
  })
  expect(stopped).toEqual([`${taskArn} taskhook: cancelled by ann`])
})

it('repeats the start of a cancelled run that may have a task within seconds, and notifies only of its end', async () => {
  const run = '7'.repeat(20)
  await cancelledMeanwhile(run, refusal('lost', 'x'))
  // After a lost call ECS is not believed. Without the cancellation the next try would come after two minutes.
  const delays: (number | undefined)[] = []
  const queue: Services['queue'] = { send: async (_, delay) => void delays.push(delay), retryLater: async () => {} }
  await launchWith(run, { runTask: async () => refusal('access-denied', 'x') }, { queue })
  expect(delays).toEqual([10])
  const { status, notified } = (await ledger.read(run)) ?? {}
  expect({ status, notified }).toEqual({ status: 'queued', notified: undefined })
})
