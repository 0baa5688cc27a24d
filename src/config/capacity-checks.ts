/** Checks the capacity of a task, and whether a route's `onSpotInterruption` can ever apply. */
import { didYouMean } from '../core/text/suggest.ts'
import { type ConfigFinding, type ConfigPath, finding } from './finding.ts'
import { asList, type Mapping } from './yaml-values.ts'

const fargateProviders = ['FARGATE', 'FARGATE_SPOT']

/** A custom provider's name must not begin with "fargate". https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCapacityProvider.html */
export const checkCapacity = (path: ConfigPath, { capacity }: Mapping): ConfigFinding[] =>
  asList(capacity).flatMap((name) =>
    typeof name === 'string' && /^fargate/i.test(name) && !fargateProviders.includes(name)
      ? finding(
          [...path, 'capacity'],
          `"${name}" is not a Fargate capacity provider${didYouMean(name.toUpperCase(), fargateProviders)}`,
        )
      : [],
  )

export function checkSpotInterruption(path: ConfigPath, { onSpotInterruption }: Mapping, task: Mapping) {
  const { capacity = ['FARGATE'] } = task
  const isOnDemand = Array.isArray(capacity) && capacity.every((name) => name === 'FARGATE')
  return onSpotInterruption === 'rerun' && isOnDemand
    ? finding(
        [...path, 'onSpotInterruption'],
        'has no effect, because the task does not use Spot; set capacity: [FARGATE_SPOT, FARGATE], or remove it',
      )
    : []
}
