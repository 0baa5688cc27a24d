/** The life of a run: its statuses, its ID, and what ECS gets of the ID. The tokens of its links are in http/run-tokens.ts. Pure. */
import { createHash } from 'node:crypto'

/** A run that has ended has one of these, and keeps it. */
export const terminalStatuses = ['succeeded', 'failed', 'cancelled', 'timed-out', 'failed-to-start'] as const

export const runStatuses = ['queued', 'starting', 'running', ...terminalStatuses] as const

export type RunStatus = (typeof runStatuses)[number]
export type TerminalStatus = (typeof terminalStatuses)[number]

const terminal: ReadonlySet<RunStatus> = new Set(terminalStatuses)

/** A terminal status never changes. */
export const isTerminal = (status: RunStatus): status is TerminalStatus => terminal.has(status)

/** Who ended a run. @property by a person's name, or what acted in a person's place: `a newer run` */
export interface EndedBy {
  readonly kind: 'cancelled' | 'rejected'
  readonly by: string
}

const sha256 = (...parts: string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex')

/**
 * The same delivery and route always give the same run. 80 bits: an attacker cannot hit another source's run, and a person can still
 * type the ID. Letters and digits only, since it goes into `startedBy`.
 */
export const runIdOf = (source: string, deliveryKey: string, route: string): string =>
  sha256('run', source, deliveryKey, route).slice(0, 20)

export const isRunId = (text: string): boolean => /^[0-9a-f]{20}$/.test(text)

/** The key by which ECS recognizes a repeated RunTask: 64 ASCII characters. Each attempt has its own, since ECS replays the answer. */
export const clientTokenOf = (run: string, attempt: number): string => sha256('start', run, String(attempt))

/** The name of a concurrency group in the table. */
export const nameOfGroup = (label: string): string => sha256('group', label).slice(0, 32)

const startedByPrefix = 'taskhook/'

/** ECS accepts 128 letters, digits, "-", "/" and "_" here, and returns them in every event of the task. */
export const startedByOf = (run: string): string => startedByPrefix + run

/** Undefined: taskhook did not start the task. */
export function runOfStartedBy(startedBy: string | undefined): string | undefined {
  if (!startedBy?.startsWith(startedByPrefix)) return undefined
  const run = startedBy.slice(startedByPrefix.length)
  return isRunId(run) ? run : undefined
}
