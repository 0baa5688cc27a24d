/** A concurrency group: who is in, and who waits, first in, first out. Pure. */

export interface Group {
  /** Runs that have a slot. */
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
  const run = runOf(ticket)
  if (group.inside.includes(run)) return { group, place: 0 }
  const waiting = [...new Set([...group.waiting, ticket])].sort()
  const at = waiting.indexOf(ticket)
  if (at < limit - group.inside.length)
    return { group: { inside: [...group.inside, run], waiting: waiting.filter((each) => each !== ticket) }, place: 0 }
  return { group: { ...group, waiting }, place: at + 1 }
}

export interface Left {
  readonly group: Group
  /** Runs that have a slot now, and must be told to start; to be told twice does no harm. */
  readonly admitted: readonly string[]
}

/** @param limit of the run that leaves: the newest word on how many there may be */
export function leave(group: Group, run: string, limit: number): Left {
  // It has left before, and whoever did that may have died before it told those whom it let in.
  if (!group.inside.includes(run) && !waitingRuns(group).includes(run)) return { group, admitted: group.inside }
  const inside = group.inside.filter((each) => each !== run)
  const waiting = group.waiting.filter((ticket) => runOf(ticket) !== run)
  const admitted = waiting.slice(0, Math.max(0, limit - inside.length)).map(runOf)
  return { group: { inside: [...inside, ...admitted], waiting: waiting.slice(admitted.length) }, admitted }
}

export const waitingRuns = ({ waiting }: Group): readonly string[] => waiting.map(runOf)

/** All but the newest `limit`: those that have a slot, then those that wait. */
export function oldestBeyond(group: Group, limit: number): readonly string[] {
  const all = [...group.inside, ...waitingRuns(group)]
  return all.slice(0, Math.max(0, all.length - limit))
}
