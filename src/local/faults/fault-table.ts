/** Every named fault, in groups: the only source of the parser, the help and the tables in the docs. */
import { callFaults } from './ecs-call-faults.ts'
import { eventFaults } from './ecs-event-faults.ts'
import { taskFaults } from './ecs-task-faults.ts'
import { type FaultDefinition, millisecondsOf } from './fault-definition.ts'
import { senderFaults } from './sender-faults.ts'

const queueAndClockFaults: readonly FaultDefinition[] = [
  {
    name: 'message-twice',
    description: 'the queue delivers a message twice at once',
    create: () => ({ fault: { kind: 'message-twice' } }),
  },
  {
    name: 'clock',
    description: 'taskhook’s clock is wrong until you clear the fault',
    detail: { placeholder: 'TIME', default: '+400s', description: 'by how much: +400s, -10m' },
    create: (time) => ({ fault: { kind: 'clock', ms: millisecondsOf(time) } }),
  },
]

export interface FaultGroup {
  readonly title: string
  readonly definitions: readonly FaultDefinition[]
}

export const faultTable: readonly FaultGroup[] = [
  { title: 'ECS API calls', definitions: callFaults },
  { title: 'Tasks', definitions: taskFaults },
  { title: 'Task events', definitions: eventFaults },
  { title: 'GitHub, Slack and callback hosts', definitions: senderFaults },
  { title: 'Queue and clock', definitions: queueAndClockFaults },
]

export const faultDefinitions: readonly FaultDefinition[] = faultTable.flatMap(({ definitions }) => definitions)
