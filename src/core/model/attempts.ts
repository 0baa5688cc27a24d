import type { Place } from './plan.ts'
import type { Refusal, RefusalClass } from './run-task-errors.ts'

export interface Attempt extends Place {
  /** Counts the client tokens; a call that got lost is repeated under the same one. */
  readonly attempt: number
  /** How often it had been put off by then: a round tries each place once. */
  readonly round: number
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly outcome: 'started' | RefusalClass
}

/** A run that is refused for hours is refused for the same reasons; DynamoDB counts bytes. */
const mostKept = 30

/** With one more; the oldest are forgotten. */
export const withAttempt = (attempts: readonly Attempt[], next: Attempt): readonly Attempt[] =>
  [...attempts, next].slice(-mostKept)

/** As people call it. */
const capacityName = (capacity: string): string =>
  capacity === 'FARGATE' ? 'on-demand' : capacity === 'FARGATE_SPOT' ? 'Spot' : capacity
const onCapacity = (capacity: string): string => (capacity === 'FARGATE' ? 'on demand' : `on ${capacityName(capacity)}`)

const subnetCount = (attempts: readonly Attempt[]): string => {
  const count = new Set(attempts.flatMap(({ subnets }) => subnets)).size
  return `${count} ${count === 1 ? 'subnet' : 'subnets'}`
}

const list = (words: readonly string[]): string => words.join(words.length > 2 ? ', ' : ' and ')

/** `no Spot capacity in 2 subnets`. @param attempts that were refused elsewhere; undefined: there are none */
function fullText(attempts: readonly Attempt[]): string | undefined {
  const full = attempts.filter(({ outcome }) => outcome === 'capacity')
  if (full.length === 0) return undefined
  const names = [...new Set(full.map(({ capacity }) => capacityName(capacity)))]
  return `no ${list(names)} capacity in ${subnetCount(full)}`
}

/**
 * Where a run was started, if not where it was to be at first: `on demand: no Spot capacity in 2 subnets`.
 * Undefined: nothing went wrong on the way.
 */
export function placedText(attempts: readonly Attempt[] = []): string | undefined {
  const last = attempts.at(-1)
  if (last?.outcome !== 'started') return undefined
  // What was refused in a round before this one is over.
  const before = attempts.filter(({ outcome, round }) => outcome !== 'started' && round === last.round)
  const others = before.filter(({ capacity }) => capacity !== last.capacity)
  const here = before.filter(({ capacity }) => capacity === last.capacity)
  if (others.length > 0) return `${onCapacity(last.capacity)}: ${fullText(others) ?? refusedText(others)}`
  const narrower = here.some(({ subnets }) => subnets.length > last.subnets.length)
  if (narrower) return `${onCapacity(last.capacity)} in ${list(last.subnets)}: ${fullText(here) ?? refusedText(here)}`
  return undefined
}

const refusedText = (attempts: readonly Attempt[]): string =>
  `${list([...new Set(attempts.map(({ capacity }) => capacityName(capacity)))])} was refused`

/** Why no place would do: every capacity that is full is named. @param attempts of this round */
export const nowhereText = (attempts: readonly Attempt[], { reason }: Refusal): string =>
  attempts.every(({ outcome }) => outcome === 'capacity') ? (fullText(attempts) ?? reason) : reason
