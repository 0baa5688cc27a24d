/** Which deliveries are sent, in which order, and which of them twice. The same seed makes the same ones. */
import push from '../../src/local/samples/github-push.json' with { type: 'json' }
import { randomFrom } from '../../test/adapters/random.ts'
import { type Delivery, githubDelivery, standardDelivery } from '../../test/support/deliveries.ts'
import { secrets, type TaskName } from './config.ts'

export interface Planned {
  /** Of the delivery, however often it is sent. */
  readonly id: string
  readonly task: TaskName
  readonly path: '/github' | '/partner'
  /** As it goes out this time: a repetition has a new timestamp where the sender's protocol has one. */
  make(): Delivery
}

/** @returns what is sent one after another; what stands together is sent at the same moment */
export function planDeliveries(count: number, seed: number): readonly (readonly Planned[])[] {
  const random = randomFrom(seed)
  const duplicates = Math.round(count / 10)
  const planned = Array.from({ length: count - duplicates }, (_, at) => plan(at, random))
  const order: Planned[][] = planned.map((one) => [one])
  for (let at = 0; at < duplicates; at++) {
    const place = Math.floor(random() * planned.length)
    const twin = planned[place]
    if (twin === undefined) continue
    if (at % 2 === 0) order[order.findIndex(([first]) => first === twin)]?.push(twin)
    else order.splice(order.findIndex(([first]) => first === twin) + 1 + Math.floor(random() * order.length), 0, [twin])
  }
  return order
}

function plan(at: number, random: () => number): Planned {
  const luck = random()
  const task = luck < 0.06 ? 'grouped' : luck < 0.2 ? 'failing' : 'fine'
  const group = `group-${Math.floor(random() * 8)}`
  const id = `soak-${at}`
  if (random() < 0.5) return { id, task, path: '/github', make: once(() => pushOf(at, task, group)) }
  const body = JSON.stringify({ type: 'soak', task, group, at })
  return { id, task, path: '/partner', make: () => standardDelivery(secrets.PARTNER_SECRET, body, { id }) }
}

/** GitHub repeats the very bytes. */
function pushOf(at: number, task: TaskName, group: string): Delivery {
  const repository = { ...push.repository, name: task, full_name: `soak/${task}` }
  const after = at.toString(16).padStart(40, '0')
  const body = JSON.stringify({ ...push, after, repository, pusher: { ...push.pusher, name: group } })
  return githubDelivery(secrets.GITHUB_SECRET, body, 'push')
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
