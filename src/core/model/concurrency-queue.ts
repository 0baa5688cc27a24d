/** A concurrency group: who is in, and who waits, first in, first out. Pure. */

export interface Group {
  /** Tickets of the runs that have a slot. */
  readonly inside: readonly string[]
  /** Tickets of those that wait, in the order in which they were asked for. */
  readonly waiting: readonly string[]
}

export const emptyGroup: Group = { inside: [], waiting: [] }

/** Sorts by when a run was asked for, whenever it got here. @param createdAt milliseconds since the epoch */
export const ticketOf = (run: string, createdAt: number): string => `${String(createdAt).padStart(15, '0')} ${run}`
const runOf = (ticket: string): string => ticket.slice(16)

export interface Entered {
  readonly group: Group
  /** 0: it has a slot; else its place in the line, from 1. */
  readonly place: number
}

/** Asked twice it is the same place. */
export function enter(group: Group, ticket: string, limit: number): Entered {
  if (group.inside.includes(ticket)) return { group, place: 0 }
  const waiting = [...new Set([...group.waiting, ticket])].sort()
  const at = waiting.indexOf(ticket)
  if (at < limit - group.inside.length)
    return {
      group: { inside: [...group.inside, ticket], waiting: waiting.filter((each) => each !== ticket) },
      place: 0,
    }
  return { group: { ...group, waiting }, place: at + 1 }
}

export interface Left {
  readonly group: Group
  /** Runs that have a slot now, and must be told to start; to be told twice does no harm. */
  readonly admitted: readonly string[]
  /** It has left before. */
  readonly again: boolean
}

/** @param limit of the run that leaves: the newest word on how many there may be */
export function leave(group: Group, run: string, limit: number): Left {
  const isIt = (ticket: string): boolean => runOf(ticket) === run
  // It has left before, and whoever did that may have died before it told those whom it let in.
  if (![...group.inside, ...group.waiting].some(isIt)) return { group, admitted: group.inside.map(runOf), again: true }
  const inside = group.inside.filter((ticket) => !isIt(ticket))
  const waiting = group.waiting.filter((ticket) => !isIt(ticket))
  const admitted = waiting.slice(0, Math.max(0, limit - inside.length))
  return {
    group: { inside: [...inside, ...admitted], waiting: waiting.slice(admitted.length) },
    admitted: admitted.map(runOf),
    again: false,
  }
}

/** Oldest first. */
export const insideRuns = ({ inside }: Group): readonly string[] => [...inside].sort().map(runOf)
export const waitingRuns = ({ waiting }: Group): readonly string[] => waiting.map(runOf)

/** All but the newest `limit`, oldest first. */
export function oldestBeyond({ inside, waiting }: Group, limit: number): readonly string[] {
  const all = [...inside, ...waiting].sort().map(runOf)
  return all.slice(0, Math.max(0, all.length - limit))
}
