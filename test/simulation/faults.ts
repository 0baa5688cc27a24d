/** How much goes wrong with one seed: from a quiet day to a bad one. Probabilities, of each call unless said otherwise. */
import type { Random } from './random.ts'

/** How close together things happen, in milliseconds: what is never at the same time never gets in each other's way. */
export interface Pace {
  /** Most calls take less. */
  readonly call: number
  /** Messages and events take less, where nothing is late. */
  readonly delivery: number
  /** What a task takes for a step of its life, and for its work; the work of one in five takes half an hour. */
  readonly task: readonly [step: number, work: number]
  /** How readily something new begins while others are at work. */
  readonly eagerness: number
}

/** All at the same time. */
const crowded: Pace = { call: 1_000, delivery: 20, task: [50, 200], eagerness: 0.6 }

export function drawPace(random: Random): Pace {
  if (random.chance(0.25)) return crowded
  return {
    call: random.pick([200, 200, 1_000]),
    delivery: random.pick([20, 200, 2_000]),
    task: random.pick([
      [50, 200],
      [1_000, 5_000],
      [20_000, 120_000],
    ]),
    eagerness: random.pick([0.1, 0.3, 0.6]),
  }
}

export interface Faults {
  /** The invocation dies at the call; whether the call has got through is chance, too. */
  readonly crash: number
  /** At calls of which the trace says this, every other one dies. */
  readonly weakSpot?: string
  /** The call fails, whether or not it has got through. */
  readonly lost: number
  /** The SDK asks again, since the first answer got lost: it is done twice, and the second answer counts. */
  readonly twice: number
  /** Of writes whose invocation dies: the network brings it minutes later. */
  readonly late: number
  /** Of messages: brought twice. */
  readonly again: number
  /** Of ECS events. */
  readonly eventLost: number
  readonly eventTwice: number
  readonly eventLate: number
  /** Of RunTask. */
  readonly startLost: number
  readonly throttled: number
  readonly noRoom: number
  readonly quota: number
  /** Of minutes: in them nothing may be started; and where there are such minutes, one call in twenty in the others. */
  readonly denied: number
  /** Of tasks: it never gets to run. */
  readonly failsToStart: number
  /** Of DescribeTasks, in the first seconds of a task. */
  readonly notSeenYet: number
  /** The sender takes nothing. */
  readonly deaf: number
}

/** One seed has it like any other, or has one of these days: what must come together, and would not by chance in thousands of seeds. */
export interface Day {
  readonly faults?: Partial<Faults>
  readonly pace?: Pace
}

export const badDays = {
  /** Starts are refused for good, and whoever notes that dies over it; the note comes when another one has started it. */
  givenUpLate: {
    faults: {
      weakSpot: 'status=failed-to-start',
      ...{ denied: 0.5, crash: 0.05, late: 1, startLost: 0, throttled: 0, noRoom: 0 },
    },
  },
  /** Nobody knows which runs have a task. */
  unsure: {
    faults: { startLost: 0.8, eventLost: 0.8, noRoom: 0, throttled: 0, denied: 0, quota: 0, crash: 0 },
    pace: { call: 200, delivery: 200, task: [20_000, 120_000], eagerness: 0.3 },
  },
  /** All at the same time, and whoever has told something dies before it is noted. */
  notNoted: { faults: { weakSpot: 'told=' }, pace: crowded },
  /** Whoever is at a group dies over it; no write comes late, so no slot may be held in the end. */
  slots: { faults: { weakSpot: 'inside=', late: 0 }, pace: crowded },
} as const satisfies Readonly<Record<string, Day>>

export const drawDay = (random: Random): Day => (random.chance(0.5) ? random.pick(Object.values(badDays)) : {})

export const noFaults: Faults = {
  ...{ crash: 0, lost: 0, twice: 0, late: 0, again: 0, eventLost: 0, eventTwice: 0, eventLate: 0 },
  ...{ startLost: 0, throttled: 0, denied: 0, noRoom: 0, quota: 0, failsToStart: 0, notSeenYet: 0, deaf: 0 },
}

export function drawFaults(random: Random): Faults {
  /** Each kind is absent with every third seed, so that others are not hidden behind it. */
  const upTo = (most: number): number => (random.chance(1 / 3) ? 0 : (most * random.between(1, 10)) / 10)
  return {
    crash: upTo(0.06),
    lost: upTo(0.03),
    twice: upTo(0.03),
    late: upTo(0.5),
    again: upTo(0.2),
    eventLost: upTo(0.3),
    eventTwice: upTo(0.3),
    eventLate: upTo(0.3),
    startLost: upTo(0.3),
    throttled: upTo(0.2),
    denied: upTo(0.1),
    noRoom: upTo(0.4),
    quota: upTo(0.1),
    failsToStart: upTo(0.1),
    notSeenYet: upTo(0.5),
    deaf: upTo(0.3),
  }
}
