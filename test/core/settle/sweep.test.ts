/** What the sweep does to a run, over a real DynamoDB protocol. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createItems } from '../../../src/core/aws/dynamodb-items.ts'
import { sweep } from '../../../src/core/settle/sweep.ts'
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
const taskArn = 'arn:aws:ecs:eu-west-1:111122223333:task/c/a'

it('does not give up a task that ECS does not show yet, however long its run has waited for it', async () => {
  const run = '2'.repeat(20)
  await ledger.open(newRun(run, now), now)
  await claim(ledger, run, now)
  now += 2 * hour
  await ledger.recordLaunch({ run, taskArn, dueAt: now, deadline: undefined, launchedAt: now, attempts: [] })
  const services = servicesWith({ ledger, now: () => now, ecs: ecsWith({ describeTask: async () => undefined }) })
  await sweep(services)
  expect(await ledger.read(run)).toMatchObject({ status: 'starting' })
  now += hour + 1
  await sweep(services)
  expect(await ledger.read(run)).toMatchObject({
    status: 'failed',
    reason: expect.stringContaining('no longer knows the task') as unknown,
  })
})
