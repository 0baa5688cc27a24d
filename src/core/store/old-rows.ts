/**
 * Rows of releases that stored the reason of a run as English only, before `waiting`, `endedBy` and `stopCause` were stored as data. This is
 * the only place that reads that English. A row lives for 30 days: remove this file 30 days after the last deployment of such a release.
 * Pure.
 */
import type { EndedBy } from '../model/run.ts'
import type { PublicRecord } from '../model/run-record.ts'
import type { Waiting } from '../model/waiting.ts'
import { waitingReason } from '../text/waiting-reasons.ts'

/** Adds the data that the reason of an old row contains. Rows of this release stay as they are. */
export function withReasonAsData<Row extends PublicRecord>(row: Row): Row {
  const { status, reason, waiting, endedBy, stopCause } = row
  if (reason === undefined) return row
  // After a rollback, the earlier version has changed the reason and left the data as it was.
  const isStale = waiting !== undefined && waitingReason(waiting) !== reason
  if (status === 'queued') return waiting === undefined || isStale ? { ...row, waiting: waitingIn(reason, row) } : row
  if (status === 'cancelled' && endedBy === undefined) return { ...row, ...endedByIn(reason) }
  return stopCause === undefined && /^the container exited with \d+$/.test(reason) ? { ...row, stopCause: 'exit' } : row
}

function waitingIn(reason: string, { attempts = [] }: PublicRecord): Waiting {
  if (reason === 'waits for approval') return { kind: 'approval' }
  if (reason.startsWith('paused: ')) return { kind: 'pause', message: reason.slice('paused: '.length) }
  const [, place, limit] = /^(\d+)(?:st|nd|rd|th) in line, (\d+) at a time$/.exec(reason) ?? []
  if (place !== undefined) return { kind: 'slot', place: Number(place), limit: Number(limit) }
  const last = attempts.at(-1)?.outcome
  return { kind: 'retry', class: last === undefined || last === 'started' ? 'unknown' : last, cause: reason }
}

function endedByIn(reason: string): { readonly endedBy?: EndedBy } {
  for (const kind of ['cancelled', 'rejected'] as const)
    if (reason.startsWith(`${kind} by `)) return { endedBy: { kind, by: reason.slice(`${kind} by `.length) } }
  return {}
}
