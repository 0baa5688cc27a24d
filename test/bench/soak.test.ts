/** `npm run soak`, in short, and that its verdict sees what is wrong. */
import type { Task } from '@aws-sdk/client-ecs'
import { expect, it } from 'vitest'
import { planDeliveries } from '../../bench/soak/deliveries.ts'
import { nothingSent } from '../../bench/soak/senders.ts'
import { soak } from '../../bench/soak/soak.ts'
import { type Seen, verdict } from '../../bench/soak/verdict.ts'

it('deliveries to handlers that are killed meanwhile start one task each, and their senders know how it ended', async () => {
  const { checks, kills } = await soak({ deliveries: 50, kills: 3, concurrency: 8, seed: 3 })
  expect(checks.filter(({ found, wanted }) => found !== wanted)).toEqual([])
  expect(kills).toBe(3)
}, 240_000)

const [only] = planDeliveries(1, 1).flat()
const run = '0123456789abcdef0123'
const task = (id: string): Task => ({ taskArn: id, startedBy: `taskhook/${run}`, createdAt: new Date(0) })
const row = { pk: `run#${run}`, run, status: 'succeeded' }

/** One delivery that went well. */
function good(): Seen {
  if (only === undefined) throw new Error('nothing was planned')
  const sent = { ...nothingSent(), runs: new Map([[only.id, new Set([run])]]), times: [1] }
  const told = new Map([[run, ['running', only.task === 'failing' ? 'failed' : 'succeeded']]])
  const items = [{ ...row, status: only.task === 'failing' ? 'failed' : 'succeeded' }]
  const started = new Map([[run, new Set(['a'])]])
  return { planned: [only], sent, told, items, tasks: [task('a')], started, dead: 0, queued: 0 }
}
const wrong = (seen: Seen): string[] =>
  verdict(seen)
    .filter(({ found, wanted }) => found !== wanted)
    .map(({ what }) => what)

it('the verdict on one that went well has nothing to say', () => {
  expect(wrong(good())).toEqual([])
})

it.each<[string, Partial<Seen>]>([
  ['deliveries that were taken', { sent: { ...good().sent, times: [] } }],
  ['runs in the ledger', { items: [] }],
  ['deliveries with two runs', { sent: { ...good().sent, runs: new Map([['soak-0', new Set([run, 'b'])]]) } }],
  ['runs without a task', { tasks: [] }],
  ['runs with two tasks, by ECS', { tasks: [task('a'), task('b')] }],
  ['runs with two tasks, by their events', { started: new Map([[run, new Set(['a', 'b'])]]) }],
  ['runs that have not ended', { items: [{ ...row, status: 'running' }] }],
  ['runs that ended otherwise than their task', { items: [{ ...row, status: 'timed-out' }] }],
  ['senders that do not know the end', { told: new Map([[run, ['running']]]) }],
  ['runs in the open index', { items: [{ ...row, open: 'open' }] }],
  ['groups that still hold a slot', { items: [row, { pk: 'group#x', inside: ['a'], waiting: [] }] }],
  ['messages in the queue', { queued: 1 }],
  ['messages in the dead-letter queue', { dead: 1 }],
])('the verdict sees %s', (what, change) => {
  expect(wrong({ ...good(), ...change })).toContain(what)
})
