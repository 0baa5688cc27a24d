/** Plays the history of one seed, with the real core and models around it, and checks it. */
import { type Day, drawDay, drawFaults, drawPace } from './faults.ts'
import { checkAtRest, checkStarted, haunted } from './invariants.ts'
import { createRandom } from './random.ts'
import { createScheduler, lateWrites } from './scheduler.ts'
import { people, tellStory } from './story.ts'
import { createWitness } from './witness.ts'
import { type Bend, createWorld } from './world.ts'

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

export interface Sabotage {
  readonly bend?: Bend
  /** In place of the day that the seed draws. */
  readonly day?: Day
}

export async function simulate(seed: number, sabotage: Sabotage = {}): Promise<History> {
  const { bend = (command) => command } = sabotage
  const random = createRandom(seed)
  const drawn = { pace: drawPace(random), faults: drawFaults(random), day: drawDay(random) }
  const { faults, pace = drawn.pace } = sabotage.day ?? drawn.day
  const scheduler = createScheduler(random, { ...drawn.faults, ...faults }, pace)
  const { now, at, step, isIdle, trace, counts } = scheduler
  const began = now()
  const witness = createWitness(scheduler.note)
  const world = createWorld({ scheduler, random, pace, witness, bend })
  const { accepted, ask } = tellStory(world, scheduler, random)
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
    while (witness.violations.length === 0 && !isOver()) await step()
    if (witness.violations.length === 0) checkAtRest(world, accepted, witness, (counts[lateWrites] ?? 0) > 0)
  }
  await rest(began)
  // A slot that an ended run holds must not keep the next run from starting.
  const ghosts = witness.violations.length === 0 ? haunted(world) : []
  const before = new Set(accepted)
  for (const task of ghosts) for (const who of people) ask(task, who)
  if (ghosts.length > 0) {
    scheduler.count('histories with a slot of an ended run')
    await rest(now())
    const asked = [...accepted].filter((run) => !before.has(run))
    if (witness.violations.length === 0) checkStarted(world, asked, witness)
  }
  scheduler.count('histories')
  return { seed, violations: witness.violations, trace, counts }
}
