import { expect, it } from 'vitest'
import type { Waiting } from '../../../src/core/model/waiting.ts'
import { waitingReason } from '../../../src/core/text/waiting-reasons.ts'

// The release before reads these words in the ledger.
it.each<[Waiting, string]>([
  [{ kind: 'approval' }, 'waits for approval'],
  [{ kind: 'pause', message: 'upgrade until 14:00' }, 'paused: upgrade until 14:00'],
  [{ kind: 'retry', class: 'capacity', cause: 'no Spot capacity in 2 subnets' }, 'no Spot capacity in 2 subnets'],
  [{ kind: 'slot', place: 1, limit: 2 }, '1st in line, 2 at a time'],
  [{ kind: 'slot', place: 2, limit: 1 }, '2nd in line, 1 at a time'],
  [{ kind: 'slot', place: 3, limit: 1 }, '3rd in line, 1 at a time'],
  [{ kind: 'slot', place: 4, limit: 1 }, '4th in line, 1 at a time'],
  [{ kind: 'slot', place: 11, limit: 1 }, '11th in line, 1 at a time'],
  [{ kind: 'slot', place: 112, limit: 1 }, '112th in line, 1 at a time'],
  [{ kind: 'slot', place: 121, limit: 1 }, '121st in line, 1 at a time'],
])('%j', (waiting, words) => {
  expect(waitingReason(waiting)).toBe(words)
})
