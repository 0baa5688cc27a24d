/** The faults of one seed, from none to many. Numbers are probabilities, per call unless stated otherwise. */
import type { Random } from './random.ts'

/** How close together things happen, in milliseconds: only what happens at the same time can interfere. */
export interface Pace {
  /** Most calls take less. */
  readonly call: number
  /** Messages and events take less, unless they are late. */
  readonly delivery: number
  /** How long a task takes for a change of status, and for its work. The work of one task in five takes half an hour. */
  readonly task: readonly [step: number, work: number]
  /** How likely something new begins while other calls are pending. */
  readonly eagerness: number
}

/** Everything happens at the same time. */
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
  /** The invocation dies at the call, which may or may not have taken effect. */
  readonly crash: number
  /** Half of the invocations die at calls whose line in the trace contains this text. */
  readonly weakSpot?: string
  /** The call fails, and may or may not have taken effect. */
  readonly lost: number
  /** The first answer is lost and the SDK repeats the call: it takes effect twice, and the second answer counts. */
  readonly twice: number
  /** Per write whose invocation dies: it takes effect minutes later. */
  readonly late: number
  /** Per message: it is delivered twice. */
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
  /** Per minute: every start in it is denied. If there are such minutes, so is one call in twenty in the others. */
  readonly denied: number
  /** Per task: it never runs. */
  readonly failsToStart: number
  /** Of DescribeTasks, in the first seconds of a task. */
  readonly notSeenYet: number
  /** The sender accepts no notification. */
  readonly deaf: number
}

/** Half of the seeds have a bad day: faults that must coincide, and would not by chance in thousands of seeds. */
export interface Day {
  readonly faults?: Partial<Faults>
  readonly pace?: Pace
}

export const badDays = {
  /** Starts are denied, and the invocation that records it dies; the write takes effect after another invocation started the run. */
  givenUpLate: {
    faults: {
      weakSpot: 'status=failed-to-start',
      ...{ denied: 0.5, crash: 0.05, late: 1, startLost: 0, throttled: 0, noRoom: 0 },
    },
  },
  /** It is unknown which runs have a task. */
  unsure: {
    faults: { startLost: 0.8, eventLost: 0.8, noRoom: 0, throttled: 0, denied: 0, quota: 0, crash: 0 },
    pace: { call: 200, delivery: 200, task: [20_000, 120_000], eagerness: 0.3 },
  },
  /** Everything happens at the same time, and invocations die after a notification, before they record it. */
  notNoted: { faults: { weakSpot: 'told=' }, pace: crowded },
  /** Invocations die when they write to a group. No write is late, so no slot may be held in the end. */
  slots: { faults: { weakSpot: 'inside=', late: 0 }, pace: crowded },
} as const satisfies Readonly<Record<string, Day>>

export const drawDay = (random: Random): Day => (random.chance(0.5) ? random.pick(Object.values(badDays)) : {})

export const noFaults: Faults = {
  ...{ crash: 0, lost: 0, twice: 0, late: 0, again: 0, eventLost: 0, eventTwice: 0, eventLate: 0 },
  ...{ startLost: 0, throttled: 0, denied: 0, noRoom: 0, quota: 0, failsToStart: 0, notSeenYet: 0, deaf: 0 },
}

export function drawFaults(random: Random): Faults {
  /** Each kind is absent in every third seed, so that it does not hide the others. */
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
