/** The faults that a person can ask for by name: the one source of the parser, of the help and of the table in the docs. */
import { callRows, eventRows, taskRows } from './ecs-rows.ts'
import { type FaultRow, millisecondsOf } from './fault-definition.ts'
import { senderRows } from './sender-faults.ts'

const otherRows: readonly FaultRow[] = [
  {
    ...{ name: 'message-twice', does: 'the queue delivers a message twice, at once' },
    make: () => ({ fault: { kind: 'message-twice' } }),
  },
  {
    name: 'clock',
    does: 'taskhook’s clock is off, until DELETE',
    detail: { shown: 'TIME', default: '+400s', means: 'how far: +400s, -10m' },
    make: (time) => ({ fault: { kind: 'clock', ms: millisecondsOf(time) } }),
  },
]

export const faultTable: readonly { readonly title: string; readonly rows: readonly FaultRow[] }[] = [
  { title: 'Calls of ECS', rows: callRows },
  { title: 'A task that was started', rows: taskRows },
  { title: 'Events of a task', rows: eventRows },
  { title: 'Those who are told', rows: senderRows },
  { title: 'Queue and clock', rows: otherRows },
]

export const faultRows: readonly FaultRow[] = faultTable.flatMap(({ rows }) => rows)
