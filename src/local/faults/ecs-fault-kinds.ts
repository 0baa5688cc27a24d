/** The faults that local ECS can inject: into an API call, into a task, and into the delivery of its events. */

/** The API calls that taskhook makes, and that local ECS answers. */
export const ecsActions = ['RunTask', 'DescribeTasks', 'ListTasks', 'StopTask', 'DescribeTaskDefinition'] as const
export type EcsAction = (typeof ecsActions)[number]

export type CallFault =
  /** Status 200, nothing started or found, and this reason in `failures[]`. RunTask and DescribeTasks only. */
  | { readonly kind: 'failure'; readonly reason: string; readonly detail?: string }
  /** An error response, before the call is processed: `ThrottlingException`, 400. */
  | { readonly kind: 'error'; readonly type: string; readonly message: string; readonly status: number }
  /** The connection drops before the call is processed. */
  | { readonly kind: 'dropped' }
  /** The call is processed, and the connection drops before the response. */
  | { readonly kind: 'lost' }
  /** The call is processed, and the response has status 200, but half a body or one that is not JSON. */
  | { readonly kind: 'garbled'; readonly how: 'half' | 'not-json' }
  /** The call is processed, and the response comes `ms` milliseconds late. */
  | { readonly kind: 'delay'; readonly ms: number }

export type TaskFault =
  /** STOPPED with `TaskFailedToStart`; the task never runs. */
  | { readonly kind: 'failed-to-start'; readonly reason: string }
  /** The container is killed and gets this exit code. Without an exit code, ECS does not know how it ended. */
  | { readonly kind: 'exit'; readonly exitCode?: number; readonly reason?: string; readonly afterMs?: number }
  /** AWS reclaims the capacity: an event announces it, and the program gets a SIGTERM and chooses its exit code. */
  | {
      readonly kind: 'interrupted'
      readonly stopCode: 'SpotInterruption' | 'TerminationNotice'
      readonly reason: string
      readonly afterMs?: number
    }
  /** Another essential container exits, which stops the task. */
  | { readonly kind: 'sidecar'; readonly name: string; readonly exitCode: number; readonly afterMs?: number }

/** AWS adds a container that is not in the task definition, first in the list. Nothing fails. */
export interface ExtraContainerFault {
  readonly kind: 'extra-container'
  readonly name: string
  /** Absent: the container never gets one. */
  readonly exitCode?: number
}

export type EventFault =
  | { readonly kind: 'event-lost' }
  | { readonly kind: 'event-twice' }
  /** Later events do not wait for it. */
  | { readonly kind: 'event-late'; readonly ms: number }
  /** The next event of the task is delivered first. STOPPED is the last event, so it is delivered as usual. */
  | { readonly kind: 'event-swapped' }
