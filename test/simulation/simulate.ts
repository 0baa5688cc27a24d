/** Plays the history of one seed, with the real core and models around it, and checks it. */
import { type Day, drawDay, drawFaults, drawPace } from './faults.ts'
import { checkAtRest, checkStarted, tasksWithStaleSlots } from './final-state.ts'
import { createMonitor } from './invariant-monitor.ts'
import { createRandom } from './random.ts'
import { createScheduler, lateWrites } from './scheduler.ts'
import { people, startWorkload } from './workload.ts'
import { createWorld, type Mutate } from './world.ts'

export interface History {
  readonly seed: number
  readonly violations: readonly string[]
  /** What happened, step by step, with the time. */
  readonly trace: readonly string[]
  readonly counts: Readonly<Record<string, number>>
}

const minute = 60_000
/** Faults occur for this long. */
const faultyFor = 30 * minute
/** Longer than any wait. */
const restAfter = 10 * 60 * minute

export interface Mutation {
  readonly mutate?: Mutate
  /** In place of the day that the seed draws. */
  readonly day?: Day
}

export async function simulate(seed: number, mutation: Mutation = {}): Promise<History> {
  const { mutate = (command) => command } = mutation
  const random = createRandom(seed)
  const drawn = { pace: drawPace(random), faults: drawFaults(random), day: drawDay(random) }
  const { faults, pace = drawn.pace } = mutation.day ?? drawn.day
  const scheduler = createScheduler(random, { ...drawn.faults, ...faults }, pace)
  const { now, at, step, isIdle, trace, counts } = scheduler
  const began = now()
  const monitor = createMonitor(scheduler.note)
  const world = createWorld({ scheduler, random, pace, monitor, mutate })
  const { accepted, ask } = startWorkload(world, scheduler, random)
  at(began + faultyFor, scheduler.calm)
  const schedule = (): void => {
    world.sweep()
    at(now() + minute, schedule)
  }
  at(began + random.below(minute), schedule)

  const rest = async (from: number): Promise<void> => {
    const isOver = (): boolean =>
      now() > from + restAfter ||
      (now() > began + faultyFor && isIdle(1) && world.table.all().every(({ open }) => open === undefined))
    while (monitor.violations.length === 0 && !isOver()) await step()
    if (monitor.violations.length === 0) checkAtRest(world, accepted, monitor, (counts[lateWrites] ?? 0) > 0)
  }
  await rest(began)
  // A slot that an ended run holds must not keep the next run from starting.
  const staleTasks = monitor.violations.length === 0 ? tasksWithStaleSlots(world) : []
  const before = new Set(accepted)
  for (const task of staleTasks) for (const who of people) ask(task, who)
  if (staleTasks.length > 0) {
    scheduler.count('histories with a slot of an ended run')
    await rest(now())
    const asked = [...accepted].filter((run) => !before.has(run))
    if (monitor.violations.length === 0) checkStarted(world, asked, monitor)
  }
  scheduler.count('histories')
  return { seed, violations: monitor.violations, trace, counts }
}
