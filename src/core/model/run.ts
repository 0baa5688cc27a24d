/** The life of a run: its statuses, its id, and the tokens that are derived from the id. All pure. */
import { createHash } from 'node:crypto'

export const runStatuses = [
  'queued',
  'starting',
  'running',
  'succeeded',
  'failed',
  'cancelled',
  'timed-out',
  'failed-to-start',
] as const

export type RunStatus = (typeof runStatuses)[number]

const terminal: ReadonlySet<RunStatus> = new Set(['succeeded', 'failed', 'cancelled', 'timed-out', 'failed-to-start'])

/** A terminal status never changes. */
export const isTerminal = (status: RunStatus): boolean => terminal.has(status)

const sha256 = (...parts: string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex')

/**
 * The same delivery and route always name the same run. 80 bits: nobody can aim at another source's run, and a person can still
 * type it. Letters and digits only, since it goes into `startedBy`.
 */
export const runIdOf = (source: string, deliveryKey: string, route: string): string =>
  sha256('run', source, deliveryKey, route).slice(0, 20)

export const isRunId = (text: string): boolean => /^[0-9a-f]{20}$/.test(text)

/** What ECS remembers a start by: 64 ASCII characters. A new attempt needs a new one, since the old token replays the old answer. */
export const clientTokenOf = (run: string, attempt: number): string => sha256('start', run, String(attempt))

/** A concurrency group, as a key of the table. */
export const nameOfGroup = (label: string): string => sha256('group', label).slice(0, 32)

const startedByPrefix = 'taskhook/'

/** ECS takes 128 letters, digits, "-", "/" and "_" here, and sends them back in every event of the task. */
export const startedByOf = (run: string): string => startedByPrefix + run

export function runOfStartedBy(startedBy: string | undefined): string | undefined {
  if (!startedBy?.startsWith(startedByPrefix)) return undefined
  const run = startedBy.slice(startedByPrefix.length)
  return isRunId(run) ? run : undefined
}
