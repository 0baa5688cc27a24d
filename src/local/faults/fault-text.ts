/** What a fault does, as a sentence: when it is injected, and while it is pending. Pure. */
import type { CallFault, EventFault, ExtraContainerFault, TaskFault } from './ecs-fault-kinds.ts'
import type { PendingFault } from './fault-injector.ts'
import type { ClockFault, Fault, FaultContext, QueueFault, SenderFault } from './fault-kinds.ts'

/** One line. It never contains the URL that was called, since Slack's response URLs are secrets. */
export function faultText(fault: Fault, { action = 'RunTask', lastStatus, service = 'other' }: FaultContext): string {
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
      return eventText(fault, lastStatus === undefined ? 'an event' : `the ${lastStatus} event`)
    case 'answer':
    case 'refused':
    case 'unanswered':
    case 'slow':
      return senderText(fault, service === 'other' ? 'the callback host' : service)
    default:
      return otherText(fault)
  }
}

/** The same, with its filter and how often. */
export function pendingFaultText({ fault, filter, remaining }: PendingFault): string {
  const { subnet, capacity, probability } = filter
  const howOften = remaining === Number.POSITIVE_INFINITY ? 'always' : remaining === 1 ? 'once' : `${remaining} times`
  const limits = [
    subnet === undefined ? '' : `in ${subnet}`,
    capacity === undefined ? '' : `on ${capacity}`,
    probability === undefined ? '' : `in ${Math.round(probability * 1000) / 10} % of cases`,
    fault.kind === 'clock' ? '' : howOften,
  ]
  // AWS's reasons are sentences.
  return [faultText(fault, filter).replace(/\.$/, ''), ...limits.filter(Boolean)].join(', ')
}

function callText(fault: CallFault, action: string): string {
  switch (fault.kind) {
    case 'failure':
      return `${action} returns failures[]: ${[fault.reason, fault.detail].filter(Boolean).join(': ')}`
    case 'error':
      return `${action} returns ${fault.status} ${fault.type}: ${fault.message}`
    case 'dropped':
      return `${action}: the connection drops before the call is processed`
    case 'lost':
      return `${action} succeeds, but its response is lost`
    case 'garbled':
      return `${action} succeeds, but its response is ${fault.how === 'half' ? 'cut off' : 'not JSON'}`
    case 'delay':
      return `${action} responds ${durationText(fault.ms)} late`
  }
}

function eventText(fault: EventFault, event: string): string {
  switch (fault.kind) {
    case 'event-lost':
      return `${event} is lost`
    case 'event-twice':
      return `${event} is delivered twice`
    case 'event-late':
      return `${event} is delivered ${durationText(fault.ms)} late`
    case 'event-swapped':
      return `${event} is delivered after the one that follows it`
  }
}

function senderText(fault: SenderFault, service: string): string {
  switch (fault.kind) {
    case 'answer': {
      const { error } = (fault.body ?? {}) as { readonly error?: string }
      return `${service} returns ${fault.status}${error === undefined ? '' : ` ${error}`}`
    }
    case 'refused':
      return `${service} refuses the connection`
    case 'unanswered':
      return `${service} accepts the message, but its response is lost`
    case 'slow':
      return `${service} responds ${durationText(fault.ms)} late`
  }
}

function otherText(fault: TaskFault | ExtraContainerFault | QueueFault | ClockFault): string {
  switch (fault.kind) {
    case 'failed-to-start':
      return `the task fails to start: ${fault.reason}`
    case 'exit':
      return `the container exits with ${fault.exitCode ?? 'no exit code'}${fault.reason === undefined ? '' : `: ${fault.reason}`}`
    case 'interrupted':
      return `the task is interrupted: ${fault.reason}`
    case 'sidecar':
      return `the container ${fault.name} exits with ${fault.exitCode}, which stops the task`
    case 'extra-container':
      return `the container ${fault.name} is added to the task`
    case 'message-twice':
      return 'the queue delivers a message twice'
    case 'clock':
      return `the clock is ${durationText(Math.abs(fault.ms))} ${fault.ms < 0 ? 'behind' : 'ahead'}`
  }
}

const durationText = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${ms / 1000} s`)
