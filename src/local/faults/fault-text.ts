/** What a fault does, in words: when it strikes, and while it waits. */
import type { CallFault, EventFault, InjectedFault, TaskFault } from './ecs-fault-kinds.ts'
import type { Waiting } from './fault-injector.ts'
import type { Circumstances, ClockFault, Fault, QueueFault, SenderFault } from './fault-kinds.ts'

/** One line; never the address that was called, since Slack's are secrets. */
export function strikeText(fault: Fault, { action = 'RunTask', lastStatus, service = 'other' }: Circumstances): string {
  switch (fault.kind) {
    case 'failure':
    case 'error':
    case 'dropped':
    case 'lost':
    case 'garbled':
    case 'delay':
      return callText(fault, action)
    case 'event-lost':
    case 'event-twice':
    case 'event-late':
    case 'event-swapped':
      return eventText(fault, lastStatus === undefined ? 'an event' : `the event ${lastStatus}`)
    case 'answer':
    case 'refused':
    case 'unanswered':
    case 'slow':
      return senderText(fault, service === 'other' ? 'the host' : service)
    default:
      return otherText(fault)
  }
}

/** With how often, and where. */
export function waitingText({ fault, when, left }: Waiting): string {
  const { subnet, capacity, probability } = when
  const often = left === Number.POSITIVE_INFINITY ? 'always' : left === 1 ? 'once' : `${left} times`
  const limits = [
    subnet === undefined ? '' : `in ${subnet}`,
    capacity === undefined ? '' : `for ${capacity}`,
    probability === undefined ? '' : `in ${Math.round(probability * 1000) / 10} % of cases`,
    fault.kind === 'clock' ? '' : often,
  ]
  return [strikeText(fault, when), ...limits.filter(Boolean)].join(', ')
}

function callText(fault: CallFault, action: string): string {
  switch (fault.kind) {
    case 'failure':
      return `${action} answers failures[]: ${[fault.reason, fault.detail].filter(Boolean).join(': ')}`
    case 'error':
      return `${action} answers ${fault.status} ${fault.type}: ${fault.message}`
    case 'dropped':
      return `${action}: the connection breaks before anything is done`
    case 'lost':
      return `${action} is done, and its answer lost`
    case 'garbled':
      return `${action} is done, and its answer ${fault.how === 'half' ? 'breaks off' : 'is no JSON'}`
    case 'delay':
      return `${action} answers ${seconds(fault.ms)} late`
  }
}

function eventText(fault: EventFault, event: string): string {
  switch (fault.kind) {
    case 'event-lost':
      return `${event} is lost`
    case 'event-twice':
      return `${event} comes twice`
    case 'event-late':
      return `${event} comes ${seconds(fault.ms)} late`
    case 'event-swapped':
      return `${event} comes after the one that follows it`
  }
}

function senderText(fault: SenderFault, who: string): string {
  switch (fault.kind) {
    case 'answer': {
      const { error } = (fault.body ?? {}) as { readonly error?: string }
      return `${who} answers ${fault.status}${error === undefined ? '' : ` ${error}`}`
    }
    case 'refused':
      return `${who} refuses the connection`
    case 'unanswered':
      return `${who} takes the message, and its answer is lost`
    case 'slow':
      return `${who} answers ${seconds(fault.ms)} late`
  }
}

function otherText(fault: TaskFault | InjectedFault | QueueFault | ClockFault): string {
  switch (fault.kind) {
    case 'failed-to-start':
      return `the task will not start: ${fault.reason}`
    case 'exit':
      return `the task will end with ${fault.exitCode ?? 'no exit code'}${fault.reason === undefined ? '' : `: ${fault.reason}`}`
    case 'interrupted':
      return `the task will be interrupted: ${fault.reason}`
    case 'sidecar':
      return `the container ${fault.name} will end with ${fault.exitCode}, and the task with it`
    case 'injected':
      return `the container ${fault.name} is put into the task`
    case 'message-twice':
      return 'the queue delivers a message twice'
    case 'clock':
      return `the clock is ${seconds(Math.abs(fault.ms))} ${fault.ms < 0 ? 'behind' : 'ahead'}`
  }
}

const seconds = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${ms / 1000} s`)
