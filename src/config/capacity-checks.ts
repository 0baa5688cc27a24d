/** Capacity by the wrong name, and a route that says what is to be done where Spot takes back what its task never has. */
import { didYouMean } from '../core/text/suggest.ts'
import { type ConfigFinding, listed, type Mapping } from './config-error.ts'

const fargate = ['FARGATE', 'FARGATE_SPOT']

/** No provider of one's own may be called so. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCapacityProvider.html */
export const checkCapacity = (path: ConfigFinding['path'], { capacity }: Mapping): ConfigFinding[] =>
  listed(capacity).flatMap((name) =>
    typeof name === 'string' && /^fargate/i.test(name) && !fargate.includes(name)
      ? [
          {
            path: [...path, 'capacity'],
            message: `"${name}" is no capacity of Fargate${didYouMean(name.toUpperCase(), fargate)}`,
          },
        ]
      : [],
  )

export function checkSpot(
  path: ConfigFinding['path'],
  { onSpotInterruption }: Mapping,
  task: Mapping,
): ConfigFinding[] {
  const { capacity = ['FARGATE'] } = task
  if (onSpotInterruption !== 'rerun' || !Array.isArray(capacity) || capacity.some((name) => name !== 'FARGATE'))
    return []
  return [
    {
      path: [...path, 'onSpotInterruption'],
      message: 'never happens: the task runs on demand; say capacity: [FARGATE_SPOT, FARGATE], or leave it out',
    },
  ]
}
