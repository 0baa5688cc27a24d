/** The deliveries of a soak, their order, and which of them are sent twice. The same seed gives the same ones. */
import push from '../../src/local/samples/github-push.json' with { type: 'json' }
import { randomFrom } from '../../test/adapters/random.ts'
import { type Delivery, githubDelivery, standardDelivery } from '../../test/support/deliveries.ts'
import { secrets, type TaskName } from './config.ts'

export interface PlannedDelivery {
  /** The same for a duplicate. */
  readonly id: string
  readonly task: TaskName
  readonly path: '/github' | '/partner'
  /** A retry gets a new timestamp if the sender's protocol has one. */
  sign(): Delivery
}

/** @returns groups in the order in which they are sent; the deliveries of a group are sent at the same moment */
export function planDeliveries(count: number, seed: number): readonly (readonly PlannedDelivery[])[] {
  const random = randomFrom(seed)
  const duplicates = Math.round(count / 10)
  const planned = Array.from({ length: count - duplicates }, (_, index) => plan(index, random))
  const order: PlannedDelivery[][] = planned.map((one) => [one])
  for (let index = 0; index < duplicates; index++) {
    const original = planned[Math.floor(random() * planned.length)]
    if (original === undefined) continue
    const at = order.findIndex(([first]) => first === original)
    // Half of the duplicates are sent together with the original, the others some time after it.
    if (index % 2 === 0) order[at]?.push(original)
    else order.splice(at + 1 + Math.floor(random() * order.length), 0, [original])
  }
  return order
}

function plan(index: number, random: () => number): PlannedDelivery {
  const choice = random()
  const task = choice < 0.06 ? 'grouped' : choice < 0.2 ? 'failing' : 'fine'
  const group = `group-${Math.floor(random() * 8)}`
  const id = `soak-${index}`
  if (random() < 0.5) return { id, task, path: '/github', sign: once(() => signPush(index, task, group)) }
  const body = JSON.stringify({ type: 'soak', task, group, at: index })
  return { id, task, path: '/partner', sign: () => standardDelivery(secrets.PARTNER_SECRET, body, { id }) }
}

/** GitHub repeats the same bytes. */
function signPush(index: number, task: TaskName, group: string): Delivery {
  const repository = { ...push.repository, name: task, full_name: `soak/${task}` }
  const after = index.toString(16).padStart(40, '0')
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
