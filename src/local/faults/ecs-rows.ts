/** What ECS can be asked to do wrong: with calls, with tasks, with events. Texts as AWS writes them. */
import type { CallFault } from './ecs-fault-kinds.ts'
import { type Ask, actionOf, type Detail, exitCodeOf, FaultError, type FaultRow, pauseOf } from './fault-definition.ts'

const noCapacity = 'Capacity is unavailable at this time. Please try again later or in a different availability zone'
const vcpus =
  "You've reached the limit on the number of vCPUs you can run concurrently. Request a limit increase and try again."

const error = (type: string, message: string, status = 400): CallFault => ({ kind: 'error', type, message, status })
const busy = (status: string): CallFault => {
  if (status === '429') return error('TooManyRequestsException', 'Too Many Requests', 429)
  if (status === '503') return error('ServiceUnavailableException', 'Service Unavailable', 503)
  throw new FaultError(`"${status}" is no answer of that kind; there are 503 and 429`)
}
const where: Detail = {
  shown: 'WHERE',
  default: 'everywhere',
  means: 'a subnet, FARGATE, FARGATE_SPOT',
}
const which: Detail = { shown: 'ACTION', default: 'RunTask', means: 'StopTask, DescribeTasks …' }

const atPlace = (fault: CallFault, place: string): Ask => {
  if (place === where.default) return { fault }
  return { fault, when: /^FARGATE|^EC2$/.test(place) ? { capacity: place } : { subnet: place } }
}

const calling = (name: string, does: string, fault: CallFault): FaultRow => ({
  ...{ name, does, detail: which },
  make: (action) => ({ fault, when: { action: actionOf(action) } }),
})

export const callRows: readonly FaultRow[] = [
  {
    ...{ name: 'capacity', does: 'RunTask finds no capacity; told in failures[]', detail: where },
    make: (place) => atPlace({ kind: 'failure', reason: noCapacity }, place),
  },
  {
    ...{ name: 'capacity-error', does: 'RunTask finds no capacity; told as an error', detail: where },
    make: (place) => atPlace(error('ClientException', noCapacity), place),
  },
  {
    name: 'failure',
    does: 'RunTask gives another reason in failures[]',
    detail: { shown: 'REASON', default: 'RESOURCE:ENI', means: 'RESOURCE:CPU, AGENT, MISSING …' },
    make: (reason) => ({ fault: { kind: 'failure', reason } }),
  },
  calling('throttle', 'a call is throttled: ThrottlingException', error('ThrottlingException', 'Rate exceeded')),
  calling(
    'throttle-hidden',
    'throttled, inside an InvalidParameterException',
    error('InvalidParameterException', 'Rate exceeded'),
  ),
  {
    name: 'busy',
    does: 'RunTask answers that it is busy',
    detail: { shown: 'STATUS', default: '503', means: '503 or 429', numeric: true },
    make: (status) => ({ fault: busy(status) }),
  },
  {
    ...{ name: 'quota', does: 'RunTask finds the limit of vCPUs reached' },
    make: () => ({ fault: error('ClientException', vcpus) }),
  },
  calling(
    'denied',
    'a call is not allowed: AccessDeniedException',
    error('AccessDeniedException', 'User is not authorized to perform this action'),
  ),
  {
    name: 'error',
    does: 'RunTask answers any error that you name',
    detail: { shown: 'TYPE', default: 'ServerException', means: 'BlockedException …' },
    make: (type) => ({ fault: error(type, 'A fault that was asked for', /^Server/.test(type) ? 500 : 400) }),
  },
  {
    name: 'slow',
    does: 'RunTask answers late',
    detail: { shown: 'TIME', default: '3s', means: 'how late, as 400ms or 3s' },
    make: (time) => ({ fault: { kind: 'delay', ms: pauseOf(time) } }),
  },
  calling('no-connection', 'a connection breaks before anything is done', { kind: 'dropped' }),
  calling('lost-answer', 'a connection breaks before the answer', { kind: 'lost' }),
  calling('half-answer', 'a connection breaks within the answer', { kind: 'garbled', how: 'half' }),
  calling('not-json', 'an answer is 200, and no JSON', { kind: 'garbled', how: 'not-json' }),
]

