/** On which capacity and in which subnets a run was started or refused, in words for the sender. Pure. */
import type { Attempt } from '../model/attempts.ts'
import type { Refusal } from '../model/run-task-errors.ts'

/** As people call it. */
const capacityName = (capacity: string): string =>
  capacity === 'FARGATE' ? 'on-demand' : capacity === 'FARGATE_SPOT' ? 'Spot' : capacity
const onCapacity = (capacity: string): string => (capacity === 'FARGATE' ? 'on demand' : `on ${capacityName(capacity)}`)

const subnetCount = (attempts: readonly Attempt[]): string => {
  const count = new Set(attempts.flatMap(({ subnets }) => subnets)).size
  return `${count} ${count === 1 ? 'subnet' : 'subnets'}`
}

const list = (words: readonly string[]): string => words.join(words.length > 2 ? ', ' : ' and ')

/** `no Spot capacity in 2 subnets`. Undefined: no place was full. */
function fullText(attempts: readonly Attempt[]): string | undefined {
  const full = attempts.filter(({ outcome }) => outcome === 'capacity')
  if (full.length === 0) return undefined
  const names = [...new Set(full.map(({ capacity }) => capacityName(capacity)))]
  return `no ${list(names)} capacity in ${subnetCount(full)}`
}

/**
 * Where a run was started, if that was not the first place of its plan: `on demand: no Spot capacity in 2 subnets`.
 * Undefined: the first place accepted it.
 */
export function placementText(attempts: readonly Attempt[] = []): string | undefined {
  const last = attempts.at(-1)
  if (last?.outcome !== 'started') return undefined
  // Refusals before the run was last in the queue no longer matter.
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

/** Why no place accepted a run; names every capacity if all of them are full. @param attempts one for each place */
export const noPlaceText = (attempts: readonly Attempt[], { reason }: Pick<Refusal, 'reason'>): string =>
  attempts.every(({ outcome }) => outcome === 'capacity') ? (fullText(attempts) ?? reason) : reason
