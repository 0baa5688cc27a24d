/** What people and senders do: deliveries, some of them twice, and actions on the runs that they start. */
import type { FunctionUrlResult } from '../../src/core/http/lambda-url.ts'
import { events, sources } from './config.ts'
import type { Random } from './random.ts'
import type { Scheduler } from './scheduler.ts'
import type { World } from './world.ts'

interface Delivery {
  readonly source: string
  readonly event: string
  readonly key: string
  readonly who: string
  /** No one acts on its runs, except to approve them. */
  readonly quiet?: true
}

export interface Workload {
  /** Runs of deliveries that were answered with 2xx. */
  readonly accepted: ReadonlySet<string>
  /** One more delivery, on whose runs no one acts; a run that needs an approval gets it. */
  ask(event: string, who: string): void
}

const minute = 60_000
export const people = ['ann', 'bob'] as const

export function startWorkload(world: World, scheduler: Scheduler, random: Random): Workload {
  const accepted = new Set<string>()
  const { at, now, count } = scheduler

  const deliver = (delivery: Delivery, tries = 0): void => {
    count('deliveries')
    const { source, event, key, who } = delivery
    const request = {
      rawPath: `/${source}`,
      headers: { 'x-key': key, 'x-event': event, 'content-type': 'application/json' },
      body: JSON.stringify({ who }),
      requestContext: { domainName: 'hooks.example.com', http: { method: 'POST' } },
    }
    world.receive(request, (how) => {
      const runs = how.kind === 'done' ? runsIn(how.value as FunctionUrlResult) : undefined
      if (runs !== undefined) return takeNote(runs, delivery)
      // A sender that gets no 2xx tries again, three times.
      if (tries < 3) at(now() + random.between(1_000, 2 * minute), () => deliver(delivery, tries + 1))
      if (tries < 3) count('deliveries tried again')
    })
  }

  const takeNote = (runs: readonly string[], { event, quiet }: Delivery): void => {
    if (quiet && event === 'voted') for (const run of runs) put('approve', run)
    for (const run of runs) if (!accepted.has(run) && quiet !== true) command(run, event)
    for (const run of runs) accepted.add(run)
  }

  /** Acts on some of the runs. */
  const command = (run: string, event: string): void => {
    // `receive` accepts an approval or a rejection only for a run that waits for one.
    const verbs =
      event === 'voted' ? (['cancel', 'approve', 'approve', 'reject'] as const) : (['cancel', 'progress'] as const)
    for (const verb of [random.pick(verbs), random.pick(verbs)]) {
      if (random.chance(0.6)) continue
      at(now() + random.between(0, random.chance(0.5) ? 10_000 : 10 * minute), () => {
        count(`commands: ${verb}`)
        scheduler.note(`a person: ${verb} ${run.slice(0, 4)}`)
        put(verb, run, random.below(100))
      })
    }
  }
  const put = (verb: string, run: string, percent = 0): void =>
    world.messages.put(JSON.stringify({ verb, run, by: 'judge', actor: 'judge', report: { percent }, at: now() }))

  const span = random.pick([50, 2_000, minute, 10 * minute])
  const favourite = random.pick(events)
  for (let left = random.between(2, 10); left > 0; left--) {
    // Mostly of one kind and one group, so that they interfere.
    const event = random.chance(0.6) ? favourite : random.pick(events)
    const delivery: Delivery = {
      event,
      source: random.pick(sources),
      key: `key ${left}`,
      who: random.pick(['ann', 'ann', 'bob']),
    }
    const first = now() + random.between(0, span)
    at(first, () => deliver(delivery))
    if (!random.chance(0.25)) continue
    count('duplicates')
    at(first + random.pick([0, 20, 200, 15_000, 5 * minute]), () => deliver(delivery))
  }
  return {
    accepted,
    ask: (event, who) => deliver({ event, source: 'caller', key: `asked ${event} ${who}`, who, quiet: true }),
  }
}

function runsIn({ statusCode, body }: FunctionUrlResult): readonly string[] | undefined {
  if (statusCode >= 300) return undefined
  return [...body.matchAll(/"run":\s*"([0-9a-f]{20})"/g)].map(([, run = '']) => run)
}