const never = (name: string, does: string, reason: string): FaultRow => ({
  ...{ name, does },
  make: () => ({ fault: { kind: 'failed-to-start', reason } }),
})
const after: Detail = { shown: 'TIME', default: '0s', means: 'how long it runs before, as 400ms or 3s' }

export const taskRows: readonly FaultRow[] = [
  never(
    'eni',
    'a task gets no network interface, never runs',
    'Timeout waiting for network interface provisioning to complete.',
  ),
  never(
    'pull',
    'its image cannot be pulled',
    'CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref app:latest: not found',
  ),
  never(
    'init',
    'its secrets cannot be fetched',
    'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed',
  ),
  {
    ...{ name: 'oom', does: 'it runs out of memory: exit code 137', detail: after },
    make: (time) => ({
      fault: {
        ...{ kind: 'exit', exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' },
        afterMs: pauseOf(time),
      },
    }),
  },
  {
    ...{ name: 'spot', does: 'Spot takes its place back: SIGTERM, the end', detail: after },
    make: (time) => ({
      fault: {
        ...{ kind: 'interrupted', stopCode: 'SpotInterruption', reason: 'Your Spot Task was interrupted.' },
        afterMs: pauseOf(time),
      },
      when: { capacity: 'FARGATE_SPOT' },
    }),
  },
  {
    ...{ name: 'maintenance', does: 'AWS retires the host: SIGTERM, the end', detail: after },
    make: (time) => ({
      fault: {
        ...{ kind: 'interrupted', stopCode: 'TerminationNotice' },
        reason: 'ECS is performing maintenance on the underlying infrastructure hosting the task.',
        afterMs: pauseOf(time),
      },
    }),
  },
  {
    name: 'sidecar',
    does: 'another container of it ends, and takes it down',
    detail: { shown: 'N', default: '1', means: 'the exit code of the other', numeric: true },
    make: (code) => ({ fault: { kind: 'sidecar', name: 'sidecar', exitCode: exitCodeOf(code) } }),
  },
  {
    name: 'agent',
    does: 'AWS adds a container of its own; all is well',
    detail: { shown: 'N', default: 'none', means: 'the exit code of that container', numeric: true },
    make: (code) => ({
      fault: {
        ...{ kind: 'injected', name: 'aws-guardduty-agent-xyz' },
        ...(code !== 'none' && { exitCode: exitCodeOf(code) }),
      },
    }),
  },
  {
    name: 'exit',
    does: 'it ends with this exit code, whatever it does',
    detail: { shown: 'N', default: '139', means: '0 to 255', numeric: true },
    make: (code) => ({ fault: { kind: 'exit', exitCode: exitCodeOf(code) } }),
  },
]

const status: Detail = { shown: 'STATUS', default: 'any', means: 'PENDING, RUNNING or STOPPED' }
const whenOf = (text: string): Pick<Ask, 'when'> => {
  const lastStatus = text.toUpperCase()
  if (text === status.default) return {}
  if (['PENDING', 'RUNNING', 'STOPPED'].includes(lastStatus)) return { when: { lastStatus } }
  throw new FaultError(`"${text}" is no status that an event tells of; there are PENDING, RUNNING and STOPPED`)
}
const event = (name: 'event-lost' | 'event-twice' | 'event-swapped', does: string): FaultRow => ({
  ...{ name, does, detail: status },
  make: (text) => ({ fault: { kind: name }, ...whenOf(text) }),
})

export const eventRows: readonly FaultRow[] = [
  event('event-lost', 'an event never comes'),
  event('event-twice', 'an event comes twice, with the same version'),
  event('event-swapped', 'an event comes after the one that follows it'),
  {
    name: 'event-late',
    does: 'an event comes late, and the others do not wait',
    detail: { shown: 'TIME', default: '5s', means: 'how late, as 400ms or 3s' },
    make: (time) => ({ fault: { kind: 'event-late', ms: pauseOf(time) } }),
  },
]
