/** What an operator has paused: one item of the table, which anybody can read with one call. Pure. */

export interface Pause {
  /** For people: plain text, of `longestMessage` characters at most. */
  readonly message: string
  /** Who has paused it. */
  readonly by: string
  /** Milliseconds since the epoch. */
  readonly since: number
  /** When it runs out; absent: when somebody resumes. */
  readonly until?: number
}

/** By task; `everything` stands for all tasks. */
export type Pauses = Readonly<Record<string, Pause>>

/** No task can have that name. */
export const allTasks = '*'

export const pauseKey = 'pause'
export const longestMessage = 200

/** Those that have not run out. */
export const standing = (pauses: Pauses, now: number): Pauses =>
  Object.fromEntries(Object.entries(pauses).filter(([, { until = Number.POSITIVE_INFINITY }]) => until > now))

/** What is said of a task's own pause is closer to it. */
export function pauseOf(pauses: Pauses, task: string, now: number): Pause | undefined {
  const there = standing(pauses, now)
  return Object.hasOwn(there, task) ? there[task] : there[allTasks]
}

/** `paused: cluster upgrade until 14:00` */
export const pausedText = ({ message }: Pause): string => `paused: ${message}`

/** Seconds until it is worth to ask again; where nobody knows, a minute. */
export const pauseSeconds = ({ until }: Pause, now: number): number =>
  until === undefined ? 60 : Math.max(1, Math.ceil((until - now) / 1000))
