/** The chapters of the fault matrix, in the order of docs/faults.md. */
import type { Chapter } from './fault.ts'
import { infrastructure, notifications } from './rows-infrastructure.ts'
import { beforeAccepted, redeliveries } from './rows-receive.ts'
import { noCapacityHere, notAtThisTime, refusedForGood, throttledOrLost } from './rows-run-task.ts'
import { events, running } from './rows-running.ts'

export const chapters: readonly Chapter[] = [
  ...[beforeAccepted, redeliveries],
  ...[throttledOrLost, noCapacityHere, notAtThisTime, refusedForGood],
  ...[running, events],
  ...[infrastructure, notifications],
]
