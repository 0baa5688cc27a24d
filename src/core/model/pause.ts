/** Tasks that an operator has paused: one item of the table, which one call reads. Pure. */

export interface Pause {
  /** For senders: plain text of up to `longestMessage` characters. */
  readonly message: string
  /** Who paused it. */
  readonly by: string
  /** Milliseconds since the epoch. */
  readonly since: number
  /** When it ends by itself, in milliseconds since the epoch; absent: not before somebody resumes it. */
  readonly until?: number
}

/** By task; `allTasks` is the key of a pause of everything. */
export type Pauses = Readonly<Record<string, Pause>>

/** No task can have this name. */
export const allTasks = '*'

export const pauseKey = 'pause'
export const longestMessage = 200

/** Those that have not ended by themselves. */
export const activePauses = (pauses: Pauses, now: number): Pauses =>
  Object.fromEntries(Object.entries(pauses).filter(([, { until = Number.POSITIVE_INFINITY }]) => until > now))

/** A task's own pause comes before one of all tasks. */
export function pauseOf(pauses: Pauses, task: string, now: number): Pause | undefined {
  const active = activePauses(pauses, now)
  return Object.hasOwn(active, task) ? active[task] : active[allTasks]
}

/** Seconds until it makes sense to try again: when the pause ends, or a minute if no end is set. */
export const pauseSeconds = ({ until }: Pause, now: number): number =>
  until === undefined ? 60 : Math.max(1, Math.ceil((until - now) / 1000))
