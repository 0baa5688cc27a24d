/** `npm run soak` with few deliveries, and tests that each of its checks can fail. */
import type { Task } from '@aws-sdk/client-ecs'
import { expect, it } from 'vitest'
import { checkSoak, type SoakObservations } from '../../bench/soak/checks.ts'
import { planDeliveries } from '../../bench/soak/deliveries.ts'
import { runSoak } from '../../bench/soak/run-soak.ts'
import { emptySent } from '../../bench/soak/senders.ts'

it('starts one task for each delivery and notifies its sender, while instances are killed', async () => {
  const { checks, kills } = await runSoak({ deliveries: 50, kills: 3, concurrency: 8, seed: 3 })
  expect(checks.filter(({ actual, expected }) => actual !== expected)).toEqual([])
  expect(kills).toBe(3)
}, 240_000)

const [only] = planDeliveries(1, 1).flat()
const run = '0123456789abcdef0123'
const task = (id: string): Task => ({ taskArn: id, startedBy: `taskhook/${run}`, createdAt: new Date(0) })
const row = { pk: `run#${run}`, run, status: 'succeeded' }

/** One delivery whose run succeeded. */
function valid(): SoakObservations {
  if (only === undefined) throw new Error('no delivery was planned')
  const sent = { ...emptySent(), runs: new Map([[only.id, new Set([run])]]), times: [1] }
  const notifications = new Map([[run, ['running', only.task === 'failing' ? 'failed' : 'succeeded']]])
  const items = [{ ...row, status: only.task === 'failing' ? 'failed' : 'succeeded' }]
  const tasksByRun = new Map([[run, new Set(['a'])]])
  return { planned: [only], sent, notifications, items, tasks: [task('a')], tasksByRun, deadLetters: 0, queued: 0 }
}
const failedChecks = (observations: SoakObservations): string[] =>
  checkSoak(observations)
    .filter(({ actual, expected }) => actual !== expected)
    .map(({ what }) => what)

it('every check passes for a valid delivery', () => {
  expect(failedChecks(valid())).toEqual([])
})

it.each<[string, Partial<SoakObservations>]>([
  ['deliveries accepted', { sent: { ...valid().sent, times: [] } }],
  ['runs in the ledger', { items: [] }],
  ['deliveries with two runs', { sent: { ...valid().sent, runs: new Map([['soak-0', new Set([run, 'b'])]]) } }],
  ['runs without a task', { tasks: [] }],
  ['runs with two tasks, by ECS', { tasks: [task('a'), task('b')] }],
  ['runs with two tasks, by events', { tasksByRun: new Map([[run, new Set(['a', 'b'])]]) }],
  ['runs that have not ended', { items: [{ ...row, status: 'running' }] }],
  ['runs whose status differs from their task’s', { items: [{ ...row, status: 'timed-out' }] }],
  ['senders not notified of the end', { notifications: new Map([[run, ['running']]]) }],
  ['runs in the open index', { items: [{ ...row, open: 'open' }] }],
  ['groups that still hold a slot', { items: [row, { pk: 'group#x', inside: ['a'], waiting: [] }] }],
  ['messages in the queue', { queued: 1 }],
  ['messages in the dead-letter queue', { deadLetters: 1 }],
])('detects: %s', (what, change) => {
  expect(failedChecks({ ...valid(), ...change })).toContain(what)
})
