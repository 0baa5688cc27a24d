/** A route that says what is to be done where Spot takes its capacity back, of a task that runs on none. */
import type { Finding, Mapping } from './finding.ts'

export function checkSpot(path: Finding['path'], { onSpotInterruption }: Mapping, task: Mapping): Finding[] {
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
