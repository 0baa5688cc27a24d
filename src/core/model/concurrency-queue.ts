/** A concurrency group: the runs that hold its slots and the runs that wait for one, first in, first out. Pure. */

export interface Group {
  /** Tickets of the runs that hold a slot. */
  readonly inside: readonly string[]
  /** Tickets of the runs that wait, in the order in which they were requested. */
  readonly waiting: readonly string[]
}

export const emptyGroup: Group = { inside: [], waiting: [] }

/** Sorts by the time of the request, whenever the run enters the group. @param requestedAt milliseconds since the epoch */
export const ticketOf = (run: string, requestedAt: number): string => `${String(requestedAt).padStart(15, '0')} ${run}`
const runOf = (ticket: string): string => ticket.slice(16)

export interface Entered {
  readonly group: Group
  /** 0: it holds a slot; else its place in the queue, from 1. */
  readonly place: number
}

/** Entering again gives the same place. */
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
  /** Runs that now hold a slot and whose start must be queued; queueing it twice does no harm. */
  readonly admitted: readonly string[]
  /** The run was not in the group: it had left before. */
  readonly leftBefore: boolean
}

/** @param limit of the run that leaves: the newest config that the group has seen */
export function leave(group: Group, run: string, limit: number): Left {
  const isIt = (ticket: string): boolean => runOf(ticket) === run
  // The function that took it out may have died before it queued the starts of the runs that it admitted.
  if (![...group.inside, ...group.waiting].some(isIt))
    return { group, admitted: group.inside.map(runOf), leftBefore: true }
  const inside = group.inside.filter((ticket) => !isIt(ticket))
  const waiting = group.waiting.filter((ticket) => !isIt(ticket))
  const admitted = waiting.slice(0, Math.max(0, limit - inside.length))
  return {
    group: { inside: [...inside, ...admitted], waiting: waiting.slice(admitted.length) },
    admitted: admitted.map(runOf),
    leftBefore: false,
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
