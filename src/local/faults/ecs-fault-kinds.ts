/** What can be made to go wrong at ECS: with a call, with a task that it started, and with the events that tell of it. */

export const ecsActions = ['RunTask', 'DescribeTasks', 'ListTasks', 'StopTask', 'DescribeTaskDefinition'] as const
export type EcsAction = (typeof ecsActions)[number]

export type CallFault =
  /** 200 with nothing started (or found) and this in `failures[]`: `RESOURCE:ENI`. RunTask and DescribeTasks only. */
  | { readonly kind: 'failure'; readonly reason: string; readonly detail?: string }
  /** An error instead of an answer, before anything is looked at: `ThrottlingException`, 400. */
  | { readonly kind: 'error'; readonly type: string; readonly message: string; readonly status: number }
  /** The connection breaks before anything is looked at. */
  | { readonly kind: 'dropped' }
  /** What was asked for is done, and the connection breaks before the answer. */
  | { readonly kind: 'lost' }
  /** What was asked for is done, and of the answer comes a half, or something that is no JSON; with status 200. */
  | { readonly kind: 'garbled'; readonly how: 'half' | 'not-json' }
  /** What was asked for is done, and the answer comes late. */
  | { readonly kind: 'delay'; readonly ms: number }

export type TaskFault =
  /** STOPPED with `TaskFailedToStart`, without ever having run. */
  | { readonly kind: 'failed-to-start'; readonly reason: string }
  /** The container is killed and ends with this; without an exit code: nobody knows how it ended. */
  | { readonly kind: 'exit'; readonly exitCode?: number; readonly reason?: string; readonly afterMs?: number }
  /** AWS takes the place away: an event says so, the program gets a SIGTERM, and the exit code is what it makes of it. */
  | {
      readonly kind: 'interrupted'
      readonly stopCode: 'SpotInterruption' | 'TerminationNotice'
      readonly reason: string
      readonly afterMs?: number
    }
  /** Another essential container of the task ends and takes it down. */
  | { readonly kind: 'sidecar'; readonly name: string; readonly exitCode: number; readonly afterMs?: number }

/** A container that the task definition does not have, first in the list; nothing goes wrong by itself. */
export interface InjectedFault {
  readonly kind: 'injected'
  readonly name: string
  /** Absent: it never has one. */
  readonly exitCode?: number
}

export type EventFault =
  | { readonly kind: 'event-lost' }
  | { readonly kind: 'event-twice' }
  /** Others do not wait for it. */
  | { readonly kind: 'event-late'; readonly ms: number }
  /** The next event of the task comes first. The last one, STOPPED, has nothing to wait for and comes as usual. */
  | { readonly kind: 'event-swapped' }
