/** The fault matrix. */
import type { Chapter } from './fault.ts'
import { ours, telling } from './rows-infrastructure.ts'
import { door, redeliveries } from './rows-receive.ts'
import { denied, elsewhere, later, soon } from './rows-run-task.ts'
import { events, running } from './rows-running.ts'

export const chapters: readonly Chapter[] = [
  ...[door, redeliveries],
  ...[soon, elsewhere, later, denied],
  ...[running, events],
  ...[ours, telling],
]
