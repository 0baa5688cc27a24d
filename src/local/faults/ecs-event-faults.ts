/** The named faults of a task's events. */
import { delayOf, type FaultDefinition, type FaultDetail, FaultError, type ResolvedFault } from './fault-definition.ts'

const statuses = ['PENDING', 'RUNNING', 'STOPPED']
const status: FaultDetail = { placeholder: 'STATUS', default: 'any', description: 'PENDING, RUNNING or STOPPED' }

function filterOf(text: string): Pick<ResolvedFault, 'filter'> {
  if (text === status.default) return {}
  const lastStatus = text.toUpperCase()
  if (statuses.includes(lastStatus)) return { filter: { lastStatus } }
  throw new FaultError(`"${text}" is not the status of an event; use PENDING, RUNNING or STOPPED`)
}

const eventFault = (name: 'event-lost' | 'event-twice' | 'event-swapped', description: string): FaultDefinition => ({
  name,
  description,
  detail: status,
  create: (text) => ({ fault: { kind: name }, ...filterOf(text) }),
})

export const eventFaults: readonly FaultDefinition[] = [
  eventFault('event-lost', 'an event is never delivered'),
  eventFault('event-twice', 'an event is delivered twice, with the same version'),
  eventFault('event-swapped', 'an event is delivered after the one that follows it'),
  {
    name: 'event-late',
    description: 'an event is delivered late; later ones do not wait',
    detail: { placeholder: 'TIME', default: '5s', description: 'how late, such as 400ms or 3s' },
    create: (time) => ({ fault: { kind: 'event-late', ms: delayOf(time) } }),
  },
]
