/** Every fault that can be injected on this machine, where it is injected, and how it is filtered. */
import type { CallFault, EcsAction, EventFault, ExtraContainerFault, TaskFault } from './ecs-fault-kinds.ts'

/** `other` is a callback host. */
export type SenderService = 'slack' | 'github' | 'other'

/** What Slack, GitHub or a callback host does when taskhook calls it. */
export type SenderFault =
  /** It returns this error and does not process the request. */
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: unknown
    }
  /** It refuses the connection. */
  | { readonly kind: 'refused' }
  /** It processes the request, and the connection drops before its response. */
  | { readonly kind: 'unanswered' }
  /** It processes the request and responds as usual, but `ms` milliseconds late. */
  | { readonly kind: 'slow'; readonly ms: number }

/** The queue delivers a message twice. */
export interface QueueFault {
  readonly kind: 'message-twice'
}

/** The handlers' clock is wrong by `ms` milliseconds until the fault is removed. */
export interface ClockFault {
  readonly kind: 'clock'
  readonly ms: number
}

export type Fault = CallFault | TaskFault | ExtraContainerFault | EventFault | SenderFault | QueueFault | ClockFault

/** Each injection point takes at most one fault: a response can be lost, and the task that was started run out of memory. */
export const injectionPointOf = {
  failure: 'call',
  error: 'call',
  dropped: 'call',
  lost: 'call',
  garbled: 'call',
  delay: 'call',
  'failed-to-start': 'task',
  exit: 'task',
  interrupted: 'task',
  sidecar: 'task',
  'extra-container': 'containers',
  'event-lost': 'event',
  'event-twice': 'event',
  'event-late': 'event',
  'event-swapped': 'event',
  answer: 'sender',
  refused: 'sender',
  unanswered: 'sender',
  slow: 'sender',
  'message-twice': 'message',
  clock: 'clock',
} as const satisfies Record<Fault['kind'], string>

export type InjectionPoint = (typeof injectionPointOf)[Fault['kind']]
export type FaultAt<P extends InjectionPoint> = Extract<
  Fault,
  { readonly kind: { [K in Fault['kind']]: (typeof injectionPointOf)[K] extends P ? K : never }[Fault['kind']] }
>

/** Every condition that is set must match. A condition on something that the injection point does not have never matches. */
export interface FaultFilter {
  /** Calls of ECS. Default: RunTask. */
  readonly action?: EcsAction
  /** Calls and tasks that name this subnet, alone or among others. */
  readonly subnet?: string
  /** Calls and tasks that ask for this capacity: FARGATE, FARGATE_SPOT. */
  readonly capacity?: string
  /** Events with this `lastStatus`. */
  readonly lastStatus?: string
  readonly service?: SenderService
  /** A part of the URL that is called. */
  readonly url?: string
  /** From 0 to 1. A fault with a probability and no number of times stays until it is removed. */
  readonly probability?: number
}

/** What the filter is compared with: the call, task, event or request at the injection point. */
export interface FaultContext {
  readonly action?: EcsAction
  readonly subnets?: readonly string[]
  readonly capacity?: string
  readonly lastStatus?: string
  readonly service?: SenderService
  readonly url?: string
}
