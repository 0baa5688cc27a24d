/** Every fault that this machine can play, and at which kind of moment it strikes. */
import type { CallFault, EcsAction, EventFault, InjectedFault, TaskFault } from './ecs-fault-kinds.ts'

/** What Slack, GitHub or a callback host does to a call of ours. */
export type SenderFault =
  /** It answers this, and takes nothing. */
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: unknown
    }
  /** Nobody listens there. */
  | { readonly kind: 'refused' }
  /** It takes the message, and the connection breaks before its answer. */
  | { readonly kind: 'unanswered' }
  /** It takes the message and answers as usual, but late. */
  | { readonly kind: 'slow'; readonly ms: number }

/** The queue delivers a message once more than it should. */
export interface QueueFault {
  readonly kind: 'message-twice'
}

/** The handlers' clock is that far off, until it is taken back. */
export interface ClockFault {
  readonly kind: 'clock'
  readonly ms: number
}

export type Fault = CallFault | TaskFault | InjectedFault | EventFault | SenderFault | QueueFault | ClockFault

/** A moment takes one fault at most: a call can be lost, and the task that it started run out of memory. */
export const momentOf = {
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
  injected: 'containers',
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

export type Moment = (typeof momentOf)[Fault['kind']]
export type FaultAt<M extends Moment> = Extract<
  Fault,
  { readonly kind: { [K in Fault['kind']]: (typeof momentOf)[K] extends M ? K : never }[Fault['kind']] }
>

/** What is asked for, each of which must fit; what a moment does not have does not fit. */
export interface When {
  /** Calls of ECS. Default: RunTask. */
  readonly action?: EcsAction
  /** Calls and tasks that name this subnet, alone or among others. */
  readonly subnet?: string
  /** Calls and tasks that ask for this capacity: FARGATE, FARGATE_SPOT. */
  readonly capacity?: string
  /** Events with this `lastStatus`. */
  readonly lastStatus?: string
  readonly service?: 'slack' | 'github' | 'other'
  /** A part of the address that is called. */
  readonly url?: string
  /** From 0 to 1. With it, and with no number of times, a fault stays until it is taken back. */
  readonly probability?: number
}

/** What there is to fit: the same words, as they are at that moment. */
export interface Circumstances {
  readonly action?: EcsAction
  readonly subnets?: readonly string[]
  readonly capacity?: string
  readonly lastStatus?: string
  readonly service?: 'slack' | 'github' | 'other'
  readonly url?: string
}
