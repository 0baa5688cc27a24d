/** The fault matrix. */
import type { Chapter } from './fault.ts'
import { door, redeliveries } from './rows-door.ts'
import { ours, telling } from './rows-ours.ts'
import { events, running } from './rows-running.ts'
import { denied, elsewhere, later, soon } from './rows-runtask.ts'

export const chapters: readonly Chapter[] = [
  ...[door, redeliveries],
  ...[soon, elsewhere, later, denied],
  ...[running, events],
  ...[ours, telling],
]
